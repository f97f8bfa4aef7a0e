"""Who writes a title is told what may be the same; never what others have not published."""

import pytest
from flask import Flask

from portal.db import write_transaction
from portal.publishing.likeness import ALIKE, key_of, likeness
from tests.accounts import Visitor
from tests.acts.listings import PATH, clerk
from tests.conftest import resources_of
from tests.factories import make_agency, make_draft, publish_and_index
from tests.pages import Page

TITLE = "店舗改装支援事業補助金"


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("令和8年度 店舗改装支援事業補助金", "店舗改装支援事業補助金（令和7年度）", True),
        ("店舗改装支援補助金", "店舗改装支援事業補助金", True),
        ("店舗改装支援事業補助金 第2回", "店舗改装支援事業補助金", True),
        ("ＤＸ推進セミナー", "DX推進セミナー2026年度", True),
        ("創業支援補助金", "店舗改装支援事業補助金", False),
        ("融資", "補助金", False),
        ("令和8年度", "令和7年度", False),
    ],
)
def test_likeness_of_titles(one: str, other: str, is_alike: bool) -> None:
    assert (likeness(key_of(one), key_of(other)) >= ALIKE) is is_alike


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A clerk of 青森市, among listings of the same title: an own draft, a public one and a draft
    of another agency."""
    visitor = clerk(app)
    held = resources_of(app)
    with write_transaction(held.sessions) as session:
        make_draft(session, agency=make_agency(session, "m02201"), title=f"令和7年度{TITLE}")
        other = make_agency(session, "m02202", name="弘前市", level="municipality")
        make_draft(session, agency=other, title=f"{TITLE}（案）")
    publish_and_index(held, title=f"{TITLE}（県）")
    return visitor


def test_own_drafts_and_public_ones_of_others_are_told(visitor: Visitor) -> None:
    page = Page(200, visitor.open(f"{PATH}/similar?title={TITLE}").text)
    found = {link.get_text(): str(link["href"]) for link in page.dom.select("li a")}
    assert found == {
        f"令和7年度{TITLE}": f"{PATH}/L000001/preview",
        f"{TITLE}（県）": "/listings/L000003",
    }


def test_listing_is_not_told_of_itself(visitor: Visitor) -> None:
    page = Page(200, visitor.open(f"{PATH}/similar?title={TITLE}&about=L000001").text)
    assert page.texts("li a") == [f"{TITLE}（県）"]


@pytest.mark.parametrize("title", ["", "店", "令和8年度", "まったく別の相談窓口"])
def test_nothing_is_told_where_nothing_is_alike(visitor: Visitor, title: str) -> None:
    assert visitor.open(f"{PATH}/similar?title={title}").text.strip() == ""


def test_similar_ones_are_shown_after_saving_too(visitor: Visitor) -> None:
    saved = visitor.send(f"{PATH}/new", title=TITLE, action="save")
    page = visitor.get(saved.location)
    assert len(page.dom.select("[data-similar-found] li")) == 2


def test_listing_of_another_agency_is_not_asked_about(visitor: Visitor) -> None:
    assert visitor.open(f"{PATH}/similar?title={TITLE}&about=L000002").status_code == 404
