"""However much listings say, and however strangely, a sheet is one page and nothing leaves its
place on it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.extensions import Resources
from portal.listings.models import Listing, public_version
from portal.listings.vocabulary import Vocabulary
from portal.sheets import fitting, presenters, printing
from portal.sheets.chosen import Chosen
from portal.sheets.presenters import Entry
from portal.typesetting.typesetter import Typesetter
from tests.conftest import NOW
from tests.each import each
from tests.factories import make_listing
from tests.portal.eligibility.drawing import FIXED
from tests.portal.sheets.reading import places

TODAY = NOW.date()
URL = "https://portal.example.jp/favorites/shared?id=L000001&id=L000002&id=L000003&id=L000004"
LONGEST = 2_000

STRANGE = (
    "国",
    "W",
    "W ",
    "国W",
    "（「、。」）",
    "ー",
    "ｱ",
    "🎉👨‍👩‍👧",
    "שלום ",
    "ﷺ",
    "e\u0301\u0302\u0303",
    "\u202e逆\u202c\x00\x07\r\n\t\u2028",
    "#eval(*_`$\\@<a>//",
    "𠮷髙﨑纛 ",
    "hyphen-ated/words, and. more; ",
)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter()


@pytest.fixture
def listings(resources: Resources) -> Iterator[list[Listing]]:
    """Six listings that no session watches, so that a test may write into them what it likes."""
    with resources.sessions() as session:
        made = [make_listing(session, kind="subsidy") for _ in range(6)]
        for listing in made:
            assert public_version(listing).listing.agency.name
            assert public_version(listing).rounds == []
            assert public_version(listing).event_days == ()
            assert public_version(listing).fiscal_years == ()
        session.expunge_all()
        yield made


def fill(listing: Listing, text: str, papers: int) -> None:
    """Say one text wherever there is a place for it."""
    version: Any = public_version(listing)
    version.title = version.rate = version.department = version.tel = text
    version.amount_max_yen = 10**15
    version.documents = [text] * papers


def check_one_page(
    chosen: Chosen, typesetter: Typesetter, vocabulary: Vocabulary, url: str = URL
) -> None:
    sheet = presenters.sheet(chosen, url=url, today=TODAY, vocabulary=vocabulary)
    found = places(printing.pdf(sheet, typesetter, today=TODAY))
    assert len(found) == len(sheet.entries)
    for entry, place in zip(sheet.entries, found, strict=True):
        printed = plain(place.text)
        for said in texts_of(entry):
            assert plain(said) in printed, said
        for box in place.characters:
            assert place.frame.bottom < box.bottom
            assert box.top < place.frame.top
            assert place.frame.left < box.left
            assert box.right < place.frame.right


def texts_of(entry: Entry) -> tuple[str, ...]:
    return (
        entry.title,
        *(fact.value for fact in entry.facts),
        entry.tel,
        *entry.papers,
        entry.papers_note,
    )


def plain(text: str) -> str:
    """What does not change where a line breaks, and is told by all readers of PDF alike."""
    return "".join(filter(str.isalnum, text))


@each("number", range(1, 7))
def test_longest_texts_stay_where_they_belong(
    number: int, listings: list[Listing], typesetter: Typesetter, vocabulary: Vocabulary
) -> None:
    for first in range(0, len(STRANGE), max(number, 3)):
        shown = listings[:number]
        for listing, text in zip(shown, (STRANGE + STRANGE)[first:], strict=False):
            fill(listing, (text * LONGEST)[:LONGEST], papers=40)
        check_one_page(Chosen(tuple(shown), 0), typesetter, vocabulary)


@settings(
    FIXED,
    max_examples=15,
    # To make an example smaller takes longer than to look at it.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=12) | st.sampled_from(STRANGE),
            st.integers(1, 200),
            st.integers(0, 30),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_texts_make_one_page(
    listings: list[Listing],
    typesetter: Typesetter,
    vocabulary: Vocabulary,
    drawn: list[tuple[str, int, int]],
) -> None:
    for listing, (text, times, papers) in zip(listings, drawn, strict=False):
        fill(listing, text * times or "支援", papers)
    check_one_page(Chosen(tuple(listings[: len(drawn)]), 3), typesetter, vocabulary)


def test_cut_text_says_where_the_rest_is(
    listings: list[Listing], typesetter: Typesetter, vocabulary: Vocabulary
) -> None:
    fill(listings[0], "国" * LONGEST, papers=3)
    chosen = Chosen((listings[0],), 2)
    (entry,) = presenters.sheet(chosen, url=URL, today=TODAY, vocabulary=vocabulary).entries
    assert entry.title.endswith("国…（くわしくはQRから）")
    assert len(entry.papers) == 3
    fill(listings[0], "短い名前🎉🎊", papers=30)
    sheet = presenters.sheet(chosen, url="https://" + "a" * 500, today=TODAY, vocabulary=vocabulary)
    (entry,) = sheet.entries
    assert entry.title == "短い名前□"
    assert len(entry.papers) == 21
    assert entry.papers_note == "ほか9点（くわしくはQRから）"
    assert sheet.notice == "見つからない支援2件は除きました。"
    assert places(printing.pdf(sheet, typesetter, today=TODAY))


def test_text_that_fits_is_told_whole() -> None:
    assert fitting.fit("017-000-0000（内線 12）", width=22, lines=1) == "017-000-0000（内線 12）"
    assert fitting.fit("補助金　のご案内\r\n", width=12, lines=1) == "補助金 のご案内"
    assert fitting.fit("が" * 10, width=11.5, lines=1) == "が" * 10
    assert fitting.fit("か\u3099き\u0301", width=9, lines=1) == "がき"
    assert fitting.fit("あ" * 12, width=11.5, lines=1) == "あ" * 10 + "…"
    assert fitting.fit("", width=9, lines=1) == ""
