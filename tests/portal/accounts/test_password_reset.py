"""A new password by mail: a link that works once, for an hour, and tells nobody anything."""

import re
import threading
from datetime import timedelta
from email import message_from_string

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import services, tokens
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import OneTimeToken, SignInAttempt, TokenPurpose
from portal.accounts.tokens import Place, UnusableTokenError
from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources
from portal.mail.models import OutgoingMail
from tests.accounts import (
    LONG_PASSWORD,
    Visitor,
    actions,
    get_user,
    make_user,
    move_clock,
    sessions_of,
)
from tests.conftest import NOW, PRODUCTION_URL, resources_of
from tests.pages import Page
from tests.portal.accounts.test_sign_in import plain

NEW = "雪の日の黄色い長靴と砂時計"
SECOND = timedelta(seconds=1)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def mails(held: Resources) -> list[str]:
    """What was sent or waits, once the thread that sends has ended."""
    for thread in threading.enumerate():
        if thread.name == "mail-delivery":
            thread.join(timeout=10)
    folder = held.settings.data_dir / "mail"
    return [path.read_text("utf-8") for path in sorted(folder.glob("*.eml"))]


def issue(held: Resources, user_id: int) -> str:
    """A link's token, as the mail holds it."""
    token = tokens.new_token()
    with write_transaction(held.sessions) as session:
        user = session.get_one(User, user_id)
        tokens.issue(session, TokenPurpose.PASSWORD_RESET, user, token=token, now=NOW)
    return token


def test_forgotten_password_is_replaced_by_the_link_of_a_mail(
    visitor: Visitor, resources: Resources
) -> None:
    make_user(resources)
    assert visitor.send("/password-reset", email="USER@firm.example.jp").status_code == 200
    (mail,) = mails(resources)
    with resources.sessions() as session:
        (row,) = session.scalars(select(OutgoingMail))
    assert row.recipient == "user@firm.example.jp"
    assert "パスワードの再設定" in row.subject
    assert row.good_until == NOW + timedelta(hours=1)
    assert "11月20日（金）13:00（日本時間）までに" in _decoded(mail)
    token = re.search(r"/password-reset/([\w-]{43})", _decoded(mail))
    assert token
    page = visitor.get(f"/password-reset/{token[1]}")
    assert "user@firm.example.jp" in page.text("main")
    done = visitor.send(f"/password-reset/{token[1]}", new_password=NEW)
    assert done.location == "/login"
    assert "パスワードを変更しました" in visitor.get("/login").text(".notices")
    assert visitor.sign_in().status_code == 422
    assert visitor.sign_in(password=NEW).location == "/me"
    assert actions(resources)[1:3] == ["password_reset_requested", "password_reset"]


def _decoded(mail: str) -> str:
    message = message_from_string(mail)
    parts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    return parts[0].get_payload(decode=True).decode("utf-8")


def test_unknown_and_disabled_addresses_get_the_same_page_and_no_mail(
    app: Flask, resources: Resources
) -> None:
    make_user(resources)
    disabled = make_user(resources, "disabled@firm.example.jp")
    with write_transaction(resources.sessions) as session:
        services.disable(session, session.get_one(User, disabled), actor=OPERATOR, now=NOW)
    pages = set()
    for email in ("user@firm.example.jp", "nobody@firm.example.jp", "disabled@firm.example.jp"):
        response = Visitor(app).send("/password-reset", email=email)
        assert response.status_code == 200
        assert email in response.text
        pages.add(plain(response.text.replace(email, "")))
    assert len(pages) == 1
    assert len(mails(resources)) == 1
    assert actions(resources).count("password_reset_requested") == 3


def test_sixth_mail_of_a_day_is_not_sent_and_nobody_is_told(
    visitor: Visitor, resources: Resources
) -> None:
    make_user(resources)
    pages = {
        plain(visitor.send("/password-reset", email="user@firm.example.jp").text) for _ in range(7)
    }
    assert len(pages) == 1
    assert len(mails(resources)) == 5


@pytest.mark.parametrize(("age", "works"), [(SECOND * 3599, True), (SECOND * 3600, False)])
def test_link_works_for_an_hour(
    app: Flask, visitor: Visitor, resources: Resources, age: timedelta, works: bool
) -> None:
    token = issue(resources, make_user(resources))
    move_clock(app, age)
    assert visitor.open(f"/password-reset/{token}").status_code == (200 if works else 410)


def test_link_works_once_and_then_says_what_to_do(visitor: Visitor, resources: Resources) -> None:
    token = issue(resources, make_user(resources))
    assert visitor.send(f"/password-reset/{token}", new_password=NEW).status_code == 303
    again = visitor.send(f"/password-reset/{token}", new_password=NEW + "二")
    assert again.status_code == 410
    assert 'href="/password-reset"' in again.text


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "a" * 5000, "..", "%2e%2e"])
def test_invented_links_do_not_work(visitor: Visitor, token: str) -> None:
    assert visitor.open(f"/password-reset/{token}").status_code in (404, 410)


def test_link_is_dead_once_the_password_changed(visitor: Visitor, resources: Resources) -> None:
    user_id = make_user(resources)
    first, second = issue(resources, user_id), issue(resources, user_id)
    assert visitor.send(f"/password-reset/{first}", new_password=NEW).status_code == 303
    assert visitor.open(f"/password-reset/{second}").status_code == 410


def test_link_of_a_disabled_account_is_dead(visitor: Visitor, resources: Resources) -> None:
    user_id = make_user(resources)
    with write_transaction(resources.sessions) as session:
        services.disable(session, session.get_one(User, user_id), actor=OPERATOR, now=NOW)
    token = issue(resources, user_id)
    assert visitor.open(f"/password-reset/{token}").status_code == 410


def test_reset_ends_every_session_and_forgets_devices(
    app: Flask, visitor: Visitor, resources: Resources
) -> None:
    user_id = make_user(resources)
    visitor.sign_in()
    token = issue(resources, user_id)
    Visitor(app).send(f"/password-reset/{token}", new_password=NEW)
    assert visitor.open("/me").status_code == 303
    assert sessions_of(resources, user_id) == []
    with resources.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT * FROM known_device").all() == []


def test_weak_password_is_refused_and_the_link_goes_on_working(
    visitor: Visitor, resources: Resources
) -> None:
    token = issue(resources, make_user(resources))
    weak = visitor.send(f"/password-reset/{token}", new_password="aomoriken2026")
    assert weak.status_code == 422
    assert 'aria-describedby="new_password-hint new_password-error"' in weak.text
    assert "aomoriken2026" not in weak.text
    assert visitor.send(f"/password-reset/{token}", new_password=NEW).status_code == 303


def test_address_of_the_link_is_told_to_no_other_site(
    visitor: Visitor, resources: Resources
) -> None:
    token = issue(resources, make_user(resources))
    headers = visitor.open(f"/password-reset/{token}").headers
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_token_is_in_no_table_and_in_no_record(visitor: Visitor, resources: Resources) -> None:
    token = issue(resources, make_user(resources))
    visitor.send(f"/password-reset/{token}", new_password=NEW)
    with resources.sessions() as session:
        stored = [row.token_hash for row in session.scalars(select(OneTimeToken))]
        told = [event.detail for event in session.scalars(select(AuditEvent))]
    assert token not in str(stored) + str(told)


def test_twenty_uses_at_once_succeed_exactly_once(database: sessionmaker[Session]) -> None:
    with write_transaction(database) as session:
        user = User(
            email="a@b.jp", email_folded="a@b.jp", name="a", role="member",
            password_hash="$argon2id$before", password_changed_at=NOW, created_at=NOW,
        )  # fmt: skip
        session.add(user)
        session.flush()
        token = tokens.new_token()
        tokens.issue(session, TokenPurpose.PASSWORD_RESET, user, token=token, now=NOW)
    outcomes: list[str] = []
    start = threading.Barrier(20)

    def use(number: int) -> None:
        start.wait()
        try:
            with write_transaction(database) as session:
                services.reset_password(session, token, f"$argon2id$after-{number}", now=NOW)
        except UnusableTokenError:
            outcomes.append("refused")
        else:
            outcomes.append(f"$argon2id$after-{number}")

    threads = [threading.Thread(target=use, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert outcomes.count("refused") == 19
    (winner,) = set(outcomes) - {"refused"}
    with database() as session:
        assert session.get_one(User, user.id).password_hash == winner
        events = session.scalars(select(AuditEvent.action)).all()
    assert list(events) == ["password_reset"]


def test_link_for_a_new_user_is_bound_to_address_role_and_agency(
    database: sessionmaker[Session],
) -> None:
    token = tokens.new_token()
    place = Place("new@town.example.jp", Role.ADMIN, None)
    with write_transaction(database) as session:
        tokens.issue(session, TokenPurpose.INVITATION, place, token=token, now=NOW)
    with write_transaction(database) as session:
        with pytest.raises(UnusableTokenError):
            tokens.use(session, TokenPurpose.PASSWORD_RESET, token, now=NOW)
        row = tokens.use(session, TokenPurpose.INVITATION, token, now=NOW)
        assert (row.email, row.role, row.agency_id) == (place.email, "admin", None)


def test_changed_password_is_hashed(visitor: Visitor, resources: Resources) -> None:
    user_id = make_user(resources)
    visitor.send(f"/password-reset/{issue(resources, user_id)}", new_password=NEW)
    stored = get_user(resources, user_id).password_hash
    assert stored.startswith("$argon2id$")
    assert LONG_PASSWORD not in stored


@pytest.mark.parametrize(
    ("path", "fields"), [("/login", {"password": "wrong"}), ("/password-reset", {})]
)
def test_as_much_is_done_for_an_unknown_address(
    visitor: Visitor, resources: Resources, path: str, fields: dict[str, str]
) -> None:
    make_user(resources)
    token, counts = visitor.token(), []
    for email in ("user@firm.example.jp", "nobody@firm.example.jp"):
        statements: list[str] = []

        def note(*told: object, into: list[str] = statements) -> None:
            # Not what the thread does that sends the mail, once the answer is out.
            if threading.current_thread() is threading.main_thread():
                into.append(str(told[2]).split()[0])

        event.listen(resources.engine, "before_cursor_execute", note)
        visitor.send(path, token=token, email=email, **fields)
        event.remove(resources.engine, "before_cursor_execute", note)
        mails(resources)
        counts.append([s for s in statements if s in ("INSERT", "UPDATE", "DELETE")])
    assert counts[0] == counts[1]
    assert len(counts[0]) >= 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "portal.example.jp.evil.example"},
        {"Host": "portal.example.jp:1@evil.example"},
        {"Host": "evil.example/portal.example.jp"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Server": "evil.example"},
        {"X-Host": "evil.example"},
        {"X-Original-Host": "evil.example"},
        {"X-Rewrite-URL": "http://evil.example/"},
        {"X-HTTP-Host-Override": "evil.example"},
        {"Forwarded": "host=evil.example"},
        {"X-Forwarded-Proto": "http", "X-Forwarded-Port": "666"},
    ],
)
def test_link_leads_to_the_portal_whatever_host_is_claimed(
    production_app: Flask, headers: dict[str, str]
) -> None:
    held = resources_of(production_app)
    make_user(held)
    visitor = Visitor(production_app, base_url=PRODUCTION_URL)
    answer = visitor.send("/password-reset", email="user@firm.example.jp", headers=headers)
    sent = "".join(_decoded(mail) for mail in mails(held))
    assert "evil.example" not in sent
    assert ":666" not in sent
    assert answer.status_code == (400 if "Host" in headers else 200)
    assert (f"{PRODUCTION_URL}/password-reset/" in sent) is ("Host" not in headers)


@pytest.mark.parametrize("path", ["/password-reset", "/signup"])
def test_who_waits_for_what_others_asked_is_not_told_of_mistakes(
    app: Flask, resources: Resources, path: str
) -> None:
    visitor = Visitor(app)
    assert visitor.send(path, email="first@firm.example.jp").status_code == 200
    with write_transaction(resources.sessions) as session:
        first = session.scalars(select(SignInAttempt)).one()
        session.add_all(
            SignInAttempt(kind=first.kind, account=first.account, network=first.network, at=NOW)
            for _ in range(99)
        )
    late = visitor.send(path, email="second@firm.example.jp")
    assert (late.status_code, late.headers["Retry-After"]) == (429, "3600")
    alert = Page(429, late.text).text("[role=alert]")
    assert "申し込みが続いたため" in alert
    assert "約1時間待ってから" in alert
    assert 'value="second@firm.example.jp"' in late.text
