"""Writing a listing on its page, without JavaScript: from the title to the public."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from wtforms import HiddenField

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.agencies.models import Agency
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings.models import Listing, ListingState, ListingVersion
from portal.publishing.editor_forms import ListingForm
from tests.accounts import Visitor, id_of, signed_in, signed_in_admin
from tests.acts.listings import CLERK, PATH, WHOLE, clerk
from tests.conftest import resources_of
from tests.factories import make_agency, make_listing
from tests.pages import Page
from tests.portal.attachments.people import attach, file_of

NEW, FIRST = f"{PATH}/new", f"{PATH}/L000001/edit"


def newest(held: Resources) -> ListingVersion:
    """The last version of the one listing there is."""
    with held.sessions() as session:
        numbered = select(ListingVersion).order_by(ListingVersion.number.desc()).limit(1)
        version = session.scalars(numbered).one()
        assert version.listing.public_id == "L000001"
        return version


def the_listing(held: Resources) -> Listing:
    with held.sessions() as session:
        return session.scalars(select(Listing)).one()


def value(page: Page, name: str) -> str:
    """What a text field holds."""
    field = page.dom.select_one(f"form.form #{name}")
    assert field is not None, name
    return str(field.get("value", field.get_text()[1:]))


def chosen(page: Page, name: str) -> list[str]:
    """The values of the boxes that are checked."""
    return [str(box["value"]) for box in page.dom.select(f"input[name={name}][checked]")]


def buttons(page: Page) -> list[str]:
    """What the end of the page offers."""
    return [str(button["value"]) for button in page.dom.select(".editor__end button")]


def public_listing(app: Flask, **content: object) -> None:
    """A listing of 青森市 that everybody sees."""
    with resources_of(app).sessions() as session:
        make_listing(session, agency=make_agency(session, "m02201"), tel="017-000-0000", **content)


def test_new_page_asks_whom_the_agency_has_named(app: Flask) -> None:
    visitor = clerk(app)
    with write_transaction(resources_of(app).sessions) as session:
        agency = session.scalars(select(Agency)).one()
        agency.department, agency.tel = "商工課", "017-111-2222"
    page = visitor.get(NEW)
    assert (value(page, "department"), value(page, "tel")) == ("商工課", "017-111-2222")
    assert chosen(page, "date_state") == []


def test_draft_needs_a_title_alone_and_shows_nothing_as_chosen(app: Flask) -> None:
    visitor = clerk(app)
    answer = visitor.send(NEW, title="題名だけ", action="save")
    assert (answer.status_code, answer.location) == (303, FIRST)
    page = visitor.get(FIRST)
    told = page.text("[role=status].notices")
    assert told == "保存しました。書き終えたら「確認を依頼する」を押してください。"
    assert value(page, "title") == "題名だけ"
    assert page.dom.select("#kind option[selected]") == []
    assert chosen(page, "date_state") == []
    assert newest(resources_of(app)).undecided == ["kind", "date_state"]


def test_approver_writes_and_publishes_in_one_step_and_searches_find_it(app: Flask) -> None:
    visitor = clerk(app, Role.APPROVER)
    assert visitor.send(NEW, **WHOLE, action="publish").status_code == 303
    assert visitor.get("/search?q=店舗改装").listing_ids == ["L000001"]
    assert visitor.get("/listings/L000001").text("h1") == WHOLE["title"]


def test_clerk_asks_for_approval_and_approver_publishes(app: Flask) -> None:
    visitor = clerk(app)
    visitor.send(NEW, **WHOLE, action="submit")
    assert the_listing(resources_of(app)).state == ListingState.IN_REVIEW
    assert visitor.get("/search?q=店舗改装").listing_ids == []
    approver = signed_in(app, "approver@city.example.jp", role=Role.APPROVER)
    approver.send(FIRST, **WHOLE, version="1", action="publish")
    assert approver.get("/search?q=店舗改装").listing_ids == ["L000001"]


@pytest.mark.parametrize("action", ["submit", "publish", "schedule"])
def test_incomplete_listing_is_given_back_with_all_that_is_missing(app: Flask, action: str) -> None:
    visitor = clerk(app, Role.APPROVER)
    when = {"publish_at": "2026-12-01T09:00"}
    answer = visitor.send(NEW, title="足りない補助金", body="本文です", action=action, **when)
    assert answer.status_code == 422
    page = Page(422, answer.text)
    links = [str(link["href"])[1:] for link in page.dom.select("#problems a")]
    assert links == ["summary", "kind", "purposes", "industries", "regions", "date_state", "tel"]
    for name in links:
        assert page.dom.select_one(f"#{name}") is not None
        assert page.dom.select_one(f"#{name}-error") is not None
    assert (value(page, "title"), value(page, "body")) == ("足りない補助金", "本文です")
    with resources_of(app).sessions() as session:
        assert session.scalars(select(Listing)).all() == []


def test_what_is_wrong_and_what_is_missing_are_told_together(app: Flask) -> None:
    visitor = clerk(app)
    wrong = WHOLE | {"summary": "", "tel": "内線"}
    page = Page(422, visitor.send(NEW, **wrong, action="submit").text)
    assert [str(link["href"]) for link in page.dom.select("#problems a")] == ["#summary", "#tel"]


def test_each_field_can_be_led_to_by_its_name(app: Flask) -> None:
    visitor = clerk(app, Role.APPROVER)
    with write_transaction(resources_of(app).sessions) as session:
        make_agency(session, "m02202", name="弘前市", level="municipality")
    page = visitor.get(NEW)
    groups = [f"-{number}-" for number in range(1, 30)]
    names = [
        name
        for name, field in ListingForm()._fields.items()
        if not isinstance(field, HiddenField) and not any(part in name for part in groups)
    ]
    assert [name for name in names if page.dom.select_one(f"#{name}") is None] == []


def test_wrong_fields_are_told_beside_them_and_keep_what_was_typed(app: Flask) -> None:
    visitor = clerk(app)
    typed = {"title": "補助金", "closes_on": "5月末", "tel": "内線", "regions": ["02201", "02202"]}
    page = Page(422, visitor.send(NEW, **typed, action="save").text)
    assert "年から入れてください" in page.text("#closes_on-error")
    assert value(page, "closes_on") == "5月末"
    assert page.dom.select_one("#closes_on")["type"] == "text"
    assert page.dom.select_one("#closes_on")["aria-invalid"] == "true"
    assert chosen(page, "regions") == ["02201", "02202"]
    assert page.text("title").startswith("エラー: ")


def test_clerk_is_offered_to_ask_and_may_not_publish(app: Flask) -> None:
    visitor = clerk(app)
    assert buttons(visitor.get(NEW)) == ["submit", "save"]
    answer = visitor.send(NEW, **WHOLE, action="publish")
    assert answer.status_code == 403
    assert value(Page(403, answer.text), "title") == WHOLE["title"]
    with resources_of(app).sessions() as session:
        assert session.scalars(select(Listing)).all() == []


def test_clerk_of_an_agency_without_approval_publishes(app: Flask) -> None:
    visitor = clerk(app)
    with write_transaction(resources_of(app).sessions) as session:
        session.scalars(select(Agency)).one().approval = "none"
    assert buttons(visitor.get(NEW)) == ["schedule", "publish", "save"]
    visitor.send(NEW, **WHOLE, action="publish")
    assert the_listing(resources_of(app)).state == ListingState.PUBLISHED


def test_administrator_says_for_whom_first(app: Flask) -> None:
    admin = signed_in_admin(app)
    with write_transaction(resources_of(app).sessions) as session:
        make_agency(session, "m02202", name="弘前市", level="municipality", tel="0172-00-0000")
    assert admin.get(NEW).texts("#agency option") == ["弘前市"]
    page = admin.get(f"{NEW}?agency=m02202")
    assert value(page, "tel") == "0172-00-0000"
    admin.send(NEW, **WHOLE, agency="m02202", action="publish")
    with resources_of(app).sessions() as session:
        assert session.scalars(select(Listing)).one().agency.code == "m02202"
    assert admin.get(f"{NEW}?agency=nobody", 404).status == 404


def test_agency_in_the_form_of_a_clerk_is_never_written_for(app: Flask) -> None:
    visitor = clerk(app)
    with write_transaction(resources_of(app).sessions) as session:
        make_agency(session, "m02202", name="弘前市", level="municipality")
    answer = visitor.send(NEW, title="題名", agency="m02202", action="save")
    assert answer.status_code == 409
    assert "弘前市" not in Page(409, answer.text).text("[role=alert]")
    with resources_of(app).sessions() as session:
        assert session.scalars(select(Listing)).all() == []
    visitor.send(NEW, title="題名", action="save")
    with resources_of(app).sessions() as session:
        assert session.scalars(select(Listing)).one().agency.code == "m02201"


@pytest.mark.parametrize(("action", "prefix"), [("add_round", "rounds"), ("add_event", "events")])
def test_group_is_added_by_a_button_and_nothing_is_saved(
    app: Flask, action: str, prefix: str
) -> None:
    visitor = clerk(app)
    first = "rounds-0-label" if prefix == "rounds" else "events-0-venue"
    page = Page(200, visitor.send(NEW, **{"title": "補助金", first: "公会堂"}, action=action).text)
    assert len(page.dom.select(f"[data-group={prefix}]")) == 2
    assert (value(page, first), value(page, "title")) == ("公会堂", "補助金")
    assert page.dom.select_one(f"#{prefix}")["open"] is not None
    assert page.dom.select_one("[autofocus]")["name"].startswith(f"{prefix}-1-")
    with resources_of(app).sessions() as session:
        assert session.scalars(select(Listing)).all() == []


def test_no_more_groups_are_added_than_there_is_room_for(app: Flask) -> None:
    visitor = clerk(app)
    page = Page(200, visitor.send(NEW, **{"rounds-9-label": "最後"}, action="add_round").text)
    assert len(page.dom.select("[data-group=rounds]")) == 10


def test_body_is_shown_as_it_will_be_and_harmless(app: Flask) -> None:
    visitor = clerk(app)
    body = "**太字**\n\n<script>alert(1)</script>\n\n[悪い](javascript:alert(1))"
    page = Page(200, visitor.send(NEW, title="補助金", body=body, action="show_body").text)
    shown = page.dom.select_one("[data-body-shown]")
    assert shown.select_one("strong").get_text() == "太字"
    assert shown.select("script, a") == []
    part = visitor.send(f"{PATH}/body", body=body).text
    assert "<strong>太字</strong>" in part
    assert "<script" not in part


def test_listing_is_scheduled_and_ends_at_the_times_that_are_given(app: Flask) -> None:
    visitor = clerk(app, Role.APPROVER)
    times = {"publish_at": "2026-12-01T09:00", "unpublish_at": "2026-12-31T17:00"}
    visitor.send(NEW, **WHOLE, **times, action="schedule")
    listing = the_listing(resources_of(app))
    assert listing.publish_at == datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert listing.unpublish_at == datetime(2026, 12, 31, 8, 0, tzinfo=UTC)
    page = visitor.get(FIRST)
    assert "12月1日（火）9:00に公開" in page.text("[data-state]")
    assert value(page, "unpublish_at") == "2026-12-31T17:00"


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({}, "publish_at"),
        ({"publish_at": "明日の朝"}, "publish_at"),
        ({"publish_at": "2026-11-01T09:00"}, "publish_at"),
        (
            {"publish_at": "2026-12-01T09:00", "unpublish_at": "2026-11-30T09:00"},
            "unpublish_at",
        ),
    ],
    ids=["none", "no time", "past", "ends before"],
)
def test_times_that_cannot_be_are_told(app: Flask, times: dict[str, str], field: str) -> None:
    visitor = clerk(app, Role.APPROVER)
    answer = visitor.send(NEW, **WHOLE, **times, action="schedule")
    assert answer.status_code == 422
    assert Page(422, answer.text).dom.select_one(f"#{field}-error") is not None


def test_change_of_a_public_listing_is_seen_by_the_public_once_published(app: Flask) -> None:
    visitor = clerk(app)
    public_listing(app)
    changed = WHOLE | {"title": "変わった補助金"}
    visitor.send(FIRST, **changed, version="1", action="submit")
    assert visitor.get("/listings/L000001").text("h1") == "店舗改装の補助金"
    assert "変更は確認待ち" in visitor.get(FIRST).text("[data-state]")
    preview = visitor.get(f"{PATH}/L000001/preview")
    assert preview.text("h1") == "変わった補助金"
    assert preview.dom.select("[data-missing]") == []
    approver = signed_in(app, "approver@city.example.jp", role=Role.APPROVER)
    approver.send(FIRST, **changed, version="2", action="publish")
    assert visitor.get("/listings/L000001").text("h1") == "変わった補助金"


def test_saving_what_is_public_already_says_that_nothing_changed(app: Flask) -> None:
    visitor = clerk(app)
    public_listing(app, body="本文")
    for action in ("save", "submit"):
        answer = visitor.send(FIRST, **WHOLE, body="本文", version="1", action=action)
        assert answer.status_code == 303
        told = visitor.get(FIRST).text("[role=status].notices")
        assert told == "変わったところはありません。"
    assert newest(resources_of(app)).number == 1


def test_listing_that_is_put_away_is_shown_and_not_edited(app: Flask) -> None:
    visitor = clerk(app)
    visitor.send(NEW, title="題名", action="save")
    with write_transaction(resources_of(app).sessions) as session:
        session.scalars(select(Listing)).one().state = ListingState.ARCHIVED
    assert visitor.open(FIRST).location == f"{PATH}/L000001/preview"
    answer = visitor.send(FIRST, title="別の題名", version="1", action="save")
    assert answer.status_code == 409
    assert value(Page(409, answer.text), "title") == "別の題名"


def test_comment_of_the_approver_is_shown_where_it_is_mended(app: Flask) -> None:
    visitor = clerk(app)
    visitor.send(NEW, title="題名", action="save")
    with write_transaction(resources_of(app).sessions) as session:
        session.scalars(select(Listing)).one().return_comment = "締切を書いてください。"
    assert "締切を書いてください。" in visitor.get(FIRST).text("[data-comment]")


def test_preview_of_a_draft_says_what_is_not_chosen_yet(app: Flask) -> None:
    visitor = clerk(app)
    visitor.send(NEW, title="題名", action="save")
    page = visitor.get(f"{PATH}/L000001/preview")
    assert "まだ選んでいません" in page.text(".listing__kind")
    assert "受付の状態を選んでください" in page.text("[data-missing]")
    assert page.dom.select_one("meta[name=robots]")["content"] == "noindex"


def test_form_that_was_kept_while_the_session_ended_is_saved_as_a_draft(app: Flask) -> None:
    visitor: Visitor = clerk(app)
    # What is sent after signing in again has no button.
    assert visitor.send(NEW, **WHOLE).status_code == 303
    assert the_listing(resources_of(app)).state == ListingState.DRAFT


@pytest.mark.parametrize(
    ("role", "action", "told"),
    [
        (Role.STAFF, "submit", "公開されるか差し戻されると、メールが届きます。"),
        (Role.APPROVER, "publish", "10分のあいだは取り消せます。"),
        (Role.APPROVER, "schedule", "決めた日時に、自動で公開されます。"),
    ],
    ids=["submit", "publish", "schedule"],
)
def test_who_is_done_sees_how_the_listing_stands_and_what_comes_next(
    app: Flask, role: Role, action: str, told: str
) -> None:
    visitor = clerk(app, role)
    answer = visitor.send(NEW, **WHOLE, action=action, publish_at="2026-12-01T09:00")
    assert (answer.status_code, answer.location) == (303, f"{PATH}/L000001")
    assert told in visitor.get(answer.location).text("[role=status].notices")


def test_new_page_begins_where_the_agency_works(app: Flask) -> None:
    visitor = clerk(app)
    with write_transaction(resources_of(app).sessions) as session:
        session.scalars(select(Agency)).one().region_code = "02201"
    page = visitor.get(NEW)
    assert chosen(page, "regions") == ["02201"]
    assert "登録してある地域を選んであります" in page.text("#regions-hint")


def test_title_and_way_back_tell_which_listing_is_written(app: Flask) -> None:
    visitor = clerk(app)
    visitor.send(NEW, title="雪室の補助金", action="save")
    page = visitor.get(FIRST)
    assert page.text("title") == "支援情報を編集する: 雪室の補助金 | あおビズサーチ"
    steps = [str(link["href"]) for link in page.dom.select(".breadcrumbs a")]
    assert steps == ["/", "/staff", f"{PATH}", f"{PATH}/L000001"]


def test_preview_leads_to_no_public_page_of_a_draft(app: Flask) -> None:
    visitor = clerk(app)
    visitor.send(NEW, **WHOLE, action="save")
    page = visitor.get(f"{PATH}/L000001/preview")
    links = {str(link["href"]) for link in page.dom.select("a[href]")}
    assert not {link for link in links if link.startswith("/listings/L000001")}


def test_who_belongs_to_another_agency_by_now_is_told_before_anything_is_saved(app: Flask) -> None:
    visitor = clerk(app)
    held = resources_of(app)
    with write_transaction(held.sessions) as session:
        other = make_agency(session, "m02202", name="弘前市", level="municipality")
        session.get_one(User, id_of(held, CLERK)).agency = other
    answer = visitor.send(NEW, **WHOLE, agency="m02201", action="save")
    page = Page(409, answer.text)
    assert answer.status_code == 409
    assert "「弘前市」の支援情報として開き直しました" in page.text("[role=alert]")
    assert value(page, "title") == WHOLE["title"]
    with held.sessions() as session:
        assert session.scalars(select(Listing)).all() == []
    assert visitor.send(NEW, **WHOLE, agency="m02202", action="save").status_code == 303
    with held.sessions() as session:
        assert session.scalars(select(Listing)).one().agency.code == "m02202"


def test_file_that_was_added_meanwhile_is_not_published_unseen(app: Flask) -> None:
    approver = clerk(app, Role.APPROVER)
    approver.send(NEW, **WHOLE, action="save")
    held = resources_of(app)
    with write_transaction(held.sessions) as session:
        attach(session, held.attachments, session.get_one(Listing, 1), file_of())
    assert approver.send(FIRST, **WHOLE, version="1", action="publish").status_code == 409
    assert the_listing(held).state == ListingState.DRAFT
    answer = approver.send(FIRST, **WHOLE, version="2", action="publish")
    assert answer.status_code == 303
    assert the_listing(held).state == ListingState.PUBLISHED


def test_tag_in_the_body_is_told_beside_it_and_stays_typed(app: Flask) -> None:
    answer = clerk(app).send(NEW, **(WHOLE | {"body": "<script>x</script>"}), action="save")
    page = Page(422, answer.text)
    assert "HTMLのタグ" in page.text("#body-error")
    assert page.dom.select_one("#body").text.strip() == "<script>x</script>"
