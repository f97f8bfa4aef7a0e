"""Adding and removing files, as those do it who write listings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.permissions import Role
from portal.attachments.sizes import MOST_BYTES
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings.attachment_models import Attachment
from portal.listings.models import Listing, ListingState
from tests.accounts import Visitor, actions, signed_in, signed_in_admin
from tests.conftest import MakeApp, MakeDatabase, make_settings, resources_of
from tests.pages import Page
from tests.portal.attachments.bad_files import BAD, EICAR
from tests.portal.attachments.clamav import running_clamav
from tests.portal.attachments.pdfs import GOOD, pdf
from tests.portal.attachments.people import (
    own_listing,
    page_of,
    send_file,
    signed_in_clerk,
)

SOME_BAD = ("nothing", "archive", "password", "script on opening", "archive behind")


@pytest.fixture
def public_id(resources: Resources) -> str:
    return own_listing(resources)


@pytest.fixture
def clerk(app: Flask, public_id: str) -> Visitor:
    return signed_in_clerk(app)


def count_files(held: Resources) -> int:
    with held.sessions() as session:
        return len(session.scalars(select(Attachment.id)).all())


def kept_bytes(held: Resources) -> list[Path]:
    return sorted((held.settings.data_dir / "attachments").glob("*/*"))


def test_clerk_adds_looks_at_and_removes_a_file(
    clerk: Visitor, resources: Resources, public_id: str
) -> None:
    before = clerk.get(page_of(public_id))
    assert before.text("h1") == "添付ファイル"
    assert before.dom.select_one("input[type=file]")["name"] == "file"
    answer = send_file(clerk, public_id, pdf(pages=12))
    assert (answer.status_code, answer.location) == (303, page_of(public_id))
    page = clerk.get(page_of(public_id))
    assert page.texts(".notice") == [
        "「募集要項.pdf」を付けました。公開中のページは、この変更が公開されるまで変わりません。"
    ]
    assert page.text("[data-attachment='1'] h2") == "募集要項.pdf"
    assert "PDF・1KB・12ページ・11月20日（金）12:00に追加" in page.text("[data-attachment='1']")
    with clerk.open(str(page.dom.select_one("[data-attachment] a")["href"])) as file:
        assert file.data == pdf(pages=12)
        assert "sandbox" in file.headers["Content-Security-Policy"]
    removed = clerk.send(f"{page_of(public_id)}/1/remove", token=clerk.token(page_of(public_id)))
    assert removed.location == page_of(public_id)
    after = clerk.get(page_of(public_id))
    assert not after.dom.select("[data-attachment]")
    assert "「募集要項.pdf」を外しました。" in after.text(".notice")
    assert actions(resources)[-2:] == ["attachment_added", "attachment_removed"]


@pytest.mark.parametrize("name", SOME_BAD)
def test_bad_file_is_refused_beside_its_field_and_kept_nowhere(
    clerk: Visitor, resources: Resources, public_id: str, name: str
) -> None:
    make, words = BAD[name]
    answer = send_file(clerk, public_id, make())
    page = Page(answer.status_code, answer.text)
    assert page.status == 422
    assert words in page.text("#file-error")
    assert words in page.text("[role=alert]")
    assert "file-error" in page.dom.select_one("#file")["aria-describedby"]
    assert page.text("title").startswith("エラー: ")
    assert (count_files(resources), kept_bytes(resources)) == (0, [])


def test_disk_that_takes_no_file_is_told_of(
    clerk: Visitor, resources: Resources, public_id: str
) -> None:
    (resources.settings.data_dir / "attachments").write_text("no folder", "utf-8")
    answer = send_file(clerk, public_id, GOOD)
    page = Page(answer.status_code, answer.text)
    assert answer.status_code == 503
    assert "まだ付けていません" in page.text("[role=alert]")
    assert count_files(resources) == 0


def test_ten_megabytes_are_taken_and_one_byte_more_is_not(
    clerk: Visitor, resources: Resources, public_id: str
) -> None:
    assert send_file(clerk, public_id, GOOD.ljust(MOST_BYTES + 1, b"\n")).status_code == 422
    assert send_file(clerk, public_id, GOOD.ljust(MOST_BYTES, b"\n")).status_code == 303
    assert count_files(resources) == 1


def test_far_too_large_form_is_answered_in_words(clerk: Visitor, public_id: str) -> None:
    answer = send_file(clerk, public_id, bytes(2 * MOST_BYTES + 1))
    assert answer.status_code == 413
    assert "小さいファイルを選んで" in answer.text


def test_other_forms_stay_as_small_as_they_were(clerk: Visitor) -> None:
    token = clerk.token("/me")
    answer = clerk.client.post("/me", data={"csrf_token": token, "name": "あ" * 1_000_000})
    assert answer.status_code == 413


def test_form_without_a_file_says_so(clerk: Visitor, public_id: str) -> None:
    answer = clerk.send(page_of(public_id), token=clerk.token(page_of(public_id)))
    assert answer.status_code == 422
    assert Page(422, answer.text).text("#file-error") == "PDFファイルを選んでください。"


def test_after_five_files_there_is_no_field_for_another(
    clerk: Visitor, resources: Resources, public_id: str
) -> None:
    for pages in range(1, 6):
        assert send_file(clerk, public_id, pdf(pages=pages)).status_code == 303
    page = clerk.get(page_of(public_id))
    assert not page.dom.select("input[type=file]")
    assert any("5つまで" in text for text in page.texts(".notice"))
    sixth = send_file(clerk, public_id, pdf(pages=6))
    assert (sixth.status_code, count_files(resources)) == (422, 5)


def test_listing_that_is_put_away_is_shown_and_not_changed(
    clerk: Visitor, resources: Resources, public_id: str
) -> None:
    send_file(clerk, public_id, GOOD)
    token = clerk.token(page_of(public_id))
    with write_transaction(resources.sessions) as session:
        listing = session.scalars(select(Listing)).one()
        listing.change_state = None
        listing.state = ListingState.ARCHIVED
    page = clerk.get(page_of(public_id))
    assert not page.dom.select("input[type=file], [data-attachment] form")
    answer = clerk.send(f"{page_of(public_id)}/1/remove", token=token)
    assert answer.status_code == 409
    assert "保管中です" in Page(409, answer.text).text("[role=alert]")


@pytest.mark.parametrize("role", [Role.STAFF, Role.APPROVER])
def test_another_agency_finds_nothing(
    app: Flask, clerk: Visitor, resources: Resources, public_id: str, role: Role
) -> None:
    send_file(clerk, public_id, GOOD)
    other = signed_in(app, "other@town.example.jp", role=role, agency="m02202")
    token = other.token("/me")
    for path in (page_of(public_id), f"{page_of(public_id)}/1/募集要項.pdf"):
        assert other.open(path).status_code == 404
    for path in (page_of(public_id), f"{page_of(public_id)}/1/remove"):
        assert other.send(path, token=token).status_code == 404
    assert count_files(resources) == 1
    assert clerk.get(page_of(public_id)).dom.select("[data-attachment='1']")


def test_prefecture_looks_after_the_files_of_all(app: Flask, public_id: str) -> None:
    admin = signed_in_admin(app)
    assert send_file(admin, public_id, GOOD).status_code == 303


@pytest.mark.parametrize(
    "path", ["/staff/listings/L999999/attachments", "/staff/listings/x/attachments"]
)
def test_listing_that_is_not_there_is_not_found(clerk: Visitor, path: str) -> None:
    assert clerk.open(path).status_code == 404


def test_number_beyond_all_numbers_is_not_found(clerk: Visitor, public_id: str) -> None:
    assert clerk.open(f"{page_of(public_id)}/{10**20}/a.pdf").status_code == 404


def test_file_that_was_removed_meanwhile_is_not_found(clerk: Visitor, public_id: str) -> None:
    token = clerk.token(page_of(public_id))
    assert clerk.send(f"{page_of(public_id)}/1/remove", token=token).status_code == 404


@pytest.fixture
def watched(
    tmp_path: Path, make_sqlite_database: MakeDatabase, make_app: MakeApp
) -> Iterator[Flask]:
    """An app with a scanner."""
    with running_clamav() as clamav:
        app = make_app(
            make_settings(
                tmp_path,
                PORTAL_DATABASE_URL=make_sqlite_database(),
                PORTAL_CLAMAV_URL=clamav.address,
            )
        )
        resources_of(app).indexer.rebuild()
        yield app


def test_file_waits_for_the_scanner_where_there_is_one(watched: Flask) -> None:
    public_id = own_listing(resources_of(watched))
    clerk = signed_in_clerk(watched)
    assert send_file(clerk, public_id, GOOD).status_code == 303
    page = clerk.get(page_of(public_id))
    assert page.dom.select_one("[data-attachment]")["data-state"] == "pending"
    assert not page.dom.select("[data-attachment] a")
    assert clerk.open(f"{page_of(public_id)}/1/募集要項.pdf").status_code == 404


def test_prefecture_sees_whether_there_is_a_scanner(app: Flask, watched: Flask) -> None:
    assert signed_in_admin(app).get("/admin").dom.select("[data-scans-no-files]")
    assert not signed_in_admin(watched).get("/admin").dom.select("[data-scans-no-files]")


def test_test_virus_is_no_pdf(clerk: Visitor, resources: Resources, public_id: str) -> None:
    assert send_file(clerk, public_id, EICAR).status_code == 422
    assert kept_bytes(resources) == []
