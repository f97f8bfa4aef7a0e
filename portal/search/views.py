"""The search page."""

from flask import Blueprint, Response, make_response, render_template, request

from portal import view_counting
from portal.agencies import queries as agency_queries
from portal.consultation.beside import Beside, beside
from portal.consultation.desks import wanted_in
from portal.extensions import consultation_desks, current_vocabulary, db_session, find, today
from portal.search import addresses, presenters
from portal.search.params import SearchParams, parse

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def search() -> Response:
    """Results with facets. The whole page each time; htmx takes out the parts that change."""
    vocabulary = current_vocabulary()
    agency_names = agency_queries.known_codes(db_session())
    params = parse(request.args, vocabulary=vocabulary, agency_codes=agency_names)
    found = find(params)
    if not found.is_degraded:
        view_counting.note_search(params, found.results.total)
    page = presenters.results_page(
        found, today=today(), vocabulary=vocabulary, agency_names=agency_names
    )
    desks = _desks(params) if page.empty else None
    response = make_response(render_template("search/results.html", page=page, desks=desks))
    # The address bar gets the short form of what the form sent.
    response.headers["HX-Push-Url"] = addresses.of_params(params)
    return response


def _desks(params: SearchParams) -> Beside:
    """Whom to ring where nothing is found."""
    vocabulary = current_vocabulary()
    wanted = wanted_in(
        params.choices.get("region", ()),
        vocabulary.tree,
        purposes=params.choices.get("purpose", ()),
    )
    return beside(consultation_desks(), wanted, vocabulary)
