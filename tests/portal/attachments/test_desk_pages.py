"""Those who write a listing find its files in the editor and wherever they look at a version."""

import pytest
from flask import Flask

from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import services
from portal.listings.models import Listing
from tests.accounts import Visitor
from tests.conftest import NOW
from tests.pages import Page
from tests.portal.attachments.people import attach, file_of, own_listing, page_of, signed_in_clerk

PDF = "募集要項.pdf"
NEW = "/staff/listings/new"


@pytest.fixture
def public_id(resources: Resources) -> str:
    """A listing whose public version lists one file, and its change another."""
    public_id = own_listing(resources)
    give(resources, public_id, PDF, pages=3)
    with write_transaction(resources.sessions) as session:
        services.publish(session, session.get_one(Listing, int(public_id[1:])), now=NOW)
    give(resources, public_id, "様式.pdf", pages=2)
    return public_id


@pytest.fixture
def clerk(app: Flask, public_id: str) -> Visitor:
    return signed_in_clerk(app)


def give(held: Resources, public_id: str, name: str, *, pages: int, scanned: bool = True) -> None:
    with write_transaction(held.sessions) as session:
        listing = session.get_one(Listing, int(public_id[1:]))
        file = file_of(name, pages=pages)
        attach(session, held.attachments, listing, file, is_to_be_scanned=not scanned)


def listed(page: Page) -> list[str]:
    return page.texts("[data-attachment]")


BOTH = [f"{PDF}（PDF・1KB・3ページ）", "様式.pdf（PDF・1KB・2ページ）"]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        *(("edit", BOTH), ("preview", BOTH), ("review", BOTH)),
        *(("versions/3", BOTH), ("versions/2", BOTH[:1]), ("versions/1", [])),
    ],
)
def test_page_lists_the_files_of_its_version_behind_the_right_to_see_them(
    app: Flask, clerk: Visitor, public_id: str, page: str, expected: list[str]
) -> None:
    found = clerk.get(f"/staff/listings/{public_id}/{page}")
    assert listed(found) == expected
    for link in found.dom.select("[data-attachment] a"):
        assert str(link["href"]).startswith(f"{page_of(public_id)}/")
        with clerk.open(str(link["href"])) as file:
            assert file.status_code == 200
        assert Visitor(app).open(str(link["href"])).status_code == 303


def test_file_that_waits_is_named_without_a_link(
    clerk: Visitor, resources: Resources, public_id: str
) -> None:
    give(resources, public_id, "図面.pdf", pages=4, scanned=False)
    page = clerk.get(f"/staff/listings/{public_id}/edit")
    assert "図面.pdf（PDF・1KB・4ページ・ウイルス検査を待っています）" in listed(page)
    assert not page.dom.select("[data-attachment='3'] a")


def test_new_notice_is_saved_as_a_draft_on_the_way_to_its_files(clerk: Visitor) -> None:
    page = clerk.get(NEW)
    assert "まだファイルはありません。" in page.text("[aria-labelledby=files-title]")
    answer = clerk.send(NEW, title="店舗改装の補助金", body="書きかけ", action="attach")
    assert answer.location == page_of("L000002")
    there = clerk.get(page_of("L000002"))
    assert "保存しました。" in there.text("[role=status]")
    back = str(there.dom.select_one("main a[href$=edit]")["href"])
    assert str(clerk.get(back).dom.select_one("#title")["value"]) == "店舗改装の補助金"
    assert "書きかけ" in clerk.get(back).text("#body")


def test_what_cannot_be_saved_stays_typed_in_the_editor(clerk: Visitor) -> None:
    wrong = {"date_state": "window", "closes_on": "5月の"}
    answer = clerk.send(NEW, title="補助金", action="attach", **wrong)
    page = Page(answer.status_code, answer.text)
    assert page.status == 422
    assert str(page.dom.select_one("#closes_on")["value"]) == "5月の"


def test_way_to_the_files_of_what_was_not_changed_makes_no_version(
    clerk: Visitor, resources: Resources
) -> None:
    clerk.send(NEW, title="店舗改装の補助金", action="save")
    again = {"title": "店舗改装の補助金", "version": "1", "action": "attach"}
    answer = clerk.send("/staff/listings/L000002/edit", **again)
    assert answer.location == page_of("L000002")
    with resources.sessions() as session:
        assert len(session.get_one(Listing, 2).versions) == 1
