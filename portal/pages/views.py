"""The home page and the plain pages."""

from flask import Blueprint, render_template, url_for
from werkzeug.datastructures import MultiDict

from portal.extensions import absolute, current_vocabulary, db_session, find, resources, today
from portal.pages import presenters, structured_data
from portal.pageviews import definitions
from portal.reports import ranking_presenters
from portal.reports.ranking_presenters import MostViewed, Reader
from portal.search.params import parse
from portal.search.services import Found

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """The ways in: words, a few choices, what closes soon, what is new."""
    page = presenters.home_page(
        _run(per_page="10"),
        _run(status="closing", sort="deadline", per_page="10"),
        _most_viewed(),
        today=today(),
        vocabulary=current_vocabulary(),
    )
    site = structured_data.of_site(
        resources().shipped_vocabulary.portal_name,
        home_url=absolute(url_for("pages.home")),
        search_url=absolute(url_for("search.search")),
    )
    return render_template(
        "pages/home.html", page=page, search_url=url_for("search.search"), structured_data=site
    )


@blueprint.get("/about")
def about() -> str:
    """What the portal is, what its data are, and how it counts page views."""
    return render_template("pages/about.html", definitions=definitions)


@blueprint.get("/help")
def help_() -> str:
    """How to search, and what the words on the pages mean."""
    return render_template("pages/help.html")


@blueprint.get("/help/staff")
def help_staff() -> str:
    """How to write a listing and keep it current, for those who write."""
    return render_template("pages/help_staff.html")


@blueprint.get("/help/approvers")
def help_approvers() -> str:
    """How to approve, publish and answer, for approvers and the prefecture."""
    return render_template("pages/help_approvers.html")


@blueprint.get("/terms")
def terms() -> str:
    """Terms of use."""
    return render_template("pages/terms.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """What is recorded of a visit, and what is not."""
    return render_template("pages/privacy.html", definitions=definitions)


@blueprint.get("/accessibility")
def accessibility() -> str:
    """The accessibility policy."""
    return render_template("pages/accessibility.html")


def _most_viewed() -> MostViewed | None:
    held, most = resources(), presenters.MOST_VIEWED_SHOWN
    lately = held.rankings.lately(db_session(), today=today(), now=held.clock.now(), wanted=most)
    reader = Reader(db_session(), current_vocabulary(), today())
    return ranking_presenters.most_viewed(reader, lately, most=most)


def _run(**query: str) -> Found:
    """A search as its address would say it."""
    return find(parse(MultiDict(query), vocabulary=current_vocabulary(), agency_codes=()))
