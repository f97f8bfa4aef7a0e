"""``/consultation``: three questions, then whom to ring, with what, and what comes then."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from portal import access
from portal.consultation import flow, presenters
from portal.extensions import consultation_desks, current_vocabulary, resources

blueprint = Blueprint("consultation", __name__)


@blueprint.get("/consultation")
def show() -> Response:
    """The next question, or the desks."""
    vocabulary = current_vocabulary()
    asked = flow.parse(request.args, vocabulary)
    stage, step = asked.stage, asked.next_step
    if stage is None or step is not None:
        page = presenters.step_page(step or flow.Step.STAGE, asked, vocabulary)
        return _answer(render_template("consultation/step.html", page=page), asked)
    way = presenters.way_page(
        asked,
        stage,
        consultation_desks(),
        known_as=resources().desk_table.known_as,
        vocabulary=vocabulary,
    )
    return _answer(render_template("consultation/way.html", page=way), asked)


def _answer(page: str, asked: flow.Asked) -> Response:
    response = make_response(page)
    # The addresses hold what somebody said of themselves, and desks are on other sites.
    return access.keep_link_private(response) if asked.pairs else response
