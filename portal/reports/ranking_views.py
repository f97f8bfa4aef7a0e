"""The public page of what is viewed most."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from portal.extensions import current_vocabulary, db_session, resources, today
from portal.reports.ranking_presenters import Reader, ranking_page

blueprint = Blueprint("ranking", __name__)


@blueprint.get("/ranking")
def show() -> Response:
    """アクセス上位 of a fiscal year. A year that there is nothing of is no page, but says which
    there are."""
    held = resources()
    page = ranking_page(
        Reader(db_session(), current_vocabulary(), today()),
        held.rankings,
        request.args.get("fiscal_year", "").strip(),
        now=held.clock.now(),
    )
    response = make_response(render_template("reports/ranking.html", page=page))
    response.status_code = 404 if page.problem else 200
    return response
