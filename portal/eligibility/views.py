"""``/check``: one question a page, then the result. The address holds the answers, and nothing else
does: no row, no cookie, no log, no page that is linked from here."""

from flask import Blueprint, Response, render_template, request

from portal.consultation import presenters as consultation_presenters
from portal.eligibility import parameters, services
from portal.eligibility.conditions import Setting
from portal.eligibility.question_presenters import question_page
from portal.eligibility.result_presenters import result_page
from portal.extensions import (
    consultation_desks,
    current_vocabulary,
    db_session,
    resources,
    today,
)

blueprint = Blueprint("eligibility", __name__)


@blueprint.get("/check")
def check() -> str:
    """The next question, or what the answers say."""
    vocabulary = current_vocabulary()
    asked = parameters.parse(request.args, vocabulary)
    setting = Setting(vocabulary.tree, today())
    listings = resources().prepared_listings.current(db_session(), setting.today)
    one = services.find(listings, asked) if asked.listing else None
    if asked.listing and one is None:
        asked = asked.about_all(parameters.GONE)
    found = services.check(listings, asked, setting)
    question = asked.ask or next(iter(found.questions), None)
    if question is not None and not asked.wants_result:
        page = question_page(question, asked, found, vocabulary)
        about = one.listing.title if one else None
        return render_template("eligibility/question.html", page=page, about=about)
    desks = services.desks_for(consultation_desks(), asked.answers, setting, about=one)
    return render_template(
        "eligibility/result.html",
        page=result_page(asked, found, setting.today, vocabulary),
        desks=consultation_presenters.rows(desks, vocabulary),
    )


@blueprint.after_request
def _keep_secret(response: Response) -> Response:
    """Whatever is answered to an address with answers, errors too."""
    response.headers["Cache-Control"] = "no-store"
    # The site alone: with nothing, browsers would not tell our own forms from those of others.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
