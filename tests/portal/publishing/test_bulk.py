"""Many listings are confirmed, returned, withdrawn and put away at once, and taken back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.listings.facet_models import VersionFiscalYear
from portal.listings.models import Listing, ListingState
from portal.mail.models import OutgoingMail
from portal.publishing import publication
from portal.publishing.acts import Act
from tests.accounts import Visitor, actions, move_clock, signed_in_admin
from tests.conftest import NOW
from tests.pages import Page
from tests.portal.publishing.office import Office

LIST = "/staff/listings"


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def choices(page: Page, *public_ids: str) -> list[str]:
    """What ticking those listings on a page sends."""
    values = [str(box["value"]) for box in page.dom.select("li [name=chosen]")]
    chosen = [value for value in values if value.partition(":")[0] in public_ids]
    assert len(chosen) == len(public_ids)
    return chosen


def said(visitor: Visitor, path: str = LIST) -> str:
    return visitor.get(path).text("[role=status]")


def states(office: Office, *public_ids: str) -> list[str]:
    return [office.listing(public_id).state for public_id in public_ids]


def confirmed(office: Office, public_id: str) -> bool:
    listing: Listing = office.listing(public_id)
    return listing.is_confirmed_by_agency and listing.confirmed_on == NOW.date()


def long_ago(office: Office, public_id: str) -> None:
    """Nobody has looked after the listing for two hundred days."""
    with office.held.sessions.begin() as session:
        listing = session.get_one(Listing, office.listing(public_id).id)
        listing.updated_at = NOW - timedelta(days=200)
        listing.confirmed_on = listing.updated_at.date()


def test_one_click_on_what_nobody_confirmed_for_long_tells_the_public(office: Office) -> None:
    public_id = office.draft(publication.publish, title="ずっと前の補助金")
    long_ago(office, public_id)
    path = f"{LIST}?shelf=unconfirmed"
    page = office.clerk.get(path)
    button = page.dom.select_one(f"[data-listing={public_id}] button[form=confirm-one]")
    form = page.dom.select_one("form#confirm-one")
    revision = office.listing(public_id).revision
    answer = office.clerk.send(
        str(form["action"]),
        chosen=str(button["value"]),
        next=str(form.select_one("[name=next]")["value"]),
    )
    assert answer.location == path
    assert "1件の内容を確認したことを記録しました。" in said(office.clerk, path)
    assert not office.clerk.get(path).dom.select("[data-listing]")
    assert "11月20日 機関 m02201が確認" in office.clerk.get(f"/listings/{public_id}").text("main")
    changes = office.clerk.get(f"/listings/{public_id}/history").text("main")
    assert "確認" not in changes
    page = office.clerk.get(f"{LIST}/{public_id}")
    assert "内容を確認しました（変更なし）" in page.text(".versions__acts")
    assert len(page.dom.select("[data-version]")) == 1
    assert office.listing(public_id).revision == revision
    assert actions(office.held)[-1] == "listing_confirmed"


def test_page_of_a_listing_confirms_it_and_takes_that_back(office: Office) -> None:
    public_id = office.draft(publication.publish)
    long_ago(office, public_id)
    office.send(office.clerk, public_id, "confirm")
    assert "11月20日 機関 m02201が確認" in office.clerk.get(f"/listings/{public_id}").text("main")
    office.send(office.clerk, public_id, "undo")
    assert "5月4日 機関 m02201が確認" in office.clerk.get(f"/listings/{public_id}").text("main")


def test_facts_read_in_a_document_are_vouched_for_by_the_agency_once_it_says_so(
    office: Office,
) -> None:
    public_id = office.draft(publication.publish)
    with office.held.sessions.begin() as session:
        listing = session.get_one(Listing, office.listing(public_id).id)
        listing.is_confirmed_by_agency = False
        listing.versions[-1].source = [{"document": "令和5年度の一覧", "line": 3}]
        listing.versions[-1].fiscal_year_rows = [VersionFiscalYear(fiscal_year=2023)]
    path = f"/listings/{public_id}"
    assert "11月20日時点の資料による" in office.clerk.get(path).text("main")
    assert "今年度は未確認" in office.clerk.get(path).text("main")
    assert "今年度は未確認" in office.clerk.get("/search").text("[data-listing-id]")
    office.send(office.clerk, public_id, "confirm")
    assert "11月20日 機関 m02201が確認" in office.clerk.get(path).text("main")
    assert "機関 m02201が確認" in office.clerk.get("/search").text("[data-listing-id]")
    assert "今年度は未確認" not in office.clerk.get(path).text("main")
    assert "今年度は未確認" not in office.clerk.get("/search").text("[data-listing-id]")


def test_those_that_can_be_confirmed_are_and_the_others_are_named_with_the_reason(
    office: Office,
) -> None:
    good, moved = (office.draft(publication.publish, title=name) for name in ("よい", "動いた"))
    draft, foreign = office.draft(title="下書き"), office.foreign()
    office.save(moved, title="動いた")
    office.save(moved, title="さらに動いた")
    chosen = [*choices(office.clerk.get(LIST), good, draft), f"{moved}:1", f"{foreign}:1"]
    office.clerk.send(f"{LIST}/confirm", chosen=chosen)
    told = said(office.clerk)
    assert "1件の内容を確認した" in told
    assert f"次の1件には、していません（いまの状態ではできません）: 「下書き」（{draft}）" in told
    assert f"（ほかの人が変えたため、見なおしてください）: 「さらに動いた」（{moved}）" in told
    assert f"（見つかりません）: {foreign}" in told
    assert confirmed(office, good)
    assert [confirmed(office, one) for one in (draft, foreign)] == [False, False]


def test_many_are_withdrawn_for_one_reason_and_brought_back(office: Office) -> None:
    ids = [office.draft(publication.publish, title=f"補助金{n}") for n in range(3)]
    move_clock(office.app, timedelta(minutes=1))
    path = f"{LIST}?shelf=open"
    chosen = choices(office.approver.get(path), *ids[:2])
    asked = office.approver.send(f"{LIST}/withdraw", chosen=chosen, next=path)
    page = Page(asked.status_code, asked.text)
    hidden = [str(field["value"]) for field in page.dom.select("[data-chosen] [name=chosen]")]
    assert sorted(hidden) == sorted(chosen)
    assert states(office, *ids) == [ListingState.PUBLISHED] * 3
    form = {"chosen": chosen, "next": path}
    empty = office.approver.send(f"{LIST}/withdraw", reason=" ", **form)
    assert empty.status_code == 422
    refused = Page(422, empty.text)
    assert refused.dom.select_one("[role=alert] a[href='#reason']")
    assert len(refused.dom.select("[data-chosen] [name=chosen]")) == 2
    long = office.approver.send(f"{LIST}/withdraw", reason="あ" * 501, **form)
    assert "あ" * 501 in long.text
    answer = office.approver.send(f"{LIST}/withdraw", reason="予算がなくなりました。", **form)
    assert answer.location == path
    assert "2件の掲載を終えました。" in said(office.approver, path)
    assert office.clerk.get("/search").listing_ids == [ids[2]]
    assert office.clerk.open(f"/listings/{ids[0]}").status_code == 410
    undoable = office.approver.get(path).dom.select("[data-undoable] [name=chosen]")
    assert len(undoable) == 3
    # What was published before stays, unless somebody ticks it.
    ticked = [str(box["value"]) for box in undoable if box.has_attr("checked")]
    assert sorted(ticked) == sorted(chosen)
    office.approver.send("/staff/review/undo", chosen=ticked)
    assert states(office, *ids) == [ListingState.PUBLISHED] * 3
    assert set(office.clerk.get("/search").listing_ids) == set(ids)


def test_clerk_is_not_offered_to_withdraw_and_is_refused(office: Office) -> None:
    public_id = office.draft(publication.publish)
    page = office.clerk.get(LIST)
    assert not page.dom.select("[formaction$=withdraw]")
    assert page.dom.select("[formaction$=confirm]")
    chosen = choices(page, public_id)
    office.clerk.send(f"{LIST}/withdraw", chosen=chosen, reason="まちがい")
    assert "（承認者が行います）" in said(office.clerk)
    assert states(office, public_id) == [ListingState.PUBLISHED]


def test_many_are_returned_with_one_comment_each_author_told_and_taken_back(
    office: Office,
) -> None:
    ids = [office.draft(publication.submit, title=f"補助金{n}") for n in range(2)]
    chosen = choices(office.approver.get("/staff/review"), *ids)
    form = {"chosen": chosen, "next": "/staff/review", "comment": "電話番号を確かめてください。"}
    assert office.approver.send(f"{LIST}/return", **form).location == "/staff/review"
    page = office.approver.get("/staff/review")
    assert "2件を差し戻しました。" in page.text("[role=status]")
    returned = office.clerk.get(f"{LIST}?shelf=returned")
    assert returned.text("main").count("電話番号を確かめてください。") == 2
    boxes = [str(box["value"]) for box in page.dom.select("[data-undoable] [name=chosen]")]
    office.approver.send("/staff/review/undo", chosen=boxes, next="/staff/review")
    assert states(office, *ids) == [ListingState.IN_REVIEW] * 2
    with office.held.sessions() as session:
        told = session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)).all()
    assert ["取り消し" in subject for subject in told] == [False, False, True, True]


def test_drafts_are_put_away_and_taken_out_as_they_were(office: Office) -> None:
    returned = office.draft(publication.submit, (publication.send_back, "直してください。"))
    move_clock(office.app, timedelta(minutes=20))
    page = office.clerk.get(f"{LIST}?shelf=returned")
    office.clerk.send(f"{LIST}/archive", chosen=choices(page, returned))
    assert states(office, returned) == [ListingState.ARCHIVED]
    assert "1件を保管しました。" in said(office.clerk)
    office.send(office.clerk, returned, "undo")
    assert office.listing(returned).return_comment == "直してください。"
    assert states(office, returned) == [ListingState.DRAFT]


def test_prefecture_acts_on_several_agencies_at_once(office: Office, app: Flask) -> None:
    own, foreign = office.draft(), office.foreign()
    admin = signed_in_admin(app)
    chosen = choices(admin.get("/admin/listings"), own, foreign)
    answer = admin.send("/admin/listings/archive", chosen=chosen)
    assert answer.location == "/admin/listings"
    assert "2件を保管しました。" in said(admin, "/admin/listings")
    assert states(office, own, foreign) == [ListingState.ARCHIVED] * 2


def test_nothing_ticked_and_shelves_on_which_all_is_done_one_by_one(office: Office) -> None:
    office.draft(publication.submit)
    for act in (Act.CONFIRM, Act.ARCHIVE, Act.WITHDRAW, Act.RETURN):
        office.approver.send(f"{LIST}/{act.value}")
        assert "何も選ばれていません。" in said(office.approver)
    assert not office.approver.get(f"{LIST}?shelf=in-review").dom.select("li [name=chosen]")


def test_way_back_leads_nowhere_else(office: Office) -> None:
    public_id = office.draft(publication.publish)
    chosen = choices(office.clerk.get(LIST), public_id)
    answer = office.clerk.send(f"{LIST}/confirm", chosen=chosen, next="https://evil.example/")
    assert answer.location == LIST
