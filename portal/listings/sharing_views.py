"""The address of a listing as a drawing."""

from flask import Blueprint, Response, url_for

from portal.extensions import absolute, db_session
from portal.listings import queries, sharing

blueprint = Blueprint("listing_sharing", __name__)


@blueprint.get("/listings/<public_id>/qr.svg")
def qr_code(public_id: str) -> Response:
    """A QR code that leads to a published listing."""
    listing = queries.get_public(db_session(), public_id)
    url = absolute(url_for("listings.show", public_id=listing.public_id))
    return Response(sharing.qr_svg(url), mimetype="image/svg+xml")
