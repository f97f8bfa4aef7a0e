"""What waits to be approved: looked at, published by many, and taken back."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.listings.models import ListingState
from portal.publishing import publication
from tests.accounts import Visitor, move_clock, signed_in_admin
from tests.pages import Page
from tests.portal.publishing.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def waiting(page: Page) -> list[str]:
    return [str(row["data-waiting"]) for row in page.dom.select("[data-waiting]")]


def tick(visitor: Visitor, path: str, what: str, *public_ids: str) -> Page:
    """Tick some boxes of the page and press the button; returns the page afterwards."""
    page = visitor.get(path)
    values = [str(box["value"]) for box in page.dom.select("[name=chosen]")]
    chosen = [value for value in values if value.partition(":")[0] in public_ids]
    assert len(chosen) == len(public_ids)
    answer = visitor.send(f"{path}/{what}", chosen=chosen)
    assert answer.location == path
    return visitor.get(path)


def test_longest_wait_comes_first_and_each_says_what_is_new(office: Office) -> None:
    public = office.draft(publication.publish, title="公開中の補助金")
    new = office.draft(publication.submit, title="新しい補助金")
    office.save(public, title="変わった補助金", rate="1/2以内")
    office.do(public, publication.submit)
    page = office.approver.get("/staff/review")
    assert waiting(page) == [new, public]
    assert "制度の名前：公開中の補助金 → 変わった補助金" in page.text(f"[data-waiting={public}]")
    assert "はじめて公開する" in page.text(f"[data-waiting={new}]")
    assert "鈴木 みのる" in page.text(f"[data-waiting={new}]")
    # Before the boxes, whoever ticks them is told to look first.
    text = page.text("main")
    assert (
        text.index("先に名前を選んで") < text.index("新しい補助金") < text.index("まとめて差し戻す")
    )


def test_prefecture_sees_what_waits_everywhere_and_an_agency_its_own(
    office: Office, app: Flask
) -> None:
    own = office.draft(publication.submit)
    admin = signed_in_admin(app)
    assert admin.open("/staff/review").location == "/admin/review"
    page = admin.get("/admin/review")
    assert waiting(page) == [own]
    assert "機関 m02201" in page.text(f"[data-waiting={own}]")
    assert office.clerk.open("/staff/review").status_code == 403


def test_review_shows_the_public_view_and_the_differences(office: Office) -> None:
    public_id = office.draft(publication.publish)
    office.save(public_id, title="変わった題名", body="外装の工事費が対象です。")
    office.do(public_id, publication.submit)
    page = office.approver.get(f"/staff/listings/{public_id}/review")
    assert page.texts("[data-changed] dt") == ["制度の名前", "内容"]
    assert page.text("[data-public-view] .listing__title") == "変わった題名"
    assert len(page.dom.select("h1")) == 1
    assert {str(f["action"]).rsplit("/", 1)[1] for f in page.dom.select("main form")} == {
        *("publish", "return"),
    }
    around = page.dom.select("[data-acts], [data-public-view]")
    assert [str(part.get("data-acts", "view")) for part in around] == ["above", "view", "below"]
    ids = [str(found["id"]) for found in page.dom.select("[id]")]
    assert len(ids) == len(set(ids))
    for part in (around[0], around[2]):
        assert len(part.select("form")) == 2
        assert len(part.select("textarea")) == 1
    clerks = office.clerk.get(f"/staff/listings/{public_id}/review")
    assert not clerks.dom.select("[data-acts] form")


def test_review_says_when_nothing_waits_any_more(office: Office) -> None:
    waits = office.draft(publication.submit)
    returned = office.draft(publication.submit, (publication.send_back, "直してください。"))
    told = {
        public_id: office.approver.get(f"/staff/listings/{public_id}/review")
        for public_id in (waits, returned)
    }
    assert not told[waits].dom.select("[data-nothing-waits]")
    assert "差し戻してあります。" in told[returned].text("[data-nothing-waits]")
    office.do(waits, publication.publish)
    page = office.approver.get(f"/staff/listings/{waits}/review")
    assert "公開を待っている版はありません。" in page.text("[data-nothing-waits]")


def test_what_the_public_has_not_seen_has_no_day_of_publication(office: Office) -> None:
    public_id = office.draft(publication.submit)
    path = f"/staff/listings/{public_id}"
    for view in ("review", "preview", "versions/1"):
        about = office.approver.get(f"{path}/{view}").text(".listing__aside")
        assert "掲載日公開した日が入ります 更新日公開した日が入ります" in about
        assert "2026" not in about
    office.do(public_id, publication.publish)
    about = office.approver.get(f"{path}/versions/1").text(".listing__aside")
    assert "掲載日2026年11月20日（令和8年）" in about


def test_many_are_published_and_taken_back(office: Office) -> None:
    ids = [office.draft(publication.submit, title=f"補助金{n}") for n in range(3)]
    page = tick(office.approver, "/staff/review", "publish", *ids[:2])
    assert "2件を公開しました。" in page.text("[role=status]")
    assert waiting(page) == [ids[2]]
    assert set(office.clerk.get("/search").listing_ids) == set(ids[:2])
    page = tick(office.approver, "/staff/review", "undo", ids[0])
    assert "1件を、する前の様子に戻しました。" in page.text("[role=status]")
    assert set(waiting(page)) == {ids[0], ids[2]}
    assert office.clerk.get("/search").listing_ids == [ids[1]]
    office.clerk.get(f"/listings/{ids[0]}", 404)
    move_clock(office.app, timedelta(minutes=11))
    assert not office.approver.get("/staff/review").dom.select("[data-undoable]")
    answer = office.approver.send("/staff/review/undo", chosen=f"{ids[1]}:1")
    assert answer.status_code == 303
    assert "（10分を過ぎたか" in office.approver.get("/staff/review").text("[role=status]")


def test_one_that_cannot_be_published_keeps_no_other_back(office: Office) -> None:
    good, changed = (office.draft(publication.submit, title=name) for name in ("よい", "古い"))
    office.save(changed, title="あとから変わった")
    foreign = office.foreign()
    chosen = [f"{good}:1", f"{good}:1", f"{changed}:1", f"{foreign}:1", "nonsense", "L1:x", "\0:1"]
    office.approver.send("/staff/review/publish", chosen=chosen)
    page = office.approver.get("/staff/review")
    said = page.text("[role=status]")
    assert "1件を公開しました。" in said
    assert "（ほかの人が変えたため、見なおしてください）: 「あとから変わった」" in said
    assert f"（見つかりません）: {foreign}" in said
    assert "よその下書き" not in said
    assert office.listing(good).state == ListingState.PUBLISHED
    assert office.listing(changed).state == ListingState.IN_REVIEW
    assert office.listing(foreign).state == ListingState.DRAFT


def test_nothing_ticked_says_so(office: Office) -> None:
    office.draft(publication.submit)
    office.approver.send("/staff/review/publish")
    assert "何も選ばれていません。" in office.approver.get("/staff/review").text("[role=status]")


def test_what_is_incomplete_cannot_be_ticked(office: Office) -> None:
    public_id = office.draft(publication.submit)
    office.save(public_id, tel=None)
    page = office.approver.get("/staff/review")
    assert not page.dom.select("[name=chosen]")
    assert "足りないことがある" in page.text(f"[data-waiting={public_id}]")
    review = office.approver.get(f"/staff/listings/{public_id}/review")
    assert "電話かメール" in review.text("[data-missing]")


def test_empty_list_says_so(office: Office) -> None:
    assert office.approver.get("/staff/review").text("[data-total='0']")
