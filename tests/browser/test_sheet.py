"""The consultation sheet on a phone and on paper."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.looks import check_everywhere, headings_that_skip_a_level, too_small_for_a_thumb
from tests.conftest import resources_of
from tests.factories import publish_and_index
from tests.portal.sheets.reading import code_on
from tests.serving import serving

PLACES = ".sheet__head, .sheet__questions, .sheet__foot, .entry, .entry__side"

TOO_FULL = """all => all
    .filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.className}: ${e.textContent}`)"""


@pytest.fixture(scope="module")
def wordy(offices: Flask) -> Iterator[str]:
    """The address of a portal with ten listings, each of which says as much as it can."""
    for number in range(10):
        publish_and_index(
            resources_of(offices),
            title=f"{number}番の支援。" * 30,
            kind="subsidy",
            rate="補助対象経費の3分の2以内" * 15,
            amount_max_yen=123_456_789,
            department="商工労働部 経営支援課 " * 10,
            tel="017-000-0000（内線 1234）",
            documents=["直近2期分の決算書の写し（個人は確定申告書）" * 3] * 30,
        )
    with serving(offices) as address:
        yield address


def sheet(listings: int) -> str:
    return "/favorites/sheet?" + "&".join(f"id=L{n:06d}" for n in range(1, listings + 1))


def test_sheet_is_as_good_a_page_as_any_and_prints_on_one_page(page: Page, wordy: str) -> None:
    for listings in (0, 6, 10):
        page.goto(wordy + sheet(listings))
        assert headings_that_skip_a_level(page) == []
        assert too_small_for_a_thumb(page, "main .button, main label") == []
        check_everywhere(page)
    for listings in range(1, 7):
        page.goto(wordy + sheet(listings))
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 680, "height": 1000})
        assert page.eval_on_selector_all(PLACES, TOO_FULL) == []
        printed = page.pdf(prefer_css_page_size=True)
        page.emulate_media(media=None)
        assert len(PdfReader(BytesIO(printed)).pages) == 1
        assert code_on(printed) == f"{wordy}{sheet(listings).replace('sheet', 'shared')}"
