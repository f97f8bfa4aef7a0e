"""The pages on which an agency looks after its listings."""

import csv
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.names import GONE
from portal.db import write_transaction
from portal.listings.models import ChangeState, Listing, ListingState, listing_id_of
from portal.mail.models import OutgoingMail
from portal.publishing import publication
from portal.publishing.act_models import ListingAct
from tests.accounts import move_clock, signed_in_admin
from tests.conftest import NOW
from tests.pages import Page
from tests.portal.publishing.office import APPROVER, CLERK, Office


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def numbers(page: Page) -> dict[str, int]:
    """How much lies on each shelf."""
    return {
        str(item["data-shelf"]): int(str(item.select_one("[data-count]")["data-count"]))  # type: ignore[index]
        for item in page.dom.select("[data-shelf]")
    }


def listed(page: Page) -> list[str]:
    return [str(row["data-listing"]) for row in page.dom.select("li[data-listing]")]


def buttons(page: Page) -> set[str]:
    """What may be done to a listing itself; a copy leaves it alone."""
    return {
        str(form["action"]).rsplit("/", 1)[1]
        for form in page.dom.select("main form[method=post]:not([action$='/copy'])")
    }


def test_first_page_counts_and_every_number_leads_to_as_many(office: Office) -> None:
    office.draft(title="下書き")
    office.draft(publication.submit, title="確認待ち")
    office.draft(publication.submit, (publication.send_back, "直してください。"), title="差し戻し")
    office.draft(publication.publish, title="公開中")
    office.foreign()
    page = office.clerk.get("/staff")
    found = {shelf: number for shelf, number in numbers(page).items() if number}
    lies_on = ("mine", "draft", "in-review", "returned", "open")
    assert found == dict.fromkeys(lies_on, 1)
    for tile in page.dom.select("[data-shelf]"):
        link = str(tile.select_one("a")["href"])  # type: ignore[index]
        assert len(listed(office.clerk.get(link))) == numbers(page)[str(tile["data-shelf"])]


def test_prefecture_sees_all_agencies_at_its_own_desk(office: Office, app: Flask) -> None:
    own, foreign = office.draft(), office.foreign()
    admin = signed_in_admin(app)
    assert admin.open("/staff/listings?q=x").location == "/admin/listings?q=x"
    assert numbers(admin.get("/staff"))["draft"] == 2
    page = admin.get("/admin/listings")
    assert set(listed(page)) == {own, foreign}
    assert "弘前市" in page.text(f"[data-listing={foreign}]")
    assert listed(admin.get("/admin/listings?agency=m02202")) == [foreign]
    assert listed(office.approver.get("/staff/listings?agency=m02202")) == []
    assert listed(office.approver.get("/staff/listings")) == [own]


def test_prefecture_sees_agency_by_agency_what_is_left_lying(office: Office, app: Flask) -> None:
    office.draft(publication.submit, title="確認待ち")
    office.draft(publication.submit, title="もう1つの確認待ち")
    office.draft(publication.submit, (publication.send_back, "直してください。"), title="差し戻し")
    office.foreign()
    admin = signed_in_admin(app)
    page = admin.get("/admin/listings/by-agency")
    cells = page.dom.select("[data-agency=m02201] [data-shelf]")
    told = {str(cell["data-shelf"]): cell.select_one("a") for cell in cells}
    assert list(told) == ["in-review", "returned", "unconfirmed", "closing"]
    links = {shelf: link for shelf, link in told.items() if link}
    found = {shelf: listed(admin.get(str(link["href"]))) for shelf, link in links.items()}
    assert {shelf: len(ids) for shelf, ids in found.items()} == {"in-review": 2, "returned": 1}
    assert links["returned"].text == "機関 m02201の差し戻し 1件"
    assert not page.dom.select("[data-agency=m02202]")
    file = admin.send(str(page.dom.select_one("form[action$='/by-agency/export']")["action"]))
    rows = list(csv.DictReader(file.text.removeprefix("\ufeff").splitlines()))
    (row,) = [row for row in rows if row["実施機関コード"] == "m02201"]
    assert list(row.values()) == ["m02201", "機関 m02201", "2", "1", "0", "0"]
    assert "m02202" in {row["実施機関コード"] for row in rows}
    below = page.dom.select("details [data-nothing-left]")
    assert "m02202" in [str(link["data-nothing-left"]) for link in below]
    for path in ("/admin", "/staff", "/admin/listings"):
        assert admin.get(path).dom.select("main a[href='/admin/listings/by-agency']"), path


def test_list_says_what_to_do_where_nothing_is_found(office: Office) -> None:
    page = office.clerk.get("/staff/listings?q=zzzz&shelf=nonsense")
    assert "あてはまる支援情報はありません。" in page.text("main")
    office.draft()
    assert "この番号のページはありません。" in office.clerk.get("/staff/listings?page=9").text(
        "main"
    )


def test_clerk_and_approver_are_offered_what_they_may(office: Office) -> None:
    public_id = office.draft()
    path = f"/staff/listings/{public_id}"
    assert buttons(office.clerk.get(path)) == {"submit", "archive"}
    assert buttons(office.approver.get(path)) == {
        *("submit", "archive", "publish", "schedule", "end"),
    }
    office.do(public_id, publication.publish)
    assert buttons(office.approver.get(path)) == {"end", "withdraw", "undo", "confirm"}
    assert buttons(office.clerk.get(path)) == {"confirm"}
    move_clock(office.app, timedelta(minutes=11))
    assert buttons(office.approver.get(path)) == {"end", "withdraw", "confirm"}
    assert office.send(office.clerk, public_id, "withdraw", reason="x").status_code == 403


def test_way_from_draft_to_the_public_with_mail_each_way(office: Office) -> None:
    public_id = office.draft()
    assert office.send(office.clerk, public_id, "submit").status_code == 303
    answer = office.send(office.approver, public_id, "return", comment="締切を\n書いてください。")
    assert answer.location == f"/staff/listings/{public_id}"
    page = office.clerk.get(f"/staff/listings/{public_id}")
    assert "書いてください。" in page.text("[data-returned]")
    office.save(public_id, date_note="締切は未定です。")
    office.send(office.clerk, public_id, "submit")
    office.send(office.approver, public_id, "publish")
    found = office.clerk.get("/search?q=店舗改装")
    assert found.listing_ids == [public_id]
    with office.held.sessions() as session:
        mails = session.execute(
            select(OutgoingMail.recipient, OutgoingMail.subject).order_by(OutgoingMail.id)
        ).all()
    told = [(to, subject.partition("】")[2].partition(":")[0]) for to, subject in mails]
    assert told == [
        (APPROVER, "確認のお願い"),
        (CLERK, "直してほしいところがあります"),
        (APPROVER, "確認のお願い"),
        (CLERK, "公開されました"),
    ]


def test_history_tells_versions_and_acts_in_words(office: Office) -> None:
    public_id = office.draft(publication.submit, (publication.send_back, "もっと短く。"))
    office.save(public_id, title="改装の補助金", amount_max_yen=300_000)
    page = office.clerk.get(f"/staff/listings/{public_id}")
    assert page.texts("[data-version] h3") == ["第2版", "第1版"]
    newest = page.text("[data-version='2']")
    assert "制度の名前：店舗改装の補助金 → 改装の補助金" in newest
    assert "上限額：30万円を追加" in newest
    assert "佐藤 つばさ" in newest
    first = page.text("[data-version='1']")
    for told in (
        "はじめての保存",
        "確認を依頼しました",
        "差し戻しました",
        "鈴木 みのる",
        "もっと短く。",
    ):
        assert told in first


def test_withdrawn_listing_answers_410_and_comes_back(office: Office) -> None:
    public_id = office.draft(publication.publish)
    office.send(office.approver, public_id, "withdraw", reason="予算がなくなりました。")
    office.clerk.get(f"/listings/{public_id}", 410)
    office.clerk.get(f"/listings/{public_id}/history", 410)
    page = office.clerk.get(f"/staff/listings/{public_id}")
    assert "予算がなくなりました。" in page.text(f"[data-listing={public_id}]")
    office.send(office.approver, public_id, "restore")
    office.clerk.get(f"/listings/{public_id}")


def test_publication_and_end_are_set_in_the_time_of_japan(office: Office) -> None:
    public_id = office.draft()
    office.send(office.approver, public_id, "schedule", publish_at="2026-12-01T09:00")
    assert office.listing(public_id).publish_at == NOW.replace(month=12, day=1, hour=0)
    office.send(office.approver, public_id, "end", unpublish_at="２０２７/03/31 17:30")
    ends = office.listing(public_id).unpublish_at
    assert ends == NOW.replace(year=2027, month=3, day=31, hour=8, minute=30)
    page = office.approver.get(f"/staff/listings/{public_id}")
    assert "12月1日（火）9:00" in page.text(f"[data-listing={public_id}]")
    assert page.dom.select_one("#unpublish_at")["value"] == "2027-03-31T17:30"  # type: ignore[index]
    office.send(office.approver, public_id, "end", unpublish_at=" ")
    assert office.listing(public_id).unpublish_at is None


@pytest.mark.parametrize(
    ("button", "field", "typed", "message"),
    [
        ("return", "comment", "  ", "直してほしいことを書いてください。"),
        ("return", "comment", "長" * 2_001, "2,000文字以内"),
        ("schedule", "publish_at", "あした", "2026-12-01 09:00"),
        ("schedule", "publish_at", "2026-11-20T11:59", "これから1年以内"),
        ("schedule", "publish_at", "9999-12-31T23:59", "2026-12-01 09:00"),
        ("end", "unpublish_at", "2020-01-01T00:00", "これから5年以内"),
    ],
)
def test_wrong_field_has_its_message_beside_it_and_keeps_what_was_typed(
    office: Office, button: str, field: str, typed: str, message: str
) -> None:
    public_id = office.draft(publication.submit)
    answer = office.send(office.approver, public_id, button, **{field: typed})
    assert answer.status_code == 422
    page = Page(422, answer.text)
    assert message in page.text(f"#{field}-error")
    assert message in page.text("[role=alert]")
    control = page.dom.select_one(f"#{field}")
    assert control is not None
    kept = control.get("value") or control.get_text().removeprefix("\n")
    assert str(kept).strip() == typed.strip()
    assert control.find_parent("details").has_attr("open")  # type: ignore[union-attr]
    assert page.text("title").startswith("エラー:")
    assert office.listing(public_id).state == ListingState.IN_REVIEW


def test_withdrawing_asks_for_a_reason(office: Office) -> None:
    public_id = office.draft(publication.publish)
    answer = office.send(office.approver, public_id, "withdraw", reason="")
    assert answer.status_code == 422
    assert "掲載を終える理由を書いてください。" in Page(422, answer.text).text("#reason-error")
    assert office.listing(public_id).state == ListingState.PUBLISHED


def test_what_is_missing_is_told_all_at_once(office: Office) -> None:
    public_id = office.draft()
    office.save(public_id, tel=None, purposes=())
    answer = office.send(office.clerk, public_id, "submit")
    assert answer.status_code == 422
    page = Page(422, answer.text)
    assert len(page.dom.select("[data-missing] li")) == 2
    assert "公開までに必要なこと" in page.text("[role=alert]")
    assert office.listing(public_id).state == ListingState.DRAFT


def test_nobody_publishes_what_they_have_not_seen(office: Office) -> None:
    public_id = office.draft(publication.submit)
    office.save(public_id, title="そのあとで変わった題名")
    answer = office.send(office.approver, public_id, "publish", seen="1")
    assert answer.status_code == 409
    page = Page(409, answer.text)
    assert "ほかの人が" in page.text("[role=alert]")
    assert page.text("h1") == "そのあとで変わった題名"
    again = page.dom.select_one("form[action$='/publish'] [name=seen]")
    assert again is not None
    assert again["value"] == "2"
    assert office.listing(public_id).state == ListingState.IN_REVIEW


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "²"])
def test_number_of_a_version_that_is_none_is_refused(office: Office, seen: str) -> None:
    public_id = office.draft()
    assert office.send(office.approver, public_id, "publish", seen=seen).status_code == 409


def test_button_pressed_twice_says_that_it_is_done_already(office: Office) -> None:
    public_id = office.draft(publication.publish)
    answer = office.send(office.approver, public_id, "publish")
    assert answer.status_code == 409
    with office.held.sessions() as session:
        acts = session.scalars(select(ListingAct.act)).all()
    assert acts == ["publish"]


def test_comment_is_kept_when_somebody_else_was_faster(office: Office) -> None:
    public_id = office.draft(publication.submit)
    office.save(public_id, title="新しい題名")
    answer = office.send(office.approver, public_id, "return", comment="長い説明", seen="1")
    assert answer.status_code == 409
    assert "長い説明" in Page(409, answer.text).text("#comment")


def test_older_version_comes_back_as_a_new_one_and_the_public_sees_no_change(
    office: Office,
) -> None:
    public_id = office.draft(publication.publish)
    office.save(public_id, title="二つ目", partners=())
    office.do(public_id, publication.publish)
    page = office.clerk.get(f"/staff/listings/{public_id}/versions/1")
    assert "店舗改装の補助金" in page.text("[data-public-view] h2.listing__title")
    answer = office.send(office.clerk, public_id, "versions/1/restore")
    assert answer.status_code == 303
    listing = office.listing(public_id)
    assert (listing.state, listing.change_state) == (ListingState.PUBLISHED, ChangeState.DRAFT)
    assert office.clerk.get(f"/listings/{public_id}").text("h1") == "二つ目"
    page = office.clerk.get(f"/staff/listings/{public_id}")
    assert page.text("h1") == "店舗改装の補助金"
    assert page.texts("[data-version] h3") == ["第3版", "第2版 公開した版", "第1版"]


def test_version_is_not_brought_back_over_one_that_was_not_seen(office: Office) -> None:
    public_id = office.draft()
    office.save(public_id, title="二つ目")
    office.save(public_id, title="三つ目")
    office.send(office.clerk, public_id, "versions/1/restore", seen="2")
    assert office.clerk.get(f"/staff/listings/{public_id}").text("h1") == "三つ目"


def test_any_two_versions_are_compared_whichever_comes_first(office: Office) -> None:
    public_id = office.draft()
    office.save(public_id, title="二つ目", body="外装の工事費が対象です。")
    office.save(public_id, title="三つ目", purposes=("startup",))
    path = f"/staff/listings/{public_id}/compare"
    page = office.clerk.get(f"{path}?before=3&after=1")
    assert page.text("h1") == "第1版と第3版のちがい"
    assert page.texts("[data-changed] dt") == ["制度の名前", "目的"]
    title = page.dom.select_one("[data-changed] dd")
    assert title is not None
    assert "店舗改装の補助金" in title.select_one("del").get_text()  # type: ignore[union-attr]
    assert "三つ目" in title.select_one("ins").get_text()  # type: ignore[union-attr]
    page = office.clerk.get(f"{path}?before=1&after=2")
    assert "内装" in page.text("[data-changed] > div:last-child")
    chosen = page.dom.select("select option[selected]")
    assert [option.text for option in chosen] == [
        "第1版 11月20日（金） 佐藤 つばさ",
        "第2版 11月20日（金） 佐藤 つばさ",
    ]
    assert office.clerk.get(path).text("h1") == "第2版と第3版のちがい"
    same = office.clerk.get(f"{path}?before=2&after=2")
    assert "ちがいはありません。" in same.text("main")
    for unknown in ("99", "0", "9" * 12):
        office.clerk.get(f"{path}?before=1&after={unknown}", 404)
    assert office.clerk.get(f"{path}?before=x").text("h1") == "第2版と第3版のちがい"


def test_versions_to_compare_tell_who_is_gone_and_what_nobody_wrote(office: Office) -> None:
    public_id = office.draft()
    for title in ("二つ目", "三つ目"):
        office.save(public_id, title=title)
    with write_transaction(office.held.sessions) as session:
        listing = session.get_one(Listing, listing_id_of(public_id))
        first, second, _ = listing.versions
        first.author_id, second.author_id = None, 999_999
    page = office.clerk.get(f"/staff/listings/{public_id}")
    assert page.texts("#before option") == [
        "第3版 11月20日（金） 佐藤 つばさ",
        f"第2版 11月20日（金） {GONE}",
        "第1版 11月20日（金） 取り込み",
    ]


def test_many_versions_come_by_pages(office: Office) -> None:
    public_id = office.draft()
    for number in range(2, 23):
        office.save(public_id, title=f"題名{number}")
    page = office.clerk.get(f"/staff/listings/{public_id}")
    assert len(page.dom.select("[data-version]")) == 20
    assert "題名2 → 題名3" in page.text("[data-version='3']")
    older = office.clerk.get(f"/staff/listings/{public_id}?page=2")
    assert older.texts("[data-version] h3") == ["第2版", "第1版"]


@pytest.mark.parametrize("page", ["", "/versions/1", "/compare", "/review"])
def test_pages_of_another_agency_are_not_there(office: Office, page: str) -> None:
    foreign = office.foreign()
    for visitor in (office.clerk, office.approver):
        visitor.get(f"/staff/listings/{foreign}{page}", 404)
        visitor.get(f"/staff/listings/L999999{page}", 404)
        visitor.get(f"/staff/listings/nonsense{page}", 404)


def test_menu_and_own_page_lead_to_the_desk(office: Office, app: Flask) -> None:
    for visitor in (office.clerk, office.approver):
        page = visitor.get("/me")
        assert page.dom.select_one(".account-menu a[href='/staff']")
        assert page.dom.select_one("main a[href='/staff']")
    assert "確認待ち" not in office.clerk.get("/staff").text(".desk-nav")
    assert "確認待ち" in office.approver.get("/staff").text(".desk-nav")
    assert "確認待ち" in signed_in_admin(app).get("/admin").text(".desk-nav")


def test_what_was_returned_is_told_first_with_what_to_press(office: Office) -> None:
    public_id = office.draft(publication.submit, (publication.send_back, "締切を。"))
    page = office.clerk.get(f"/staff/listings/{public_id}")
    first = page.dom.select_one("h1 ~ section")
    assert first is not None
    assert "data-returned" in first.attrs
    assert "「確認を依頼する」を押してください" in first.get_text()


def test_pages_about_a_listing_name_it_in_their_titles(office: Office) -> None:
    public_id = office.draft(publication.submit, title="雪室の補助金")
    for path in ("review", "versions/1", "compare", "attachments"):
        page = office.approver.get(f"/staff/listings/{public_id}/{path}")
        assert page.text("title").endswith(": 雪室の補助金 | あおビズサーチ"), path


def test_page_of_what_was_public_offers_a_copy_for_the_new_year(office: Office) -> None:
    public_id = office.draft(publication.publish)
    page = office.clerk.get(f"/staff/listings/{public_id}")
    assert page.dom.select_one(f"form[action='/staff/listings/{public_id}/copy']")
    draft = office.clerk.get(f"/staff/listings/{office.draft()}")
    assert not draft.dom.select("form[action$='/copy']")
