"""Signing in: what opens a session, what does not, and that nobody can tell accounts apart."""

import re
from contextlib import ExitStack
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts import services
from portal.accounts.hashing import PLACES, Passwords
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.audit.types import OPERATOR
from portal.config import PasswordCost
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import (
    LONG_PASSWORD,
    Visitor,
    actions,
    code_at,
    get_user,
    make_user,
    move_clock,
    sessions_of,
)
from tests.conftest import NOW, PRODUCTION_URL, resources_of


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def plain(html: str) -> str:
    """A page without what differs in every answer."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", html)


def test_member_signs_in_and_sees_their_name(visitor: Visitor, resources: Resources) -> None:
    make_user(resources, name="佐藤 はな")
    response = visitor.sign_in()
    assert (response.status_code, response.location) == (303, "/me")
    assert "佐藤 はな" in visitor.get("/").text(".account-menu__text")
    assert actions(resources) == ["user_created", "sign_in"]


@pytest.mark.parametrize(
    "typed",
    [
        *("USER@Firm.Example.JP", " user@firm.example.jp ", "ｕｓｅｒ＠firm.example.jp"),
        # As a keyboard for Japanese writes it, and as a table gives it away.
        *("ｕｓｅｒ＠ｆｉｒｍ。ｅｘａｍｐｌｅ。ｊｐ", "\u200buser@firm.example.jp\u3000\ufeff"),
    ],
)
def test_address_is_known_however_it_is_written(
    visitor: Visitor, resources: Resources, typed: str
) -> None:
    make_user(resources)
    assert visitor.sign_in(email=typed).status_code == 303


def test_known_and_unknown_addresses_get_the_same_answer(app: Flask, resources: Resources) -> None:
    make_user(resources, "known@firm.example.jp")
    disabled = make_user(resources, "disabled@firm.example.jp")
    with write_transaction(resources.sessions) as session:
        user = session.get_one(User, disabled)
        services.disable(session, user, actor=OPERATOR, now=NOW)
    pages = {}
    for email, password in (
        ("known@firm.example.jp", "wrong"),
        ("nobody@firm.example.jp", "wrong"),
        ("disabled@firm.example.jp", LONG_PASSWORD),
        ("disabled@firm.example.jp", "wrong"),
    ):
        response = Visitor(app).sign_in(email=email, password=password)
        assert response.status_code == 422
        pages[email, password] = plain(response.text).replace(email, "")
    assert len(set(pages.values())) == 1


def test_wrong_password_is_said_in_a_summary_and_the_address_stays(
    visitor: Visitor, resources: Resources
) -> None:
    make_user(resources)
    response = visitor.sign_in(password="wrong")
    assert "メールアドレスかパスワードが違います" in response.text
    assert 'value="user@firm.example.jp"' in response.text
    assert 'role="alert"' in response.text
    assert "wrong" not in response.text


def test_each_missing_field_gets_its_own_message(visitor: Visitor) -> None:
    response = visitor.send("/login", email="", password="")
    assert response.status_code == 422
    assert 'aria-describedby="email-error"' in response.text
    assert 'aria-describedby="password-error"' in response.text


@pytest.mark.parametrize(
    "email", ["a\x00b@x.jp", "x" * 300 + "@x.jp", "'; DROP TABLE", "%", "\u202e@x.jp", "a@b"]
)
def test_strange_addresses_are_wrong_and_nothing_else(visitor: Visitor, email: str) -> None:
    assert visitor.sign_in(email=email).status_code == 422


def test_every_failure_is_recorded_once_and_without_what_was_typed(
    visitor: Visitor, resources: Resources
) -> None:
    make_user(resources)
    visitor.sign_in(password="wrong")
    visitor.sign_in(email="mypassword@typed.example")
    assert actions(resources) == ["user_created", "sign_in_failed", "sign_in_failed"]
    with resources.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM audit_event").all()
    assert "mypassword" not in str(rows)


def test_session_gets_a_new_id_when_it_begins(visitor: Visitor, resources: Resources) -> None:
    make_user(resources)
    visitor.client.set_cookie("session", "chosen-by-somebody-else")
    visitor.sign_in()
    token = visitor.cookie("session")
    assert token is not None
    assert token != "chosen-by-somebody-else"
    assert len(token) >= 43


def test_signing_in_again_ends_the_session_before(visitor: Visitor, resources: Resources) -> None:
    user_id = make_user(resources)
    visitor.sign_in()
    first = visitor.cookie("session")
    visitor.sign_in()
    assert visitor.cookie("session") != first
    assert len(sessions_of(resources, user_id)) == 1


def test_cookie_value_is_in_no_table(visitor: Visitor, resources: Resources) -> None:
    user_id = make_user(resources)
    visitor.sign_in()
    (row,) = sessions_of(resources, user_id)
    assert row.token_hash != visitor.cookie("session")


def test_sign_out_ends_the_session_for_good(visitor: Visitor, resources: Resources) -> None:
    user_id = make_user(resources)
    visitor.sign_in()
    token = visitor.cookie("session")
    assert visitor.send("/logout").status_code == 303
    assert visitor.cookie("session") is None
    visitor.client.set_cookie("session", str(token))
    assert visitor.open("/me").status_code == 303
    assert sessions_of(resources, user_id) == []
    assert actions(resources)[-1] == "sign_out"


@pytest.mark.parametrize("role", list(Role))
def test_old_cookie_is_dead_after_disabling_and_after_a_change_of_role(
    app: Flask, resources: Resources, role: Role
) -> None:
    user_id = make_user(resources, role=role, has_totp=role is not Role.MEMBER)
    now = resources.clock.now()
    for act in (services.disable, _to_admin):
        visitor = Visitor(app)
        visitor.sign_in()
        if role is not Role.MEMBER:
            now = move_clock(app, timedelta(minutes=1))
            visitor.send("/login/totp", code=code_at(now))
        visitor.get("/me")
        with write_transaction(resources.sessions) as session:
            user = session.get_one(User, user_id)
            act(session, user, actor=OPERATOR, now=NOW)
            user.disabled_at = None
        response = visitor.open("/me")
        assert (response.status_code, response.location) == (303, "/login?next=/me")


def _to_admin(session, user, **more):
    services.change_role(session, user, Role.ADMIN, None, **more)


def test_disabled_user_is_out_with_the_next_request(visitor: Visitor, resources: Resources) -> None:
    user_id = make_user(resources)
    visitor.sign_in()
    with resources.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE user_account SET disabled_at = '2026-11-20 00:00:00' WHERE id = ?", (user_id,)
        )
    assert visitor.open("/me").status_code == 303


def test_forged_flask_session_makes_nobody(app: Flask, resources: Resources) -> None:
    user_id = make_user(resources)
    client = app.test_client()
    with client.session_transaction() as form_session:
        form_session["_user_id"] = str(user_id)
        form_session["_fresh"] = True
    assert client.get("/me").status_code == 303


def test_production_cookies_are_for_this_host_over_https_alone(
    production_app: Flask,
) -> None:
    make_user(resources_of(production_app))
    visitor = Visitor(production_app, base_url=PRODUCTION_URL)
    cookies = visitor.sign_in().headers.getlist("Set-Cookie")
    begun = [cookie for cookie in cookies if "=;" not in cookie]
    names = {cookie.partition("=")[0] for cookie in begun}
    assert names == {"__Host-session", "__Host-device", "__Host-form"}
    for cookie in begun:
        for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert part in cookie
        assert "Domain" not in cookie
    assert visitor.open("/login?next=/me").location == "/me"
    make_user(resources_of(production_app), "admin@demo.example")
    stranger = Visitor(production_app, base_url=PRODUCTION_URL)
    assert stranger.sign_in("admin@demo.example").status_code == 422


def test_cookies_of_staff_go_with_the_window(app: Flask, resources: Resources) -> None:
    make_user(resources, role=Role.STAFF, has_totp=True)
    visitor = Visitor(app)
    visitor.sign_in()
    response = visitor.send("/login/totp", code=code_at(NOW))
    (session_cookie,) = [
        cookie for cookie in response.headers.getlist("Set-Cookie") if cookie.startswith("session=")
    ]
    assert "Max-Age" not in session_cookie
    assert "Expires" not in session_cookie


def test_hash_is_made_anew_when_its_cost_has_changed(
    visitor: Visitor, resources: Resources
) -> None:
    user_id = make_user(resources)
    older = Passwords(PasswordCost(passes=2, memory_kib=32, lanes=1)).hash(LONG_PASSWORD)
    with write_transaction(resources.sessions) as session:
        session.get_one(User, user_id).password_hash = older
    assert visitor.sign_in().status_code == 303
    assert get_user(resources, user_id).password_hash != older
    assert Visitor(visitor.client.application).sign_in().status_code == 303


def test_last_sign_in_is_the_one_before_this(app: Flask, resources: Resources) -> None:
    make_user(resources)
    Visitor(app).sign_in()
    move_clock(app, timedelta(hours=2))
    visitor = Visitor(app)
    visitor.sign_in()
    assert "11月20日（金）12:00" in visitor.get("/me").text("main")


def test_pages_of_somebody_are_kept_nowhere(visitor: Visitor, resources: Resources) -> None:
    make_user(resources)
    assert visitor.open("/login").headers["Cache-Control"] == "no-store"
    visitor.sign_in()
    for path in ("/", "/me", "/search", "/nowhere"):
        assert visitor.open(path).headers["Cache-Control"] == "no-store"


def test_too_many_at_once_are_asked_to_try_again(visitor: Visitor, resources: Resources) -> None:
    make_user(resources)
    with ExitStack() as others:
        for _ in range(PLACES):
            others.enter_context(resources.passwords.place())
        response = visitor.sign_in()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert 'value="user@firm.example.jp"' in response.text
    assert visitor.sign_in().status_code == 303
