"""What everybody may know of how a listing changed."""

import pytest
from flask import Flask

from portal.publishing import publication, undoing
from tests.factories import make_agency, make_listing
from tests.portal.publishing.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def test_published_changes_are_told_and_nothing_else(office: Office) -> None:
    public_id = office.draft()
    office.save(public_id, title="公開前に直した題名")
    office.do(public_id, publication.submit)
    office.do(public_id, publication.publish)
    office.save(public_id, title="公開されなかった題名")
    office.save(public_id, title="三つ目の題名", rate="1/2以内")
    page = office.clerk.get(f"/listings/{public_id}/history")
    assert page.texts("[data-history] li") == ["2026年11月20日（令和8年） 掲載を始めました。"]
    office.do(public_id, publication.publish)
    page = office.clerk.get(f"/listings/{public_id}/history")
    assert page.texts("[data-history] li li") == [
        "制度の名前：公開前に直した題名 → 三つ目の題名",
        "補助率：1/2以内を追加",
    ]
    whole = page.text("main")
    for hidden in ("公開されなかった", "店舗改装", "佐藤", "鈴木", "確認"):
        assert hidden not in whole
    shown = office.clerk.get(f"/listings/{public_id}")
    assert shown.dom.select_one(f"a[href='/listings/{public_id}/history']")


def test_history_of_what_was_imported_begins_with_what_was_public(office: Office) -> None:
    with office.held.sessions() as session:
        agency = make_agency(session, "m02201")
        public_id = make_listing(session, agency=agency, tel="017-000-0000").public_id
    office.save(public_id, title="直した題名")
    office.do(public_id, publication.publish)
    page = office.clerk.get(f"/listings/{public_id}/history")
    assert page.texts("[data-history] li li") == ["制度の名前：店舗改装の補助金 → 直した題名"]
    assert len(page.dom.select("[data-history] > li")) == 2


def test_publication_that_was_taken_back_is_not_told(office: Office) -> None:
    public_id = office.draft(publication.publish)
    office.save(public_id, title="まちがえた題名")
    office.do(public_id, publication.publish)
    office.do(public_id, undoing.undo_publication)
    page = office.clerk.get(f"/listings/{public_id}/history")
    assert len(page.dom.select("[data-history] > li")) == 1
    office.do(public_id, publication.publish)
    page = office.clerk.get(f"/listings/{public_id}/history")
    assert page.texts("[data-history] li li") == [
        "制度の名前：店舗改装の補助金 → まちがえた題名",
    ]


def test_listing_that_nobody_may_see_has_no_history(office: Office) -> None:
    office.clerk.get(f"/listings/{office.draft()}/history", 404)
    office.clerk.get("/listings/L999999/history", 404)
