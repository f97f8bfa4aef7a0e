"""What is pressed on the page of a listing, as its script tells it."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from portal import view_counting
from portal.errors import NotFoundError
from portal.extensions import db_session
from portal.identity import identity
from portal.listings import queries
from portal.listings.models import listing_id_of
from portal.pageviews.kinds import ClickKind

blueprint = Blueprint("listing_clicks", __name__)


@blueprint.post("/listings/<public_id>/clicks")
def record(public_id: str) -> Response:
    """Count that a link was followed: to apply, to ask, or to the agency's own page."""
    listing_id = listing_id_of(public_id) or 0
    if not queries.published_among(db_session(), [listing_id]):
        raise NotFoundError(public_id)
    kind = request.form.get("kind", "")
    if kind not in list(ClickKind):
        abort(422)
    # Looks up who asks, by which clicks of staff are told apart.
    identity()
    view_counting.record_click(listing_id, ClickKind(kind))
    return Response(status=204)
