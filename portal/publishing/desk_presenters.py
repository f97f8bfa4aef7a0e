"""Listings as their agency sees them: on the first page of the desk, and in its lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.accounts.models import User
from portal.audit.names import GONE
from portal.formats import near_moment
from portal.listings import wording
from portal.listings.date_state import status_on
from portal.listings.models import ChangeState, Listing, ListingState
from portal.listings.presenters import Badge, badge
from portal.listings.vocabulary import Vocabulary
from portal.publishing import transitions
from portal.publishing.acts import Act
from portal.publishing.desk_queries import AgencyCounts, DeskListing
from portal.publishing.shelves import Shelf

IMPORTED = "取り込み"
"""Who wrote what no user wrote."""

_PLACES = {
    ListingState.DRAFT: Badge("unknown", "下書き"),
    ListingState.IN_REVIEW: Badge("upcoming", "確認待ち"),
    ListingState.SCHEDULED: Badge("upcoming", "公開予約"),
    ListingState.PUBLISHED: Badge("open", "公開中"),
    ListingState.WITHDRAWN: Badge("unknown", "掲載終了"),
    ListingState.ARCHIVED: Badge("unknown", "保管"),
}
_CHANGES = {
    ChangeState.DRAFT: Badge("unknown", "変更の下書きあり"),
    ChangeState.IN_REVIEW: Badge("upcoming", "変更が確認待ち"),
    ChangeState.SCHEDULED: Badge("upcoming", "変更を公開予約"),
}
_RETURNED = Badge("closing", "差し戻し")

_HINTS = {
    Shelf.DRAFT: "まだ確認を頼んでいないもの",
    Shelf.RETURNED: "直してほしいところがあるもの",
    Shelf.IN_REVIEW: "公開する前の確認を待っているもの",
    Shelf.SCHEDULED: "日時が来ると公開されるもの",
    Shelf.OPEN: "募集前・随時のものを含みます",
    Shelf.CLOSING: "締切が近いもの",
    Shelf.CLOSED: "公開中で、募集期間が過ぎたもの",
    Shelf.UNCONFIRMED: "公開中で、半年以上、確かめても直してもいないもの",
    Shelf.WITHDRAWN: "公開をやめたもの",
    Shelf.ARCHIVED: "しまってあるもの",
}
_BULK_ACTS: Mapping[Shelf | None, Sequence[Act]] = {
    **dict.fromkeys((Shelf.DRAFT, Shelf.RETURNED, Shelf.WITHDRAWN), (Act.ARCHIVE,)),
    **dict.fromkeys(
        (Shelf.OPEN, Shelf.CLOSING, Shelf.CLOSED, Shelf.UNCONFIRMED), (Act.CONFIRM, Act.WITHDRAW)
    ),
    None: (Act.CONFIRM, Act.WITHDRAW, Act.ARCHIVE),
}
_WANTING = frozenset({Shelf.RETURNED, Shelf.UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class ShelfTile:
    """A shelf with how much lies on it; ``is_wanting`` where somebody has to do something."""

    code: str
    label: str
    hint: str
    number: int
    is_wanting: bool


@dataclass(frozen=True, slots=True)
class ShelfNumber:
    """How much of an agency lies on a shelf."""

    code: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency with how much of it lies on some shelves, in their order."""

    code: str
    name: str
    numbers: tuple[ShelfNumber, ...]


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A listing in a list."""

    id: str
    chosen: str
    """What names it, and the version that is shown, in a form."""
    title: str
    agency_name: str
    places: tuple[Badge, ...]
    status: Badge | None
    """Of what the public sees; None where it sees nothing."""
    deadline: str
    saved: str
    publishes: str
    """When what is scheduled becomes public; empty for never."""
    comment: str
    """Why it was returned; empty if it was not."""


def tiles(counts: Mapping[Shelf, int], shelves: Iterable[Shelf]) -> tuple[ShelfTile, ...]:
    """Some shelves, in that order."""
    return tuple(
        ShelfTile(
            code=shelf.value,
            label=shelf.label,
            hint=_HINTS[shelf],
            number=counts[shelf],
            is_wanting=shelf in _WANTING and counts[shelf] > 0,
        )
        for shelf in shelves
    )


def agency_rows(
    found: Iterable[AgencyCounts],
) -> tuple[tuple[AgencyRow, ...], tuple[AgencyRow, ...]]:
    """Agencies of which anything lies on the shelves that were counted, and all others."""
    rows = [
        AgencyRow(
            counts.code,
            counts.name,
            tuple(
                ShelfNumber(shelf.value, shelf.label, number)
                for shelf, number in counts.numbers.items()
            ),
        )
        for counts in found
    ]
    having = tuple(row for row in rows if any(number.number for number in row.numbers))
    return having, tuple(row for row in rows if row not in having)


def shelf_choices() -> tuple[tuple[str, str], ...]:
    """All shelves, to choose one."""
    return tuple((shelf.value, shelf.label) for shelf in Shelf)


def bulk_acts(shelf: Shelf | None, found: Sequence[DeskListing], user: User) -> frozenset[str]:
    """Codes of what somebody may do at once to those listings of a list that they tick; none on
    shelves of which all is done one by one."""
    return frozenset(
        act.value
        for act in _BULK_ACTS.get(shelf, ())
        if any(transitions.may_act(user, row.listing, act) for row in found)
    )


def places(listing: Listing) -> tuple[Badge, ...]:
    """Where a listing is to the public, and where a change of it is on its way there."""
    is_returned = listing.stage is ChangeState.DRAFT and listing.return_comment is not None
    state = ListingState(listing.state)
    found = [_PLACES[state]] if listing.change_state or not is_returned else []
    if listing.change_state is not None and not is_returned:
        found.append(_CHANGES[ChangeState(listing.change_state)])
    return (*found, _RETURNED) if is_returned else tuple(found)


def name_of(number: int | None, names: Mapping[int, str], *, nobody: str = IMPORTED) -> str:
    """What somebody is called; that they are gone, if they are."""
    return nobody if number is None else names.get(number, GONE)


def authors(rows: Iterable[DeskListing]) -> set[int]:
    """The numbers of those who wrote what a list shows."""
    return {row.newest.author_id for row in rows if row.newest.author_id is not None}


def rows(
    found: Sequence[DeskListing],
    *,
    names: Mapping[int, str],
    vocabulary: Vocabulary,
    today: date,
) -> tuple[DeskRow, ...]:
    """Listings of a list, in the same order."""
    return tuple(_row(row, names, vocabulary, today) for row in found)


def _row(
    row: DeskListing, names: Mapping[int, str], vocabulary: Vocabulary, today: date
) -> DeskRow:
    listing, newest = row.listing, row.newest
    is_public = listing.state == ListingState.PUBLISHED
    shown = listing.public_version if is_public else None
    status = status_on(shown, today) if shown else None
    when = near_moment(newest.created_at, today)
    return DeskRow(
        id=listing.public_id,
        chosen=f"{listing.public_id}:{newest.number}",
        title=newest.title,
        agency_name=listing.agency.name,
        places=places(listing),
        status=badge(status, vocabulary) if status else None,
        deadline=wording.deadline(shown, status, today) if shown and status else "",
        saved=f"{when} {name_of(newest.author_id, names)}",
        publishes=near_moment(listing.publish_at, today) if listing.publish_at else "",
        comment=listing.return_comment or "",
    )
