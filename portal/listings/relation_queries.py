"""Reads of relations between listings, each said by a version of one of the two."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.listings import outline_queries, title_queries
from portal.listings.models import Listing, ListingState, ListingVersion, public_id_of
from portal.listings.outlines import Outline
from portal.listings.relation_kinds import LATER, RelationKind, settled
from portal.listings.relation_models import VersionRelation

_ONCE_PUBLIC = (ListingState.PUBLISHED, ListingState.WITHDRAWN, ListingState.ARCHIVED)
_MOST_STEPS = 30
"""How many listings that took each other's place are followed to the one that is public."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one listing says of another, by their row ids."""

    listing_id: int
    kind: RelationKind
    other_id: int

    @property
    def from_other_side(self) -> "Statement":
        """The same, as the other would say it."""
        return Statement(self.other_id, self.kind.inverse, self.listing_id)


@dataclass(frozen=True, slots=True)
class Shown:
    """A published listing beside the one it is shown with; ``kind`` is from that one's side."""

    kind: RelationKind
    other: Outline


def list_shown(session: Session, version: ListingVersion) -> list[Shown]:
    """What the public sees of the relations of a listing that says what a version says: what the
    version says of others and what others say of the listing, as far as they are published."""
    this = version.listing_id
    said: defaultdict[int, list[RelationKind]] = defaultdict(list)
    for row in version.relation_rows:
        said[row.other_id].append(RelationKind(row.kind))
    for statement in said_in_public(session, [this]):
        theirs = statement.from_other_side
        said[theirs.other_id].append(theirs.kind)
    ids = [public_id_of(other_id) for other_id in said]
    found = outline_queries.published_by_public_ids(session, ids)
    shown = [Shown(kind, other) for other in found for kind in settled(said[other.listing_id])]
    order = list(RelationKind)
    return sorted(shown, key=lambda row: order.index(row.kind))


def said_in_public(session: Session, about: Collection[int]) -> list[Statement]:
    """What published listings say of some listings."""
    is_about = VersionRelation.other_id.in_(about)
    return _statements(session, _by_public().where(is_about, _is_published()))


def said_at_desk(session: Session, about: Collection[int], *, agency_id: int) -> list[Statement]:
    """What listings say of some listings, as far as an agency knows: its own with their newest
    version, those of others in public."""
    is_about = VersionRelation.other_id.in_(about)
    others = _by_public().where(is_about, _is_published(), Listing.agency_id != agency_id)
    own = _by_newest().where(is_about, Listing.agency_id == agency_id)
    return _statements(session, others) + _statements(session, own)


def followers(
    session: Session, ids: Collection[int], *, agency_id: int | None = None
) -> list[Statement]:
    """What came after each of some listings, said by either side of those that are or were public.

    :param agency_id: whose listings speak with their newest version; None for none.
    """
    later, earlier = list(LATER), [kind.inverse for kind in LATER]
    about_them = or_(
        VersionRelation.listing_id.in_(ids) & VersionRelation.kind.in_(later),
        VersionRelation.other_id.in_(ids) & VersionRelation.kind.in_(earlier),
    )
    public = _by_public().where(about_them, Listing.state.in_(_ONCE_PUBLIC))
    if agency_id is None:
        found = _statements(session, public)
    else:
        own = _by_newest().where(about_them, Listing.agency_id == agency_id)
        found = _statements(session, public.where(Listing.agency_id != agency_id))
        found += _statements(session, own)
    return [said if said.kind in LATER else said.from_other_side for said in found]


def find_successor(session: Session, listing_id: int) -> tuple[int, str] | None:
    """The published listing that took the place of one that is not public any more, perhaps
    through others, with its title; None if there is none, or none is known."""
    seen, step = {listing_id}, [listing_id]
    for _ in range(_MOST_STEPS):
        ahead = [said.other_id for said in followers(session, step) if said.other_id not in seen]
        if not ahead:
            return None
        shown = published_titles(session, ahead)
        if shown:
            # Of several the newest.
            return max(shown.items())
        seen.update(ahead)
        step = ahead
    return None


def published_titles(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The titles of those of some listings that are published, by row id."""
    wanted = (
        select(Listing.id, ListingVersion.title)
        .join(Listing.public_version)
        .where(Listing.id.in_(ids), _is_published())
    )
    return dict(session.execute(wanted).all()) if ids else {}


def titles_in_public(session: Session, versions: Iterable[ListingVersion]) -> dict[str, str]:
    """The titles of the published listings that some versions speak of, by public id."""
    found = published_titles(session, ids_named_by(versions))
    return {public_id_of(listing_id): title for listing_id, title in found.items()}


def titles_at_desk(session: Session, versions: Iterable[ListingVersion]) -> dict[str, str]:
    """The titles of the listings that some versions speak of, as far as the agency of each version
    knows them."""
    by_agency: defaultdict[int, list[ListingVersion]] = defaultdict(list)
    for version in versions:
        if version.relation_rows:
            by_agency[version.listing.agency_id].append(version)
    titles: dict[str, str] = {}
    for agency_id, speaking in by_agency.items():
        known = title_queries.known_titles(session, ids_named_by(speaking), agency_id=agency_id)
        titles |= {row.public_id: row.title for row in known.values()}
    return titles


def ids_named_by(versions: Iterable[ListingVersion]) -> set[int]:
    """The row ids of the listings that some versions speak of."""
    return {row.other_id for version in versions for row in version.relation_rows}


def _by_public() -> Select[int, str, int]:
    """What is said in the public versions of listings."""
    return _said().join(Listing, Listing.public_version_id == VersionRelation.version_id)


def _by_newest() -> Select[int, str, int]:
    """What is said in the newest versions of listings that are not put away."""
    other = aliased(ListingVersion)
    newest = (
        select(func.max(other.id)).where(other.listing_id == VersionRelation.listing_id)
    ).scalar_subquery()
    return (
        _said()
        .join(Listing, Listing.id == VersionRelation.listing_id)
        .where(VersionRelation.version_id == newest, Listing.state != ListingState.ARCHIVED)
    )


def _said() -> Select[int, str, int]:
    return select(VersionRelation.listing_id, VersionRelation.kind, VersionRelation.other_id)


def _is_published() -> ColumnElement[bool]:
    return Listing.state == ListingState.PUBLISHED


def _statements(session: Session, wanted: Select[int, str, int]) -> list[Statement]:
    rows: Sequence[tuple[int, str, int]] = session.execute(
        wanted.order_by(VersionRelation.listing_id, VersionRelation.position)
    ).all()
    return [Statement(speaker, RelationKind(kind), other) for speaker, kind, other in rows]
