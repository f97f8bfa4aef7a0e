"""Which versions of a listing the public saw, and from when on: what its public history tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.listings.models import Listing, ListingVersion
from portal.publishing import undoing, version_queries
from portal.publishing.acts import Act


@dataclass(frozen=True, slots=True)
class Publication:
    """A version that became public at some time."""

    version: ListingVersion
    at: datetime


def list_publications(session: Session, listing: Listing) -> Sequence[Publication]:
    """What the public has seen of a listing that is or was published, in order of time.

    Acts tell. What was loaded without one, from a file or as a sample, begins the history with the
    version that the first act replaced. Publications that were taken back at once are left out.
    """
    acts = undoing.in_force(undoing.list_acts(session, listing.id))
    published = [act for act in acts if act.act == Act.PUBLISH]
    ids = {act.version_id for act in published} | {act.replaced_version_id for act in published}
    ids.add(listing.public_version_id)
    versions = version_queries.versions_by_id(session, [id_ for id_ in ids if id_ is not None])
    found: list[Publication] = []
    for act in published:
        _add_unrecorded(found, listing, versions.get(act.replaced_version_id or 0))
        _add(found, versions[act.version_id], act.at)
    _add_unrecorded(found, listing, versions.get(listing.public_version_id or 0))
    return found


def _add_unrecorded(
    found: list[Publication], listing: Listing, version: ListingVersion | None
) -> None:
    """A version that the public saw though no act tells how it came there."""
    if version is not None and (not found or found[-1].version.id != version.id):
        began = listing.published_at if not found else None
        _add(found, version, began or version.created_at)


def _add(found: list[Publication], version: ListingVersion, at: datetime) -> None:
    if not found or found[-1].version.id != version.id:
        found.append(Publication(version, at))
