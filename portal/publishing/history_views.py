"""What changed in a listing, for everybody: published versions alone, and nobody's name."""

from flask import Blueprint, render_template

from portal import view_counting
from portal.agencies import queries as agency_queries
from portal.extensions import current_vocabulary, db_session, today
from portal.listings import queries, relation_queries
from portal.listings.models import public_version
from portal.publishing import history, version_presenters
from portal.publishing.version_presenters import Teller

blueprint = Blueprint("listing_history", __name__)


@blueprint.get("/listings/<public_id>/history")
def show(public_id: str) -> str:
    """The changes of a published listing, the last first."""
    session = db_session()
    listing = queries.get_public(session, public_id)
    view_counting.note_listing(listing.id, public_version(listing).id)
    publications = history.list_publications(session, listing)
    versions = [publication.version for publication in publications]
    teller = Teller(
        current_vocabulary(),
        agency_queries.known_codes(session),
        relation_queries.titles_in_public(session, versions),
        today(),
    )
    return render_template(
        "publishing/history.html",
        id=listing.public_id,
        title=public_version(listing).title,
        changes=version_presenters.public_changes(publications, teller),
    )
