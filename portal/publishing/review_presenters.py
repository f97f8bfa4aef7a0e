"""What waits to be approved, and what was published just now and can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.errors import FieldProblem
from portal.formats import near_moment
from portal.listings.models import ListingVersion
from portal.publishing.act_models import ListingAct
from portal.publishing.desk_presenters import name_of
from portal.publishing.desk_queries import DeskListing
from portal.publishing.version_presenters import Teller

_CHANGES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A listing that waits. ``changes`` are those from the public version, as many as are shown;
    none of one that the public has never seen."""

    id: str
    title: str
    agency_name: str
    submitted: str
    is_new: bool
    changes: tuple[str, ...]
    changes_left: int
    missing: tuple[str, ...]
    chosen: str
    """What names it, and the version that is shown, in the form."""


def waiting_rows(
    found: Sequence[DeskListing],
    *,
    submissions: Mapping[int, ListingAct],
    versions: Mapping[int, ListingVersion],
    lacking: Mapping[int, Sequence[FieldProblem]],
    names: Mapping[int, str],
    teller: Teller,
) -> tuple[WaitingRow, ...]:
    """Listings that wait, in the same order.

    :param submissions: who asked last, by row id of the listing.
    :param versions: their newest and their public versions as a whole, by row id.
    :param lacking: what keeps each newest version from the public, by its row id.
    """
    return tuple(
        _waiting_row(
            row,
            submissions.get(row.listing.id),
            versions,
            tuple(problem.message for problem in lacking[row.newest.id]),
            names,
            teller,
        )
        for row in found
    )


def _waiting_row(
    row: DeskListing,
    submission: ListingAct | None,
    versions: Mapping[int, ListingVersion],
    missing: tuple[str, ...],
    names: Mapping[int, str],
    teller: Teller,
) -> WaitingRow:
    listing, newest = row.listing, versions[row.newest.id]
    shown = versions.get(listing.public_version_id or 0)
    changes = [found.in_words() for found in teller.between(shown, newest)] if shown else []
    return WaitingRow(
        id=listing.public_id,
        title=newest.title,
        agency_name=listing.agency.name,
        submitted=_submitted(submission, names, teller.today),
        is_new=shown is None,
        changes=tuple(changes[:_CHANGES_SHOWN]),
        changes_left=max(0, len(changes) - _CHANGES_SHOWN),
        missing=missing,
        chosen=f"{listing.public_id}:{newest.number}",
    )


def people(rows: Sequence[DeskListing], submissions: Mapping[int, ListingAct]) -> set[int]:
    """The numbers of those whom the list speaks of."""
    acts = (submissions.get(row.listing.id) for row in rows)
    return {act.actor_id for act in acts if act and act.actor_id is not None}


def _submitted(act: ListingAct | None, names: Mapping[int, str], today: date) -> str:
    return f"{near_moment(act.at, today)} {name_of(act.actor_id, names)}" if act else ""
