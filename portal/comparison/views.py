"""``/compare``: two to four listings beside each other, named by the address alone."""

from flask import Blueprint, render_template, request

from portal.comparison import choice, presenters
from portal.comparison.pairs import pairs
from portal.extensions import absolute, current_vocabulary, db_session, resources, today
from portal.listings import sharing
from portal.listings.outlines import Outline
from portal.search.related import related

blueprint = Blueprint("comparison", __name__)


@blueprint.get("/compare")
def show() -> str:
    """The table, or how to come to one."""
    session, vocabulary = db_session(), current_vocabulary()
    chosen = choice.choose(session, request.args.getlist("id"))
    page = presenters.page(
        chosen,
        pairs(session, chosen.listings),
        _near(chosen),
        is_only_differences=request.args.get(presenters.ONLY_DIFFERENCES) == "1",
        today=today(),
        vocabulary=vocabulary,
    )
    url = absolute(page.address)
    share = sharing.sharing_of(page.name, url, calendar=None)
    return render_template(
        "comparison/show.html", page=page, share=share, code=sharing.qr_data(url)
    )


def _near(chosen: choice.Choice) -> list[Outline]:
    """What is like the first of them, while there is room."""
    if not chosen.listings or len(chosen.listings) == choice.MOST:
        return []
    return related(
        db_session(),
        resources().index,
        chosen.listings[0],
        without=set(chosen.ids),
        today=today(),
    )
