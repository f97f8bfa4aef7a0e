"""Visitors write, without an account, and lose nothing of what they typed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import SignInAttempt
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import queries as listing_queries
from portal.listings import services as listing_services
from portal.messages.models import Message
from tests.accounts import Visitor, actions, last_event, make_user, move_clock, signed_in
from tests.conftest import NOW, MakeApp, MakeDatabase, make_settings, resources_of
from tests.factories import make_agency, publish_and_index
from tests.pages import Page
from tests.portal.accounts import mailbox
from tests.portal.accounts.test_password_reset import mails

OWNER = "owner@firm.example.jp"
MAILBOX = "kigyo@city.example.jp"
CONTACT = {"topic": "use", "text": "地図で\r\n探せますか。", "reply_to": OWNER}


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def letters_to(held: Resources, address: str) -> list[str]:
    """The texts of all mail to an address, with plain line ends."""
    return [letter.replace("\r\n", "\n") for letter in mailbox.letters_to(held, address)]


def stored(held: Resources) -> list[Message]:
    with held.sessions() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def publish(held: Resources, *, section: str | None = MAILBOX) -> str:
    """A listing of a town, whose section has a mailbox or none."""
    with write_transaction(held.sessions) as session:
        agency = make_agency(session, "m02201", name="青森市", section_mailbox=section)
    return publish_and_index(held, agency=agency, title="店舗改装の補助金")


def report_page(public_id: str) -> str:
    return f"/listings/{public_id}/report"


def report(visitor: Visitor, public_id: str, **more: str) -> int:
    path = report_page(public_id)
    form = {"topic": "dates", "text": "締切は9月末です。"} | more
    return visitor.send(path, token=visitor.token(path), **form).status_code


def test_contact_lists_desks_with_a_telephone(app: Flask, resources: Resources) -> None:
    desk = publish_and_index(resources, title="よろず相談", kind="desk", tel="017-111-2222")
    publish_and_index(resources, title="電話のない窓口", kind="desk")
    publish_and_index(resources, title="補助金", tel="017-333-4444")
    dom = Visitor(app).get("/contact").dom
    assert [link["href"] for link in dom.select(".desk .desk__call a")] == [
        "tel:0172334111",
        "tel:0171112222",
    ]
    assert dom.select(".desk a.desk__name")[-1]["href"] == f"/listings/{desk}"


def test_contact_leaves_samples_out(app: Flask, resources: Resources) -> None:
    publish_and_index(resources, title="相談室（見本）", kind="desk", tel="000-0000-0001")
    assert "相談室" not in Visitor(app).get("/contact").text("main")


def test_message_about_the_portal_is_kept_and_told_to_every_administrator_who_is_there(
    visitor: Visitor, resources: Resources
) -> None:
    for number, role in enumerate((Role.ADMIN, Role.ADMIN, Role.APPROVER, Role.MEMBER)):
        make_user(resources, f"person-{number}@pref.example.jp", role=role)
    answer = visitor.send("/contact", **CONTACT)
    assert (answer.status_code, answer.location) == (303, "/contact/sent")
    assert "ありがとうございます" in visitor.get("/contact/sent").text("main")
    (message,) = stored(resources)
    assert (message.topic, message.text, message.reply_to) == ("use", "地図で\n探せますか。", OWNER)
    assert (message.state, message.agency_id, message.listing_id) == ("open", None, None)
    for number in range(2):
        (letter,) = letters_to(resources, f"person-{number}@pref.example.jp")
        assert "> 探せますか。" in letter
        assert "http://localhost/admin/messages/1\n" in letter
        # Of a person no more goes by mail than has to.
        assert OWNER not in letter
    assert len(mails(resources)) == 2


def test_message_about_the_portal_is_told_to_the_mailbox_of_the_prefecture_if_there_is_one(
    tmp_path, make_app: MakeApp, make_sqlite_database: MakeDatabase
) -> None:
    app = make_app(
        make_settings(
            tmp_path,
            PORTAL_DATABASE_URL=make_sqlite_database(),
            PORTAL_CONTACT_MAILBOX="shokosei@pref.example.jp",
        )
    )
    held = resources_of(app)
    make_user(held, "ken@pref.example.jp", role=Role.ADMIN)
    assert Visitor(app).send("/contact", **CONTACT).status_code == 303
    assert len(letters_to(held, "shokosei@pref.example.jp")) == len(mails(held)) == 1


def test_mistake_is_told_to_the_mailbox_of_the_section(
    visitor: Visitor, resources: Resources
) -> None:
    public_id = publish(resources)
    make_user(resources, "clerk@city.example.jp", role=Role.STAFF, agency="m02201")
    page = visitor.get(f"/listings/{public_id}")
    link = page.dom.select_one(".listing__report a")
    assert link["href"] == report_page(public_id)
    assert "青森市" in visitor.get(report_page(public_id)).text("main")
    path = report_page(public_id)
    answer = visitor.send(path, token=visitor.token(path), topic="over")
    assert answer.location == f"/contact/sent?listing={public_id}"
    assert visitor.get(answer.location).dom.select(f"main a[href='/listings/{public_id}']")
    (letter,) = letters_to(resources, MAILBOX)
    assert "店舗改装の補助金" in letter
    assert "もう終わっている" in letter
    assert f"http://localhost/listings/{public_id}\n" in letter
    assert "http://localhost/staff/messages/1\n" in letter
    assert len(mails(resources)) == 1


def test_without_a_mailbox_those_who_work_for_the_agency_are_told(
    visitor: Visitor, resources: Resources
) -> None:
    public_id = publish(resources, section=None)
    for name, role, agency in (
        ("clerk", Role.STAFF, "m02201"),
        ("head", Role.APPROVER, "m02201"),
        ("other", Role.STAFF, "m02202"),
    ):
        make_user(resources, f"{name}@city.example.jp", role=role, agency=agency)
    assert report(visitor, public_id) == 303
    told = [len(letters_to(resources, f"{n}@city.example.jp")) for n in ("clerk", "head", "other")]
    assert told == [1, 1, 0]


def test_where_nobody_works_for_the_agency_the_prefecture_is_told(
    visitor: Visitor, resources: Resources
) -> None:
    make_user(resources, "ken@pref.example.jp", role=Role.ADMIN)
    assert report(visitor, publish(resources, section=None)) == 303
    (letter,) = letters_to(resources, "ken@pref.example.jp")
    assert "http://localhost/admin/messages/1\n" in letter


def test_record_tells_that_a_message_came_and_nothing_of_it(
    visitor: Visitor, resources: Resources
) -> None:
    public_id = publish(resources)
    report(visitor, public_id, reply_to=OWNER)
    event = last_event(resources)
    assert (event.action, event.target_type, event.target_id) == (
        *("message_received", "message", "1"),
    )
    assert (event.actor_label, event.agency_code) == ("", "m02201")
    assert event.detail == f'{{"listing":"{public_id}"}}'


@pytest.mark.parametrize(
    ("path", "typed", "wrong"),
    [
        ("/contact", {"topic": "use", "text": " \r\n"}, ["text"]),
        ("/contact", {"topic": "dates", "text": "x"}, ["topic"]),
        ("/contact", {"text": "x"}, ["topic"]),
        ("/contact", {"topic": "use", "text": "あ" * 2_001}, ["text"]),
        ("/contact", {"topic": "use", "text": "x", "reply_to": "わたし"}, ["reply_to"]),
        ("/contact", {"topic": "use", "text": "x", "reply_to": "a@b.jp,c@d.jp"}, ["reply_to"]),
        ("/contact", {"topic": "use", "text": "x", "reply_to": "=?a?=@b.jp"}, ["reply_to"]),
        ("/contact", {"topic": "use", "text": "x", "website": "http://spam.example"}, ["website"]),
        ("report", {"topic": "use"}, ["topic"]),
        ("report", {"topic": "other", "text": ""}, ["text"]),
        ("report", {"topic": "", "reply_to": "わたし"}, ["topic", "reply_to"]),
    ],
)
def test_wrong_field_is_told_beside_it_and_everything_typed_is_kept(
    visitor: Visitor, resources: Resources, path: str, typed: dict[str, str], wrong: list[str]
) -> None:
    path = report_page(publish(resources)) if path == "report" else path
    answer = visitor.send(path, token=visitor.token(path), **typed)
    page = Page(answer.status_code, answer.text)
    assert page.status == 422
    assert page.text("title").startswith("エラー: ")
    assert [a["href"] for a in page.dom.select("[role=alert] a")] == [f"#{name}" for name in wrong]
    for name in wrong:
        field = page.dom.select_one(f"#{name}")
        assert field["aria-invalid"] == "true"
        assert f"{name}-error" in field["aria-describedby"]
    assert page.dom.select_one("textarea").text.strip() == typed.get("text", "").strip()
    assert page.dom.select_one("#reply_to").get("value", "") == typed.get("reply_to", "")
    assert stored(resources) == []
    assert "message_received" not in actions(resources)


def test_trap_for_programs_is_out_of_the_way_of_people(visitor: Visitor) -> None:
    trap = visitor.get("/contact").dom.select_one("#website")
    assert trap["tabindex"] == "-1"
    assert trap.find_parent(attrs={"aria-hidden": "true"})
    assert trap.find_parent(class_="visually-hidden")


def test_what_nobody_types_is_left_out(visitor: Visitor, resources: Resources) -> None:
    typed = {
        "topic": "use",
        "text": "雪\0\x1b\u2028<b>\t太字</b>",
        "reply_to": "ｏｗｎｅｒ@firm.example.jp ",
    }
    assert visitor.send("/contact", **typed).status_code == 303
    (message,) = stored(resources)
    assert message.text == "雪\n<b>\t太字</b>"
    assert message.reply_to == OWNER


def test_one_network_has_to_wait_after_twenty_in_an_hour_and_keeps_what_was_typed(
    app: Flask, visitor: Visitor, resources: Resources
) -> None:
    token = visitor.token("/contact")
    for number in range(20):
        typed = CONTACT | {"reply_to": f"owner-{number}@firm.example.jp"}
        assert visitor.send("/contact", token=token, **typed).status_code == 303
    answer = visitor.send("/contact", token=token, **CONTACT)
    page = Page(answer.status_code, answer.text)
    assert page.status == 429
    assert answer.headers["Retry-After"] == "3600"
    assert "約1時間待ってから" in page.text("[role=alert]")
    assert "探せますか。" in page.text("textarea")
    assert page.dom.select_one("#reply_to")["value"] == OWNER
    assert len(stored(resources)) == 20
    with resources.sessions() as session:
        kinds = set(session.scalars(select(SignInAttempt.kind)))
    assert kinds == {"message"}
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    other = visitor.client.post(
        "/contact", data=CONTACT | {"csrf_token": token}, environ_base=elsewhere
    )
    assert other.status_code == 303
    move_clock(app, timedelta(hours=1))
    assert visitor.send("/contact", token=token, **CONTACT).status_code == 303


def test_wrong_forms_do_not_count(visitor: Visitor) -> None:
    token = visitor.token("/contact")
    for _ in range(25):
        assert visitor.send("/contact", token=token, topic="use").status_code == 422
    assert visitor.send("/contact", token=token, **CONTACT).status_code == 303


def test_there_is_nothing_to_report_of_what_is_not_public(
    visitor: Visitor, resources: Resources
) -> None:
    visitor.get(report_page("L000099"), 404)
    public_id = publish(resources)
    with write_transaction(resources.sessions) as session:
        listing = listing_queries.get_public(session, public_id)
        listing_services.withdraw(session, listing, reason="終了", now=NOW)
    visitor.get(report_page(public_id), 410)
    token = visitor.token("/contact")
    answer = visitor.send(report_page(public_id), token=token, topic="dates")
    assert answer.status_code == 410
    assert stored(resources) == []


def test_form_without_its_cookie_is_given_back_without_asking_to_sign_in(
    app: Flask, resources: Resources
) -> None:
    path = report_page(publish(resources))
    token = Visitor(app).token(path)
    visitor = Visitor(app)
    answer = visitor.send(path, token=token, topic="dates", text="締切は9月末です。")
    page = Page(answer.status_code, answer.text)
    assert page.status == 400
    assert page.text("h1") == "もう一度送信してください"
    assert "締切や日程が違う" in page.text("[data-kept]")
    form = page.dom.select_one("main form[method=post]")
    assert form["action"] == path
    fields = {e["name"]: e.get("value") or e.text.lstrip("\n") for e in form.select("[name]")}
    assert visitor.client.post(path, data=fields).status_code == 303
    assert [message.text for message in stored(resources)] == ["締切は9月末です。"]


def test_somebody_who_is_signed_in_writes_as_anybody(app: Flask, resources: Resources) -> None:
    member = signed_in(app, OWNER)
    assert member.send("/contact", topic="use", text="x").status_code == 303
    (message,) = stored(resources)
    assert message.reply_to is None
