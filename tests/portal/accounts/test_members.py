"""Members: signing up, another address, a copy of what is known of them, and the end of it all."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import limits, tokens
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import AttemptKind, OneTimeToken, SignInAttempt
from portal.audit.models import AuditEvent
from portal.db import write_transaction
from portal.extensions import Resources
from portal.mail import queries as mail_queries
from portal.mail.models import OutgoingMail
from portal.models import metadata
from tests.accounts import (
    LONG_PASSWORD,
    NO_ADDRESSES,
    Visitor,
    actions,
    get_user,
    last_event,
    make_user,
    move_clock,
    signed_in,
)
from tests.pages import Page
from tests.portal.accounts.mailbox import letters_to, link_in
from tests.portal.accounts.test_sign_in import plain

NEW = "雪の日の黄色い長靴と砂時計"
OWNER = "owner@firm.example.jp"
OTHER = "other@firm.example.jp"
SITE = "【あおビズサーチ】"


def everything(held: Resources) -> str:
    """All rows of all tables, as one text."""
    with held.engine.connect() as connection:
        rows = [connection.execute(table.select()).all() for table in metadata.tables.values()]
    return str(rows)


def sign_up_link(app: Flask, held: Resources, email: str = OWNER) -> str:
    assert Visitor(app).send("/signup", email=email).status_code == 200
    (letter,) = letters_to(held, email)
    return link_in(letter, "/signup")


def test_owner_signs_up_by_a_mail_and_is_signed_in(app: Flask, resources: Resources) -> None:
    link = sign_up_link(app, resources)
    assert "11月21日（土）12:00（日本時間）までに" in letters_to(resources, OWNER)[0]
    owner = Visitor(app)
    assert OWNER in owner.get(link).text("main")
    assert owner.send(link, name="りんご商店", new_password=NEW).location == "/me"
    assert "りんご商店" in owner.get("/me").text(".account-menu__text")
    assert Visitor(app).sign_in(OWNER, NEW).location == "/me"
    assert actions(resources)[:2] == ["member_signed_up", "sign_in"]
    assert Visitor(app).send(link, name="別人", new_password=NEW).status_code == 410
    assert get_user(resources, 1).role == "member"


def test_nothing_is_kept_of_an_address_that_was_never_confirmed(
    app: Flask, resources: Resources
) -> None:
    sign_up_link(app, resources)
    now = move_clock(app, timedelta(hours=24))
    with write_transaction(resources.sessions) as session:
        tokens.prune(session, now=now)
        mail_queries.prune(session, before=now)
    assert OWNER not in everything(resources)


def test_signing_up_tells_nobody_whether_an_address_has_an_account(
    app: Flask, resources: Resources
) -> None:
    make_user(resources, OTHER)
    known = Visitor(app).send("/signup", email=OTHER)
    unknown = Visitor(app).send("/signup", email=OWNER)
    # Each is told the address that was typed.
    shown = plain(known.text.replace(OTHER, ""))
    assert (known.status_code, shown) == (200, plain(unknown.text.replace(OWNER, "")))
    assert set(known.headers.keys()) == set(unknown.headers.keys())
    (letter,) = letters_to(resources, OTHER)
    assert "もう登録されています" in letter
    assert "/login" in letter
    assert "/signup/" not in letter
    assert "/signup/" in letters_to(resources, OWNER)[0]
    with resources.sessions() as session:
        assert [row.email for row in session.scalars(select(OneTimeToken))] == [OWNER]


@pytest.mark.parametrize("path", ["/signup", "/password-reset"])
@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_address_that_is_none_is_told_beside_the_field(
    app: Flask, resources: Resources, path: str, email: str
) -> None:
    answer = Visitor(app).send(path, email=email)
    assert answer.status_code == 422
    assert len(Page(422, answer.text).dom.select("#email-error")) == 1
    assert letters_to(resources, email) == []
    with resources.sessions() as session:
        assert session.scalars(select(OneTimeToken)).all() == []


def test_sixth_mail_of_a_day_is_not_sent_and_nobody_is_told(
    app: Flask, resources: Resources
) -> None:
    visitor = Visitor(app)
    pages = {plain(visitor.send("/signup", email=OWNER).text) for _ in range(7)}
    assert len(pages) == 1
    assert len(letters_to(resources, OWNER)) == 5


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (24, 410)])
def test_link_of_signing_up_works_for_a_day(
    app: Flask, resources: Resources, hours: int, status: int
) -> None:
    link = sign_up_link(app, resources)
    move_clock(app, timedelta(hours=hours))
    page = Visitor(app).get(link, status)
    assert status == 200 or page.dom.select_one('main a[href="/signup"]')


def test_address_is_changed_at_the_new_one_and_told_to_the_old(
    app: Flask, resources: Resources
) -> None:
    owner = signed_in(app, OWNER)
    assert owner.send("/me/email", email=OTHER, password=LONG_PASSWORD).status_code == 200
    assert get_user(resources, 1).email == OWNER
    (letter,) = letters_to(resources, OTHER)
    assert "11月21日（土）12:00（日本時間）までに" in letter
    link = link_in(letter, "/me/email")
    elsewhere = Visitor(app)
    assert OTHER in elsewhere.get(link).text("main")
    assert get_user(resources, 1).email == OWNER
    assert elsewhere.send(link).location == "/login"
    assert get_user(resources, 1).email == OTHER
    (told,) = letters_to(resources, OWNER)
    assert "別のアドレスに変更されました" in told
    assert OTHER not in told
    assert Visitor(app).sign_in(OTHER).location == "/me"
    assert Visitor(app).sign_in(OWNER).status_code == 422
    assert actions(resources).count("email_changed") == 1
    assert elsewhere.send(link).status_code == 410
    with resources.sessions() as session:
        assert OTHER not in str([e.detail for e in session.scalars(select(AuditEvent))])


def test_changing_to_a_taken_address_looks_the_same_and_changes_nothing(
    app: Flask, resources: Resources
) -> None:
    make_user(resources, OTHER)
    owner = signed_in(app, OWNER)
    taken = owner.send("/me/email", email=OTHER, password=LONG_PASSWORD)
    free = owner.send("/me/email", email="new@firm.example.jp", password=LONG_PASSWORD)
    assert taken.status_code == 200
    assert plain(taken.text).replace(OTHER, "") == plain(free.text).replace(
        "new@firm.example.jp", ""
    )
    (letter,) = letters_to(resources, OTHER)
    assert "もう登録されている" in letter
    assert "/me/email/" not in letter


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": OTHER, "password": "違う"}, "password"),
        ({"email": OTHER, "password": ""}, "password"),
        ({"email": "x", "password": LONG_PASSWORD}, "email"),
        ({"email": "", "password": LONG_PASSWORD}, "email"),
    ],
)
def test_bad_change_of_address_is_told_and_the_address_typed_is_kept(
    app: Flask, resources: Resources, fields: dict[str, str], field: str
) -> None:
    answer = signed_in(app, OWNER).send("/me/email", **fields)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{fields["email"]}"' in answer.text or not fields["email"]
    assert letters_to(resources, OTHER) == []


def test_who_has_to_wait_finds_what_was_typed_last(app: Flask) -> None:
    owner = signed_in(app, OWNER)
    answers = [
        owner.send("/me/email", email=f"new-{n}@firm.example.jp", password="wrong")
        for n in range(11)
    ]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    field = Page(429, answers[-1].text).dom.select_one("#email")
    assert field is not None
    assert field["value"] == "new-10@firm.example.jp"
    assert answers[-1].headers["Retry-After"] == "300"
    assert "まちがいが続いた" in Page(429, answers[-1].text).text("[role=alert]")


def test_who_has_to_wait_for_a_mail_made_no_mistake(app: Flask) -> None:
    owner = signed_in(app, OWNER)
    for n in range(100):
        assert Visitor(app).send("/signup", email=f"{n}@firm.example.jp").status_code == 200
    owner.client.delete_cookie("device")
    answer = owner.send("/me/email", email="new@firm.example.jp", password=LONG_PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    page = Page(429, answer.text)
    assert "申し込みが続いた" in page.text("[role=alert]")
    assert page.dom.select("#email")[0]["value"] == "new@firm.example.jp"


def test_newer_link_replaces_the_one_before(app: Flask, resources: Resources) -> None:
    owner = signed_in(app, OWNER)
    for address in (OTHER, "third@firm.example.jp"):
        owner.send("/me/email", email=address, password=LONG_PASSWORD)
    (first,) = letters_to(resources, OTHER)
    assert Visitor(app).send(link_in(first, "/me/email")).status_code == 410
    assert get_user(resources, 1).email == OWNER


def test_member_who_became_staff_keeps_the_address(app: Flask, resources: Resources) -> None:
    owner = signed_in(app, OWNER)
    owner.send("/me/email", email=OTHER, password=LONG_PASSWORD)
    (letter,) = letters_to(resources, OTHER)
    with write_transaction(resources.sessions) as session:
        session.get_one(User, 1).role = Role.ADMIN.value
    assert Visitor(app).send(link_in(letter, "/me/email")).status_code == 410
    assert get_user(resources, 1).email == OWNER


def test_own_data_is_all_there_is_and_recorded(app: Flask, resources: Resources) -> None:
    owner = signed_in(app, OWNER, name="りんご商店")
    Visitor(app).sign_in(OWNER)
    Visitor(app).send("/password-reset", email=OWNER)
    owner.send("/me/email", email=OTHER, password=LONG_PASSWORD)
    (reset,), (asked,) = letters_to(resources, OWNER), letters_to(resources, OTHER)
    answer = owner.send("/me/data")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    data = json.loads(answer.data)
    assert (data["email"], data["name"], data["role"]) == (OWNER, "りんご商店", "member")
    assert len(data["sessions"]) == len(data["known_devices"]) == 2
    assert data["known_devices"][0] == {"known_until": "2027-05-19T12:00:00+09:00"}
    told = [(mail["to"], mail["subject"]) for mail in data["mails"]]
    assert told == [(OWNER, f"{SITE}パスワードの再設定"), (OTHER, f"{SITE}メールアドレスの確認")]
    assert data["mails"][0]["created_at"] == "2026-11-20T12:00:00+09:00"
    assert "argon2" not in answer.text
    for link in (link_in(reset, "/password-reset"), link_in(asked, "/me/email")):
        assert link.rpartition("/")[2] not in answer.text
    assert actions(resources)[-1] == "data_exported"


def test_ended_account_leaves_nothing_but_that_it_ended(app: Flask, resources: Resources) -> None:
    owner = signed_in(app, OWNER, name="りんご商店")
    Visitor(app).sign_in(OWNER, "wrong password here")
    Visitor(app).send("/password-reset", email=OWNER)
    Visitor(app).send("/signup", email=OWNER)
    owner.send("/me/email", email=OTHER, password=LONG_PASSWORD)
    letters_to(resources, OWNER)
    assert owner.send("/me/end", password="違う").status_code == 422
    assert get_user(resources, 1).email == OWNER
    ended = owner.send("/me/end", password=LONG_PASSWORD)
    assert ended.status_code == 200
    assert "すべて消しました" in ended.text
    left = everything(resources)
    assert OWNER not in left
    assert OTHER not in left
    assert "りんご商店" not in left
    with resources.sessions() as session:
        assert session.scalars(select(OneTimeToken)).all() == []
        kinds = {attempt.kind for attempt in session.scalars(select(SignInAttempt))}
    last = last_event(resources)
    assert (last.action, last.actor_label, last.target_id) == ("user_deleted", "会員 1", "1")
    assert "password" not in kinds
    assert owner.open("/me").location.startswith("/login")
    assert Visitor(app).sign_in(OWNER).status_code == 422


def test_ended_account_leaves_nothing_of_a_former_address(app: Flask, resources: Resources) -> None:
    owner = Visitor(app)
    owner.send(sign_up_link(app, resources), name="りんご商店", new_password=NEW)
    owner.send("/me/email", email=OTHER, password=NEW)
    owner.send(link_in(letters_to(resources, OTHER)[-1], "/me/email"))
    assert len(letters_to(resources, OWNER)) == 2
    move_clock(app, timedelta(minutes=1))
    answer = owner.send("/me/end", password=NEW)
    assert answer.status_code == 200, answer.text
    left = everything(resources)
    assert OWNER not in left
    assert OTHER not in left


def test_mail_to_an_address_somebody_asked_for_stays_with_whom_it_belongs_to(
    app: Flask, resources: Resources
) -> None:
    owner = signed_in(app, OWNER)
    owner.send("/me/email", email=OTHER, password=LONG_PASSWORD)
    other = signed_in(app, OTHER)
    Visitor(app).send("/password-reset", email=OTHER)
    told = json.loads(owner.send("/me/data").data)["mails"]
    assert [mail["subject"] for mail in told] == [f"{SITE}メールアドレスの確認"]
    owner.send("/me/end", password=LONG_PASSWORD)
    left = json.loads(other.send("/me/data").data)["mails"]
    assert [mail["subject"] for mail in left] == [f"{SITE}パスワードの再設定"]


def test_ended_account_leaves_no_address_that_was_asked_for(
    app: Flask, resources: Resources
) -> None:
    owner = signed_in(app, OWNER)
    asked = ("first@firm.example.jp", "second@firm.example.jp", "third@firm.example.jp")
    for address in asked:
        owner.send("/me/email", email=address, password=LONG_PASSWORD)
    Visitor(app).send("/signup", email="second@firm.example.jp")
    letters_to(resources, OWNER)
    now = move_clock(app, timedelta(hours=24))
    with write_transaction(resources.sessions) as session:
        tokens.prune(session, now=now)
    assert owner.send("/me/end", password=LONG_PASSWORD).status_code == 200
    with resources.sessions() as session:
        left = session.scalars(select(OutgoingMail.recipient)).all()
    # Somebody else's, who wanted to sign up with an address the member had asked for.
    assert left == ["second@firm.example.jp"]
    assert "third@firm.example.jp" not in everything(resources)
    assert "first@firm.example.jp" not in everything(resources)


def test_staff_neither_change_their_address_nor_end_themselves(
    app: Flask, resources: Resources
) -> None:
    clerk = signed_in(app, "clerk@city.example.jp", role=Role.STAFF)
    for path in ("/me/email", "/me/end"):
        assert clerk.open(path).location == "/me"
        answer = clerk.send(path, email=OTHER, password=LONG_PASSWORD)
        assert answer.location == "/me"
    assert get_user(resources, 1).email == "clerk@city.example.jp"
    page = clerk.get("/me")
    assert page.dom.select('a[href="/me/end"]') == []
    assert "新しいアドレスへの招待" in page.text("#about-title ~ .hint")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/signup", AttemptKind.ADDRESS_CHECK), ("/password-reset", AttemptKind.PASSWORD_RESET)],
)
def test_whom_no_mail_reaches_is_told_how_many_there_are(
    app: Flask, path: str, kind: AttemptKind
) -> None:
    (limit,) = limits.PER_ACCOUNT[kind]
    assert limit.window == timedelta(days=1)
    sent = Visitor(app).send(path, email="owner@firm.example.jp")
    assert f"1日{limit.most}通まで" in Page(200, sent.text).text("main")


def test_who_signs_up_is_led_to_all_that_is_kept(app: Flask) -> None:
    page = Visitor(app).get("/signup")
    assert page.dom.select('main a[href="/privacy"]')
    assert "だけです" in page.text("main .lead + p")
