"""Reads for the desk of an agency: whatever leaves here belongs to it. The prefecture's desk has
those of all agencies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVarTuple

from sqlalchemy import Select, SQLColumnExpression, case, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.accounts.bounds import bound_of
from portal.accounts.models import User
from portal.accounts.permissions import Permission
from portal.agencies.models import Agency
from portal.errors import NotFoundError
from portal.listings.models import Listing, ListingVersion, listing_id_of
from portal.publishing.act_models import ListingAct
from portal.publishing.acts import Act
from portal.publishing.shelves import Shelf, lies_on, shown

PER_PAGE = 30
LONGEST_SEARCH = 100

Columns = TypeVarTuple("Columns")

_newest = aliased(ListingVersion, name="newest")
_last_number = (
    select(func.max(ListingVersion.number))
    .where(ListingVersion.listing_id == Listing.id)
    .correlate(Listing)
    .scalar_subquery()
)
_submitted = (
    select(func.max(ListingAct.id))
    .where(ListingAct.listing_id == Listing.id, ListingAct.act == Act.SUBMIT.value)
    .correlate(Listing)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """Which listings; what is None, empty or false does not narrow.

    :ivar text: words of the title, or a public id.
    :ivar is_mine: only those whose newest version the asker wrote.
    """

    shelf: Shelf | None = None
    text: str = ""
    kind: str = ""
    agency_code: str = ""
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class AgencyCounts:
    """How many listings of an agency lie on some shelves."""

    code: str
    name: str
    numbers: Mapping[Shelf, int]


@dataclass(frozen=True, slots=True)
class DeskListing:
    """A listing in a list, with its newest version."""

    listing: Listing
    newest: ListingVersion


def get_for_desk(session: Session, public_id: str, user: User) -> Listing:
    """A listing of the agency that somebody writes for, in whatever state.

    :raises NotFoundError: there is none, or it is another agency's.
    """
    bound, listing_id = bound_of(user, Permission.WRITE_LISTINGS), listing_id_of(public_id)
    # Without anything joined: acts lock the row, and would lock, or fail at, what was joined.
    wanted = select(Listing).where(Listing.id == listing_id)
    if bound is not None:
        wanted = wanted.where(Listing.agency_id == bound)
    listing = session.scalar(wanted) if listing_id is not None else None
    if listing is None:
        raise NotFoundError(public_id)
    return listing


def count_shelves(
    session: Session, *, agency_id: int | None, author_id: int, today: date
) -> tuple[Mapping[Shelf, int], int]:
    """How many listings lie on each shelf, and how many drafts somebody wrote; one statement.

    :param agency_id: None for all agencies.
    """
    is_own_draft = lies_on(Shelf.DRAFT, today) & (_newest.author_id == author_id)
    conditions = [*(lies_on(shelf, today) for shelf in Shelf), is_own_draft]
    numbers = [func.count(case((condition, 1))) for condition in conditions]
    wanted = _joined(select(*numbers).select_from(Listing))
    if agency_id is not None:
        wanted = wanted.where(Listing.agency_id == agency_id)
    *counts, own_drafts = session.execute(wanted).one()
    return dict(zip(Shelf, counts, strict=True)), own_drafts


def count_by_agency(
    session: Session, shelves: Sequence[Shelf], *, today: date
) -> Sequence[AgencyCounts]:
    """How many listings of each agency lie on some shelves; one statement. Agencies come in the
    official order, those without any listing too."""
    numbers = [func.count(case((lies_on(shelf, today), 1))) for shelf in shelves]
    wanted = (
        select(Agency.code, Agency.name, *numbers)
        .select_from(Agency)
        .outerjoin(Listing, Listing.agency_id == Agency.id)
        .outerjoin(shown, shown.id == Listing.public_version_id)
        .group_by(Agency.id, Agency.code, Agency.name)
        .order_by(Agency.id)
    )
    return [
        AgencyCounts(code, name, dict(zip(shelves, counts, strict=True)))
        for code, name, *counts in session.execute(wanted)
    ]


def count_listings(
    session: Session, wanted: DeskFilter, *, agency_id: int | None, author_id: int, today: date
) -> int:
    """How many there are."""
    found = _joined(select(func.count(Listing.id)).select_from(Listing))
    return session.scalar(_narrowed(found, wanted, agency_id, author_id, today)) or 0


def list_listings(
    session: Session,
    wanted: DeskFilter,
    *,
    agency_id: int | None,
    author_id: int,
    today: date,
    page: int,
) -> Sequence[DeskListing]:
    """A page of them, what presses first: the nearest deadline, the longest wait, else what was
    written last. The first page is 1.

    :param agency_id: None for all agencies.
    """
    # Numbers first: to sort the texts of all would take longer than to look twice.
    ids = _narrowed(
        _joined(select(Listing.id).select_from(Listing)), wanted, agency_id, author_id, today
    ).order_by(*_order(wanted.shelf), Listing.id.desc())
    of_page = session.scalars(ids.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    version = joinedload(Listing.public_version)
    found = _joined(select(Listing, _newest).select_from(Listing)).options(
        joinedload(Listing.agency),
        version.selectinload(ListingVersion.rounds),
        version.selectinload(ListingVersion.events),
    )
    rows = session.execute(found.where(Listing.id.in_(of_page)))
    by_id = {listing.id: DeskListing(listing, newest) for listing, newest in rows}
    return [by_id[listing_id] for listing_id in of_page if listing_id in by_id]


def last_submitted(session: Session, listing_ids: Collection[int]) -> Mapping[int, ListingAct]:
    """Who asked last to have a listing looked at, and when; by row id of the listing."""
    acts = session.scalars(
        select(ListingAct)
        .where(ListingAct.listing_id.in_(listing_ids), ListingAct.act == Act.SUBMIT.value)
        .order_by(ListingAct.id)
    )
    return {act.listing_id: act for act in acts}


def _joined(found: Select[*Columns]) -> Select[*Columns]:
    is_newest = (_newest.listing_id == Listing.id) & (_newest.number == _last_number)
    return found.join(_newest, is_newest).outerjoin(shown, shown.id == Listing.public_version_id)


def _narrowed(
    found: Select[*Columns],
    wanted: DeskFilter,
    agency_id: int | None,
    author_id: int,
    today: date,
) -> Select[*Columns]:
    if agency_id is not None:
        found = found.where(Listing.agency_id == agency_id)
    if wanted.shelf is not None:
        found = found.where(lies_on(wanted.shelf, today))
    for word in wanted.text.split():
        holds = _newest.title.icontains(word, autoescape=True)
        found = found.where(or_(holds, Listing.id == (listing_id_of(word.upper()) or 0)))
    if wanted.kind:
        found = found.where(_newest.kind == wanted.kind)
    if wanted.agency_code:
        of_agency = select(Agency.id).where(Agency.code == wanted.agency_code)
        found = found.where(Listing.agency_id.in_(of_agency))
    if wanted.is_mine:
        found = found.where(_newest.author_id == author_id)
    return found


def _order(shelf: Shelf | None) -> tuple[SQLColumnExpression[Any], ...]:
    match shelf:
        case Shelf.IN_REVIEW:
            return (_submitted,)
        case Shelf.SCHEDULED:
            return (Listing.publish_at,)
        case Shelf.CLOSING:
            return (shown.closes_on,)
    return (_newest.created_at.desc(),)
