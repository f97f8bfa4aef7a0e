"""Messages are answered or closed where they belong, once, and forgotten in time."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.permissions import Role
from portal.db import write_transaction
from portal.extensions import Resources
from portal.jobs.registry import prune_messages
from portal.messages import queries
from portal.messages.models import MessageState
from portal.messages.services import KEPT_AT_MOST, KEPT_HANDLED
from tests.accounts import (
    Visitor,
    actions,
    last_event,
    move_clock,
    signed_in,
    signed_in_admin,
)
from tests.conftest import NOW, resources_of
from tests.factories import make_agency, publish_and_index
from tests.pages import Page
from tests.portal.messages.test_views import OWNER, letters_to, publish, report, stored

SECOND = timedelta(seconds=1)
BOTH_DESKS = pytest.mark.parametrize("path", ["/staff/messages", "/admin/messages"])


@pytest.fixture
def desk(app: Flask, resources: Resources) -> dict[str, Visitor]:
    """Message 1 about a listing of A with an address, message 2 about one of B without; and who
    looks after them."""
    visitor = Visitor(app)
    report(visitor, publish(resources), reply_to=OWNER)
    with write_transaction(resources.sessions) as session:
        agency = make_agency(session, "m02202", name="弘前市")
    report(visitor, publish_and_index(resources, agency=agency), topic="over", text="")
    return {
        "/staff/messages": signed_in(app, "a@city.example.jp", role=Role.STAFF, agency="m02201"),
        "/admin/messages": signed_in_admin(app),
    }


def open_at(desk: Visitor) -> str:
    """How many messages the first page of a desk says are open."""
    return str(
        desk.get("/staff").dom.select_one("[data-shelf=messages] [data-count]")["data-count"]
    )


def shown(page: Page) -> list[str]:
    return [str(row["data-message"]) for row in page.dom.select("[data-message]")]


def test_clerk_sees_messages_of_the_own_agency_and_the_prefecture_all(
    desk: dict[str, Visitor],
) -> None:
    staff, admin = desk["/staff/messages"], desk["/admin/messages"]
    assert shown(staff.get("/staff/messages")) == ["1"]
    assert shown(admin.get("/admin/messages")) == ["2", "1"]
    assert "青森市" in admin.get("/admin/messages").text("[data-message='1']")
    staff.get("/staff/messages/2", 404)
    staff.get("/staff/messages/99", 404)
    staff.get("/staff/messages/99999999999", 404)
    for act in ("answer", "close", "reopen"):
        assert staff.send(f"/staff/messages/2/{act}", answer="x").status_code == 404


def test_first_pages_say_how_many_are_open_and_lead_there(desk: dict[str, Visitor]) -> None:
    staff, admin = desk["/staff/messages"], desk["/admin/messages"]
    assert (open_at(staff), open_at(admin)) == ("1", "2")
    assert admin.get("/admin").dom.select_one("[data-open-messages]").text == "2"
    for visitor, path in ((staff, "/staff/messages"), (admin, "/admin/messages")):
        assert visitor.get("/staff").dom.select_one(f"[data-shelf=messages] a[href='{path}']")
        assert visitor.get("/staff").dom.select_one(f".desk-nav a[href='{path}']")
    staff.send("/staff/messages/1/close")
    assert (open_at(staff), open_at(admin)) == ("0", "1")
    assert staff.get("/staff/messages").dom.select_one(".desk-nav [aria-current=page]")


def test_administrator_is_led_from_the_desk_of_agencies_to_their_own(
    desk: dict[str, Visitor],
) -> None:
    answer = desk["/admin/messages"].open("/staff/messages/1")
    assert (answer.status_code, answer.location) == (303, "/admin/messages/1")


@BOTH_DESKS
def test_answer_goes_to_whoever_wrote(
    desk: dict[str, Visitor], resources: Resources, path: str
) -> None:
    visitor = desk[path]
    page = visitor.get(f"{path}/1")
    assert OWNER in page.text("main")
    assert "締切は9月末です。" in page.text("main")
    answer = visitor.send(f"{path}/1/answer", answer="直しました。\r\nありがとうございます。")
    assert answer.location == f"{path}/1"
    page = visitor.get(f"{path}/1")
    assert "回答を送りました" in page.text("[role=status]")
    assert "直しました。" in page.text("[data-answer]")
    assert not page.dom.select("textarea")
    (letter,) = letters_to(resources, OWNER)
    assert "青森市からの回答です。" in letter
    assert "\n直しました。\nありがとうございます。\n" in letter
    assert "\n> 締切は9月末です。\n" in letter
    event = last_event(resources)
    assert (event.action, event.target_id, event.agency_code) == (
        *("message_answered", "1", "m02201"),
    )
    assert json.loads(event.detail)["mailed"] is True
    assert OWNER not in event.detail
    assert shown(visitor.get(path)) == (["2"] if path.startswith("/admin") else [])
    assert shown(visitor.get(f"{path}?state=answered")) == ["1"]


def test_without_an_address_what_was_done_is_kept_and_nothing_mailed(
    desk: dict[str, Visitor], resources: Resources
) -> None:
    admin = desk["/admin/messages"]
    before = len(letters_to(resources, OWNER))
    admin.send("/admin/messages/2/answer", answer="電話で確かめました。")
    assert "対応の記録" in admin.get("/admin/messages/2").text("#answer-title")
    assert len(letters_to(resources, OWNER)) == before == 0
    assert json.loads(last_event(resources).detail)["mailed"] is False


@pytest.mark.parametrize("typed", ["", " \r\n ", "あ" * 2_001])
def test_answer_that_says_nothing_or_too_much_is_refused_and_kept(
    desk: dict[str, Visitor], resources: Resources, typed: str
) -> None:
    answer = desk["/staff/messages"].send("/staff/messages/1/answer", answer=typed)
    page = Page(answer.status_code, answer.text)
    assert page.status == 422
    assert page.dom.select_one("[role=alert] a")["href"] == "#answer"
    assert page.dom.select_one("#answer").text.strip() == typed.strip()
    assert stored(resources)[0].state == "open"


def test_second_answer_is_stopped_and_shown_beside_the_first(
    desk: dict[str, Visitor], resources: Resources
) -> None:
    staff, admin = desk["/staff/messages"], desk["/admin/messages"]
    staff.send("/staff/messages/1/answer", answer="一つ目の回答")
    answer = admin.send("/admin/messages/1/answer", answer="二つ目の回答")
    page = Page(answer.status_code, answer.text)
    assert page.status == 409
    assert "一つ目の回答" in page.text("[data-answer]")
    assert "二つ目の回答" in page.text("[data-typed]")
    assert len(letters_to(resources, OWNER)) == 1
    assert actions(resources).count("message_answered") == 1


@BOTH_DESKS
def test_message_is_closed_and_opened_again_and_each_is_recorded_once(
    desk: dict[str, Visitor], resources: Resources, path: str
) -> None:
    visitor = desk[path]
    for _ in range(2):
        visitor.send(f"{path}/1/close")
    assert "もう対応が済んでいます" in visitor.get(f"{path}/1").text("[role=status]")
    for _ in range(2):
        visitor.send(f"{path}/1/reopen")
    assert actions(resources)[-2:] == ["message_closed", "message_reopened"]
    assert stored(resources)[0].state == "open"


def test_answer_that_is_out_is_not_taken_back(
    desk: dict[str, Visitor], resources: Resources
) -> None:
    staff = desk["/staff/messages"]
    staff.send("/staff/messages/1/answer", answer="直しました。")
    staff.send("/staff/messages/1/reopen")
    assert stored(resources)[0].state == "answered"


def test_what_visitors_write_stays_text(app: Flask, resources: Resources) -> None:
    report(Visitor(app), publish(resources), text="<script>alert(1)</script>\n二行目")
    page = signed_in_admin(app).get("/admin/messages/1")
    assert "<script>alert(1)</script>" in page.text("main")
    assert not page.dom.select("main script")


def test_desk_of_the_prefecture_counts_its_own_and_what_agencies_leave_alone(
    app: Flask, resources: Resources
) -> None:
    visitor = Visitor(app)
    report(visitor, publish(resources))
    with resources.sessions() as session:
        week = NOW - timedelta(days=7)
        assert queries.count_waiting(session, left_before=week) == 0
        assert queries.count_waiting(session, left_before=NOW + SECOND) == 1
    visitor.send("/contact", topic="use", text="x")
    with resources.sessions() as session:
        assert queries.count_waiting(session, left_before=week) == 1
    admin = signed_in_admin(app)
    assert admin.get("/admin").text("[data-attention=messages] .attention__number") == "1件"


def test_messages_are_forgotten_after_they_were_dealt_with_or_after_a_year(
    app: Flask, desk: dict[str, Visitor], resources: Resources
) -> None:
    desk["/staff/messages"].send("/staff/messages/1/close")

    def prune() -> str:
        return prune_messages(resources_of(app).job_context())

    move_clock(app, KEPT_HANDLED)
    assert prune() == "古いお問い合わせを0件消しました。"
    move_clock(app, SECOND)
    assert prune() == "古いお問い合わせを1件消しました。"
    assert [message.id for message in stored(resources)] == [2]
    move_clock(app, KEPT_AT_MOST - KEPT_HANDLED)
    assert prune() == "古いお問い合わせを1件消しました。"


def test_list_has_pages_and_takes_any_state(
    desk: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PER_PAGE", 1)
    admin = desk["/admin/messages"]
    assert shown(admin.get("/admin/messages")) == ["2"]
    assert shown(admin.get("/admin/messages?page=2")) == ["1"]
    assert shown(admin.get("/admin/messages?state=nonsense&page=-3")) == ["2"]
    assert shown(admin.get(f"/admin/messages?state={MessageState.CLOSED}")) == []
    assert admin.get("/admin/messages?state=all").text("[data-total]") == "2"


def test_clerk_finds_the_way_from_their_own_page(desk: dict[str, Visitor]) -> None:
    assert desk["/staff/messages"].get("/me").dom.select("a[href='/staff/messages']")
    assert desk["/admin/messages"].get("/me").dom.select("a[href='/admin/messages']")
