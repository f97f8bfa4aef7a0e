"""Listings that are related to another one, in the groups in which its page tells of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.listings import relation_queries, title_queries, wording
from portal.listings.date_state import status_on
from portal.listings.models import Listing
from portal.listings.presenters import Badge, badge
from portal.listings.relation_kinds import EARLIER, LATER, RelationKind
from portal.listings.relation_queries import Shown
from portal.listings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A listing beside the one whose page it is; ``note`` says how they belong together."""

    kind: str
    id: str
    title: str
    agency_name: str
    note: str
    status: Badge
    deadline: str


@dataclass(frozen=True, slots=True)
class Relations:
    """All that a page tells of other listings."""

    together: tuple[RelationRow, ...] = ()
    apart: tuple[RelationRow, ...] = ()
    later: tuple[RelationRow, ...] = ()
    earlier: tuple[RelationRow, ...] = ()


_TOGETHER = (RelationKind.COMBINABLE, RelationKind.TOPS_UP, RelationKind.TOPPED_UP_BY)


def relations(shown: Sequence[Shown], *, today: date, vocabulary: Vocabulary) -> Relations:
    """The groups, in the order in which they are shown."""

    def rows(kinds: Iterable[RelationKind]) -> tuple[RelationRow, ...]:
        wanted = frozenset(kinds)
        return tuple(_row(row, today, vocabulary) for row in shown if row.kind in wanted)

    return Relations(
        together=rows(_TOGETHER),
        apart=rows([RelationKind.EXCLUSIVE]),
        later=rows(LATER),
        earlier=rows(EARLIER),
    )


def told_of_it(session: Session, listing: Listing) -> tuple[str, ...]:
    """What other listings say of one, from its side and with whose they are, as far as its agency
    knows. It may be one that is not there yet."""
    if not listing.versions:
        return ()
    own = listing.agency_id
    said = relation_queries.said_at_desk(session, [listing.id], agency_id=own)
    speakers = {statement.listing_id for statement in said}
    known = title_queries.known_titles(session, speakers, agency_id=own)
    told = []
    for statement in said:
        speaker = known[statement.listing_id]
        theirs = statement.from_other_side.kind.told(speaker.title)
        told.append(f"{theirs}（{speaker.agency_name}、{speaker.public_id}）")
    return tuple(told)


def _row(shown: Shown, today: date, vocabulary: Vocabulary) -> RelationRow:
    other = shown.other
    status = status_on(other, today)
    return RelationRow(
        kind=shown.kind.value,
        id=other.public_id,
        title=other.title,
        agency_name=other.agency_name,
        note=shown.kind.note,
        status=badge(status, vocabulary),
        deadline=wording.deadline(other, status, today),
    )
