"""The page of favourites: what is kept, in the groups in which it is pressing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.clock import in_japan
from portal.favorites.facts import Facts, is_withdrawn
from portal.favorites.kept import Kept
from portal.favorites.queries import KeptListing
from portal.formats import near_day
from portal.links import tel_address
from portal.listings import wording
from portal.listings.date_state import Status, status_on
from portal.listings.models import Listing, public_version
from portal.listings.presenters import Badge, Fact, badge, money
from portal.listings.vocabulary import Vocabulary

WITHDRAWN = Badge("closed", "掲載終了")

_GROUPS = (
    ("closing", "締切間近", ("closing",)),
    ("open", "受付中", ("open",)),
    ("upcoming", "これから", ("upcoming",)),
    ("unknown", "期間の定めなし・要確認", ("always", "unknown")),
    ("over", "終了・掲載終了", ("closed",)),
)
"""Code, name, and the statuses of listings that are in it."""

SORTS = {"deadline": "締切が近い順", "saved": "保存した順", "name": "名前順"}
USUAL_SORT = "deadline"


@dataclass(frozen=True, slots=True)
class TypedNote:
    """A note that was not taken, as it was typed, and what is wrong with it."""

    id: str
    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class FavoriteItem:
    """A favourite on the page. ``version`` is what the public sees, for who says that they know
    it; ``note_problem`` says what is wrong with a note that is shown as it was typed."""

    id: str
    title: str
    agency_code: str
    agency_name: str
    status: Badge
    deadline: str
    is_urgent: bool
    is_withdrawn: bool
    successor: tuple[str, str] | None
    facts: tuple[Fact, ...]
    tel: str | None
    tel_address: str | None
    changes: tuple[str, ...]
    version: int
    saved_on: str
    note: str
    note_problem: str


@dataclass(frozen=True, slots=True)
class Group:
    """Favourites that are equally pressing."""

    code: str
    name: str
    items: tuple[FavoriteItem, ...]


@dataclass(frozen=True, slots=True)
class FavoritesPage:
    """Everything the page prints. ``sorts`` are code, label and whether it is chosen."""

    total: int
    changed: int
    """How many of them changed."""
    lost_note: TypedNote | None
    """A note about what is kept no more."""
    groups: tuple[Group, ...]
    sorts: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A favourite with what it is put in order by."""

    kept: Kept
    listing: Listing
    status: Status

    def order(self, sort: str) -> tuple[object, ...]:
        """Among those of its group."""
        status, kept = self.status, self.kept
        orders: dict[str, Callable[[], tuple[object, ...]]] = {
            "deadline": lambda: (status.closes_on or date.max, status.opens_on or date.max),
            # What was saved last comes first.
            "saved": lambda: (-kept.saved_at.timestamp(),),
            "name": lambda: (public_version(self.listing).title,),
        }
        return (*orders[sort](), self.listing.id)


def favorites_page(
    kept: Sequence[KeptListing],
    facts: Facts,
    *,
    sort: str,
    today: date,
    vocabulary: Vocabulary,
    typed: TypedNote | None = None,
) -> FavoritesPage:
    """The page of what somebody keeps; a sort that there is not is the usual one."""
    chosen = sort if sort in SORTS else USUAL_SORT
    rows = [_row(each, today) for each in kept]
    rows.sort(key=lambda row: row.order(chosen))
    groups = [
        Group(
            code,
            name,
            tuple(
                _item(row, facts, today, vocabulary, typed)
                for row in rows
                if row.status.code in statuses
            ),
        )
        for code, name, statuses in _GROUPS
    ]
    return FavoritesPage(
        total=len(rows),
        lost_note=typed
        if typed and typed.id not in {row.listing.public_id for row in rows}
        else None,
        changed=sum(1 for group in groups for item in group.items if item.changes),
        groups=tuple(group for group in groups if group.items),
        sorts=tuple((code, label, code == chosen) for code, label in SORTS.items()),
    )


def _row(each: KeptListing, today: date) -> _Row:
    listing = each.listing
    gone = is_withdrawn(listing)
    status = Status("closed") if gone else status_on(public_version(listing), today)
    return _Row(each.kept, listing, status)


def _item(
    row: _Row, facts: Facts, today: date, vocabulary: Vocabulary, typed: TypedNote | None
) -> FavoriteItem:
    listing, version = row.listing, public_version(row.listing)
    gone = is_withdrawn(listing)
    is_typed = typed is not None and typed.id == listing.public_id
    # Nobody answers the telephone of a sample.
    tel = None if gone or wording.is_sample(version) else version.tel
    return FavoriteItem(
        id=listing.public_id,
        # What was withdrawn is called what it was when they knew it, and no more is told of it.
        title=facts.known_titles.get(listing.id, listing.public_id) if gone else version.title,
        agency_code=listing.agency.code,
        agency_name=listing.agency.name,
        status=WITHDRAWN if gone else badge(row.status, vocabulary),
        deadline="" if gone else wording.deadline(version, row.status, today),
        is_urgent=wording.is_urgent(row.status),
        is_withdrawn=gone,
        successor=facts.successors.get(listing.id),
        facts=() if gone else money(version),
        tel=tel,
        tel_address=tel_address(tel),
        changes=tuple(change.words for change in facts.changes.get(listing.id, ())),
        version=version.id,
        saved_on=near_day(in_japan(row.kept.saved_at).date(), today),
        note=typed.text if typed and is_typed else row.kept.note,
        note_problem=typed.problem if typed and is_typed else "",
    )
