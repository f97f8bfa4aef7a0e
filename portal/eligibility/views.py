"""``/check``: one question a page, then the result. The address holds the answers, and nothing else
does: no row, no cookie, no log, no page that is linked from here."""

from flask import Blueprint, Response, render_template, request

from portal.eligibility import parameters, services
from portal.eligibility.conditions import Setting
from portal.eligibility.question_presenters import question_page
from portal.eligibility.result_presenters import result_page
from portal.extensions import current_vocabulary, db_session, resources, today
from portal.messages import consultation

blueprint = Blueprint("eligibility", __name__)


@blueprint.get("/check")
def check() -> str:
    """The next question, or what the answers say."""
    vocabulary = current_vocabulary()
    asked = parameters.parse(request.args, vocabulary)
    setting = Setting(vocabulary.tree, today())
    listings = resources().prepared_listings.current(db_session(), setting.today)
    found = services.check(listings, asked, setting)
    question = asked.ask or next(iter(found.questions), None)
    if question is not None and not asked.wants_result:
        page = question_page(question, asked, found, vocabulary)
        return render_template("eligibility/question.html", page=page)
    desks = services.desks_for(listings, asked.answers, setting)
    return render_template(
        "eligibility/result.html",
        page=result_page(asked, found, setting.today, vocabulary),
        desks=consultation.desks(desks, today=setting.today, vocabulary=vocabulary),
    )


@blueprint.after_request
def _keep_secret(response: Response) -> Response:
    """Whatever is answered to an address with answers, errors too."""
    response.headers["Cache-Control"] = "no-store"
    # The site alone: with nothing, browsers would not tell our own forms from those of others.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
