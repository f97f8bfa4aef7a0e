"""Whose session is ended while a request of theirs is under way gets nothing more done by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import services, session_services, tokens
from portal.accounts.hashing import Passwords
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.session_services import SessionGoneError
from portal.accounts.sign_in_models import TokenPurpose
from portal.accounts.tokens import NewAddress, UnusableTokenError
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import (
    LONG_PASSWORD,
    Visitor,
    actions,
    code_at,
    get_user,
    make_user,
    sessions_of,
    signed_in,
)
from tests.conftest import NOW, SMALL_COST, resources_of
from tests.pages import Page
from tests.portal.accounts.mailbox import letters_to, link_in
from tests.portal.accounts.test_password_reset import issue

NEW = "雪の日の黄色い長靴と砂時計"
OWNER, OTHER = "owner@firm.example.jp", "other@firm.example.jp"


class SlowBody(BytesIO):
    """A form on its way, during which something happens."""

    def __init__(self, content: bytes, act: Callable[[], None]) -> None:
        super().__init__(content)
        self._act = act

    def readinto(self, buffer: Any) -> int:
        """The next part of the form, after what happens."""
        self._act()
        return super().readinto(buffer)


class SlowPasswords(Passwords):
    """Hashes during which something happens."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__(SMALL_COST)
        self._act = act

    def verify(self, password: str, stored: str | None) -> bool:
        """As always, and then it happens."""
        is_right = super().verify(password, stored)
        self._act()
        return is_right


def recover(held: Resources, user_id: int = 1) -> None:
    """The owner takes the account back with a new password, from elsewhere."""
    password_hash = held.passwords.hash(NEW)
    with write_transaction(held.sessions) as session:
        services.change_password(session, session.get_one(User, user_id), password_hash, now=NOW)


def disable(held: Resources, user_id: int = 1) -> None:
    with write_transaction(held.sessions) as session:
        services.disable(session, session.get_one(User, user_id), actor=OPERATOR, now=NOW)


@pytest.mark.parametrize("act", [recover, disable])
def test_form_that_arrives_slowly_is_of_nobody_once_the_session_ended(
    app: Flask, resources: Resources, act: Callable[[Resources], None]
) -> None:
    owner = signed_in(app, OWNER)
    form = {"csrf_token": owner.token("/me"), "name": "だれか"}
    body = urlencode(form).encode()
    answer = owner.client.post(
        "/me",
        input_stream=SlowBody(body, lambda: act(resources)),
        content_length=len(body),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 401
    assert get_user(resources, 1).name == "佐藤 はな"


def enrolment(owner: Visitor) -> dict[str, str]:
    page = owner.get("/me/second-factor")
    secret = page.text("[data-secret]").replace(" ", "")
    sealed = page.dom.select("main input[name=sealed]")[0]["value"]
    return {"code": code_at(NOW, secret), "sealed": str(sealed)}


@pytest.mark.parametrize(
    ("path", "fields", "has_totp"),
    [
        ("/me/password", {"new_password": "三つの湖と四つの古い橋の下"}, False),
        ("/me/email", {"email": OTHER}, False),
        ("/me/end", {}, False),
        ("/me/second-factor", None, False),
        ("/me/second-factor/remove", {}, True),
        ("/me/recovery-codes", {}, True),
    ],
)
def test_confirmed_act_is_not_done_once_the_session_ended(
    app: Flask, resources: Resources, path: str, fields: dict[str, str] | None, has_totp: bool
) -> None:
    make_user(resources, OWNER, has_totp=has_totp)
    owner = Visitor(app)
    owner.sign_in(OWNER)
    if has_totp:
        owner.send("/login/totp", code=code_at(NOW))
    form: dict[str, Any] = {"password": LONG_PASSWORD} | (fields or {})
    form |= enrolment(owner) if fields is None else {}
    token = owner.token("/me")
    slow = SlowPasswords(lambda: recover(resources))
    app.extensions["portal"] = replace(resources_of(app), passwords=slow)
    answer = owner.send(path, token=token, **form)
    assert answer.location.startswith("/login")
    user = get_user(resources, 1)
    assert resources.passwords.verify(NEW, user.password_hash)
    assert user.has_second_factor is has_totp
    assert not sessions_of(resources, 1)
    assert not letters_to(resources, OTHER)
    assert actions(resources)[-1] == "password_changed"


def test_session_that_ended_cannot_be_held(database: sessionmaker[Session]) -> None:
    with write_transaction(database) as session:
        user = User(
            email=OWNER, email_folded=OWNER, name="x", role=Role.MEMBER.value,
            password_hash="$argon2id$x", password_changed_at=NOW, created_at=NOW,
        )  # fmt: skip
        session.add(user)
        row = session_services.start(session, user, is_complete=True, browser="x", now=NOW).session
        assert session_services.hold(session, row.id, now=NOW).user is user
        with pytest.raises(SessionGoneError):
            session_services.hold(session, row.id, now=NOW + timedelta(days=15))
        session_services.end(session, row.id, user_id=user.id)
        with pytest.raises(SessionGoneError):
            session_services.hold(session, row.id, now=NOW)


def recover_by_mail(held: Resources) -> None:
    """The owner takes the account back by a link, having forgotten the password."""
    token, password_hash = issue(held, 1), held.passwords.hash(NEW)
    with write_transaction(held.sessions) as session:
        services.reset_password(session, token, password_hash, now=NOW)


@pytest.mark.parametrize("act", [recover, recover_by_mail, disable])
def test_link_to_another_address_dies_with_what_let_somebody_ask_for_it(
    app: Flask, resources: Resources, act: Callable[[Resources], None]
) -> None:
    """Whoever knew the password for a while must not get the account by an address of theirs."""
    thief = signed_in(app, OWNER)
    thief.send("/me/email", email=OTHER, password=LONG_PASSWORD)
    link = link_in(letters_to(resources, OTHER)[-1], "/me/email")
    act(resources)
    with write_transaction(resources.sessions) as session:
        session.get_one(User, 1).disabled_at = None
    assert Visitor(app).send(link).status_code == 410
    assert get_user(resources, 1).email == OWNER


def test_newer_link_in_place_of_one_at_the_moment_it_is_used_wins(
    database: sessionmaker[Session],
) -> None:
    purpose = TokenPurpose.EMAIL_CHANGE
    with write_transaction(database) as session:
        user = User(
            email=OWNER, email_folded=OWNER, name="x", role=Role.MEMBER.value,
            password_hash="$argon2id$x", password_changed_at=NOW, created_at=NOW,
        )  # fmt: skip
        session.add(user)
        session.flush()
        row = tokens.issue(session, purpose, NewAddress(user.id, OTHER), token="old", now=NOW)
        tokens.renew(session, row, token="new", now=NOW)
        with pytest.raises(UnusableTokenError):
            tokens.use(session, purpose, "old", now=NOW)
        assert tokens.use(session, purpose, "new", now=NOW) is row


def test_joining_where_somebody_else_is_signed_in_signs_them_out(
    app: Flask, resources: Resources
) -> None:
    shared = signed_in(app, OWNER)
    shared.send("/signup", email=OTHER)
    link = link_in(letters_to(resources, OTHER)[-1], "/signup")
    assert shared.send(link, name="別の人", new_password=NEW).location == "/me"
    assert not sessions_of(resources, 1)
    assert "別の人" in shared.get("/me").text(".account-menu__text")
    assert actions(resources)[-1] == "sign_out"


def test_new_password_where_somebody_else_is_signed_in_signs_them_out(
    app: Flask, resources: Resources
) -> None:
    shared = signed_in(app, OWNER)
    link = f"/password-reset/{issue(resources, make_user(resources, OTHER))}"
    assert shared.send(link, new_password=NEW).location == "/login"
    assert not sessions_of(resources, 1)
    assert actions(resources)[-2:] == ["password_reset", "sign_out"]


def test_account_that_is_stopped_at_the_second_step_is_told_to_begin_anew(
    app: Flask, resources: Resources
) -> None:
    make_user(resources, OWNER, role=Role.STAFF)
    clerk = Visitor(app)
    clerk.sign_in(OWNER)
    page = clerk.get("/login/second-factor")
    secret = page.text("[data-secret]").replace(" ", "")
    wrong = clerk.send("/login/second-factor", code=code_at(NOW, secret), sealed="of another")
    assert wrong.status_code == 422
    assert "新しくしました" in Page(422, wrong.text).text("[role=alert]")
    assert Page(422, wrong.text).text("[data-secret]").replace(" ", "") != secret
