"""Where a listing lies at its desk, on both databases."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.permissions import Role
from portal.errors import NotFoundError
from portal.listings.content import EventContent, RoundContent
from portal.listings.date_state import status_on
from portal.listings.models import Listing
from portal.publishing import desk_queries, editing, publication
from portal.publishing.desk_queries import DeskFilter
from portal.publishing.shelves import CLOSING_WITHIN, Shelf
from tests.conftest import NOW
from tests.factories import make_agency, make_content, make_draft, make_listing
from tests.portal.publishing.desk_people import make_person

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
WHOLE = {"tel": "017-000-0000"}


def window(opens: int | None, closes: int | None) -> dict[str, Any]:
    """Dates, in days from today."""
    days = [None if n is None else TODAY + n * DAY for n in (opens, closes)]
    return {"date_state": "window", "opens_on": days[0], "closes_on": days[1]}


def rounds(*pairs: tuple[int | None, int | None]) -> dict[str, Any]:
    """A first round and more."""
    more = [window(*pair) for pair in pairs[1:]]
    return window(*pairs[0]) | {
        "rounds": tuple(RoundContent(row["opens_on"], row["closes_on"]) for row in more)
    }


def seminar(*days: int) -> dict[str, Any]:
    """Something held on days from today."""
    held = tuple(EventContent(TODAY + n * DAY, time(13)) for n in days)
    return {"kind": "seminar", "date_state": "unknown", "events": held}


DATED: dict[str, dict[str, Any]] = {
    "always": {"date_state": "always"},
    "budget": {"date_state": "budget"},
    "soon": {"date_state": "soon"},
    "unknown": {"date_state": "unknown"},
    "ends today": window(-10, 0),
    "ended yesterday": window(-10, -1),
    "begins today": window(0, 100),
    "begins tomorrow": window(1, 5),
    "ends in 30 days": window(None, 30),
    "ends in 31 days": window(None, 31),
    "has no end": window(-5, None),
    "second round runs": rounds((-20, -10), (-2, 8)),
    "second round comes": rounds((-20, -10), (50, 60)),
    "second round has no end": rounds((-20, -10), (-5, None)),
    "all rounds are over": rounds((-20, -10), (-8, -1)),
    "seminar to come": seminar(-3, 4),
    "seminar today": seminar(0),
    "seminar over": seminar(-3, -1),
    "seminar without a day": seminar(),
    "subsidy with a day that is over": seminar(-3) | {"kind": "subsidy"},
}


@pytest.fixture
def session(database: sessionmaker[Session]):
    with database() as session:
        yield session


def on(session: Session, shelf: Shelf | None, **wanted: Any) -> list[str]:
    found = desk_queries.list_listings(
        session,
        DeskFilter(shelf=shelf, **wanted),
        agency_id=None,
        author_id=1,
        today=TODAY,
        page=1,
    )
    return [row.newest.title for row in found]


def test_shelves_of_the_public_say_what_the_status_says(session: Session) -> None:
    for name, content in DATED.items():
        make_listing(session, title=name, confirmed_on=TODAY, **content)
    closed, open_, closing = set(), set(), set()
    for listing in session.query(Listing):
        version = listing.public_version
        assert version is not None
        status = status_on(version, TODAY)
        (closed if status.code == "closed" else open_).add(version.title)
        days_left = status.days_left(TODAY)
        if days_left is not None and days_left <= CLOSING_WITHIN.days:
            closing.add(version.title)
    assert {"ended yesterday", "all rounds are over", "seminar over"} == closed
    assert set(on(session, Shelf.CLOSED)) == closed
    assert set(on(session, Shelf.OPEN)) == open_
    assert (
        set(on(session, Shelf.CLOSING))
        == closing
        == {
            *("ends today", "ends in 30 days", "second round runs"),
        }
    )


def test_what_nobody_vouched_for_nor_changed_in_half_a_year_has_to_be_confirmed(
    session: Session,
) -> None:
    old = {"now": NOW - 181 * DAY}
    for name, day in (("いま", TODAY), ("180日前", TODAY - 180 * DAY)):
        make_listing(session, title=name, confirmed_on=day, **old)
    for name, day in (("181日前", TODAY - 181 * DAY), ("一度もない", None)):
        make_listing(session, title=name, confirmed_on=day, **old)
    make_listing(session, title="このまえ公開した", now=NOW - 180 * DAY)
    make_listing(session, title="終わったもの", **window(-9, -1), **old)
    assert set(on(session, Shelf.UNCONFIRMED)) == {"181日前", "一度もない"}


def test_each_listing_lies_where_it_is_on_its_way(session: Session) -> None:
    agency = make_agency(session, "m02201", name="青森市")
    clerk, approver = (make_person(session, role, agency) for role in (Role.STAFF, Role.APPROVER))

    def do(act: Any, listing: Listing, *more: Any) -> Listing:
        seen = listing.versions[-1].number
        act(session, listing, *more, by=approver, seen=seen, now=NOW)
        return listing

    def draft(title: str) -> Listing:
        return make_draft(session, agency=agency, title=title, **WHOLE)

    draft("下書き")
    do(publication.send_back, do(publication.submit, draft("差し戻し")), "締切がありません。")
    do(publication.submit, draft("確認待ち"))
    do(publication.schedule, draft("予約"), NOW + DAY)
    do(publication.withdraw, do(publication.publish, draft("終了")), "やめました。")
    do(publication.archive, draft("保管"))
    changed = do(publication.publish, draft("公開"))
    new = make_content(title="直した公開", **WHOLE)
    editing.save(session, changed, new, by=clerk, seen=1, now=NOW)
    lies = {
        Shelf.DRAFT: {"下書き", "直した公開"},
        Shelf.RETURNED: {"差し戻し"},
        Shelf.IN_REVIEW: {"確認待ち"},
        Shelf.SCHEDULED: {"予約"},
        Shelf.OPEN: {"直した公開"},
        Shelf.CLOSING: set(),
        Shelf.CLOSED: set(),
        Shelf.UNCONFIRMED: set(),
        Shelf.WITHDRAWN: {"終了"},
        Shelf.ARCHIVED: {"保管"},
    }
    assert {shelf: set(on(session, shelf)) for shelf in Shelf} == lies
    counts, own = desk_queries.count_shelves(
        session, agency_id=agency.id, author_id=clerk.id, today=TODAY
    )
    assert counts == {shelf: len(titles) for shelf, titles in lies.items()}
    assert own == 1
    all_shelves = tuple(Shelf)
    (of_agency,) = desk_queries.count_by_agency(session, all_shelves, today=TODAY)
    assert (of_agency.code, of_agency.numbers) == ("m02201", counts)
    other = make_agency(session, "m02202", name="弘前市")
    counts, own = desk_queries.count_shelves(
        session, agency_id=other.id, author_id=clerk.id, today=TODAY
    )
    assert (set(counts.values()), own) == ({0}, 0)
    agencies = desk_queries.count_by_agency(session, (Shelf.DRAFT, Shelf.RETURNED), today=TODAY)
    assert [(found.name, list(found.numbers.values())) for found in agencies] == [
        ("青森市", [2, 1]),
        ("弘前市", [0, 0]),
    ]


def test_lists_are_narrowed_by_words_number_kind_agency_and_author(session: Session) -> None:
    town = make_agency(session, "m02201", name="青森市")
    first = make_draft(session, title="雪に強い店づくり補助金", agency=town)
    make_draft(session, title="融資の窓口", kind="loan")
    first.versions[-1].author_id = 1
    session.flush()
    both = {"雪に強い店づくり補助金", "融資の窓口"}
    assert set(on(session, None)) == both
    for wanted in (
        {"text": "補助金 雪"},
        {"text": first.public_id.lower()},
        {"kind": "subsidy"},
        {"agency_code": "m02201"},
        {"is_mine": True},
    ):
        assert on(session, None, **wanted) == ["雪に強い店づくり補助金"], wanted
    for nothing in ({"text": "100%"}, {"text": "L999999"}, {"kind": "x"}, {"agency_code": "x"}):
        assert on(session, None, **nothing) == [], nothing


def test_what_presses_comes_first(session: Session) -> None:
    for name, closes in (("三番目", 20), ("一番目", 1), ("二番目", 9)):
        make_listing(session, title=name, **window(None, closes))
    assert on(session, Shelf.CLOSING) == ["一番目", "二番目", "三番目"]


def test_listing_of_another_agency_is_not_there(session: Session) -> None:
    own, other = make_agency(session, "m02201"), make_agency(session, "m02202", name="弘前市")
    listing = make_draft(session, agency=own)
    for role, agency, is_there in (
        (Role.STAFF, own, True),
        (Role.APPROVER, other, False),
        (Role.ADMIN, own, True),
        (Role.MEMBER, own, False),
    ):
        person = make_person(session, role, agency)
        if is_there:
            found = desk_queries.get_for_desk(session, listing.public_id, person)
            assert found is listing
        else:
            with pytest.raises(NotFoundError):
                desk_queries.get_for_desk(session, listing.public_id, person)


def test_listing_that_was_looked_up_for_a_desk_can_be_acted_on(session: Session) -> None:
    agency = make_agency(session, "m02201")
    approver = make_person(session, Role.APPROVER, agency)
    public_id = make_draft(session, agency=agency, **WHOLE).public_id
    session.commit()
    session.expunge_all()
    listing = desk_queries.get_for_desk(session, public_id, approver)
    publication.publish(session, listing, by=approver, seen=1, now=NOW)
    assert listing.state == "published"
