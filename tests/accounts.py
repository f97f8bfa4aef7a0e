"""Accounts to test with, and a visitor who uses the pages as a browser does."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts import second_factor, services
from portal.accounts.models import User
from portal.accounts.permissions import AGENCY_ROLES, Role
from portal.accounts.second_step import TOTP_BOX
from portal.accounts.services import NewUser
from portal.accounts.sign_in_models import UserSession
from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.clock import Clock
from portal.db import write_transaction
from portal.extensions import Resources
from tests.conftest import NOW, resources_of
from tests.factories import make_agency
from tests.pages import Page

LONG_PASSWORD = "浅虫の海と三つの古い椅子と北の風"
"""Long enough for everybody."""
NO_ADDRESSES = (
    *("", "x", "a@b", "a@b.jp\r\nBcc: c@d.jp", "a@b.jp,c@d.jp", "a\x00@b.jp", "x" * 255),
    *("=?utf-8?q?a?=@b.jp", "a@b.jp.", "a" * 65 + "@b.jp", "a@" + "b." * 130 + "jp"),
)
"""What may be typed where an address belongs, and is none."""
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_user(
    held: Resources,
    email: str = "user@firm.example.jp",
    *,
    role: Role = Role.MEMBER,
    agency: str = "m02201",
    name: str = "佐藤 はな",
    password: str = LONG_PASSWORD,
    has_totp: bool = False,
) -> int:
    """An account, ready to sign in; returns its number."""
    password_hash = held.passwords.hash(password)
    with write_transaction(held.sessions) as session:
        of_agency = role in AGENCY_ROLES
        place = {"name": f"機関 {agency}", "level": "municipality", "region_code": None}
        found = make_agency(session, agency, **place) if of_agency else None
        user = services.create_user(
            session, NewUser(email, name, role, found), password_hash, actor=OPERATOR, now=NOW
        )
        if has_totp:
            user.totp_secret = held.secret_key.box(TOTP_BOX).seal(SECRET.encode(), now=NOW)
            user.totp_enrolled_at = NOW
    return user.id


def code_at(instant: datetime, secret: str = SECRET) -> str:
    """What an app shows."""
    return pyotp.TOTP(secret).at(instant)


def move_clock(app: Flask, by: timedelta) -> datetime:
    """Let time pass for an app; returns its new present."""
    held = resources_of(app)
    now = held.clock.now() + by
    app.extensions["portal"] = replace(held, clock=Clock(now))
    return now


def actions(held: Resources) -> list[str]:
    """What was recorded, in order."""
    with held.sessions() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def sessions_of(held: Resources, user_id: int) -> Sequence[UserSession]:
    """All sessions of somebody."""
    with held.sessions() as session:
        wanted = select(UserSession).where(UserSession.user_id == user_id)
        return session.scalars(wanted.order_by(UserSession.id)).all()


def get_user(held: Resources, user_id: int) -> User:
    """The row of somebody."""
    with held.sessions() as session:
        return session.get_one(User, user_id)


def id_of(held: Resources, email: str) -> int:
    """The number of somebody."""
    with held.sessions() as session:
        return session.scalars(select(User.id).where(User.email == email)).one()


def recovery_codes(held: Resources, user_id: int) -> tuple[str, ...]:
    """New recovery codes of somebody."""
    with write_transaction(held.sessions) as session:
        user = session.get_one(User, user_id)
        return second_factor.renew_recovery_codes(session, user, actor=OPERATOR, now=NOW)


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, app: Flask, *, base_url: str = "http://localhost") -> None:
        self.client: FlaskClient = app.test_client()
        self.base_url = base_url

    def get(self, path: str, status: int = 200, **more: Any) -> Page:
        """A page, which must answer with a status."""
        response = self.client.get(path, base_url=self.base_url, **more)
        assert response.status_code == status, response.text[:2000]
        return Page(response.status_code, response.text)

    def open(self, path: str, **more: Any) -> TestResponse:
        """Any answer."""
        return self.client.get(path, base_url=self.base_url, **more)

    def token(self, page: str = "/password-reset") -> str:
        """A CSRF token of this browser."""
        text = self.client.get(page, base_url=self.base_url).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', text)
        assert found, text[:500]
        return found.group(1)

    def send(self, path: str, *, token: str | None = None, **fields: Any) -> TestResponse:
        """Post a form with its token."""
        headers = fields.pop("headers", {})
        form = {"csrf_token": token or self.token()} | fields
        # Read to its end, as browsers do: some work begins when an answer is out.
        return self.client.post(
            path, data=form, headers=headers, base_url=self.base_url, buffered=True
        )

    def sign_in(
        self, email: str = "user@firm.example.jp", password: str = LONG_PASSWORD, **more: Any
    ) -> TestResponse:
        """The first step."""
        return self.send("/login", email=email, password=password, **more)

    def cookie(self, name: str) -> str | None:
        """The value of a cookie."""
        found = self.client.get_cookie(name)
        return found.value if found else None


def signed_in_admin(app: Flask) -> Visitor:
    """Somebody of the prefecture, past both steps of signing in."""
    make_user(resources_of(app), "ken@pref.example.jp", role=Role.ADMIN, has_totp=True)
    visitor = Visitor(app)
    visitor.sign_in("ken@pref.example.jp")
    visitor.send("/login/totp", code=code_at(NOW))
    return visitor


def events(held: Resources, action: str) -> list[AuditEvent]:
    """What was recorded of one kind, in order."""
    with held.sessions() as session:
        wanted = select(AuditEvent).where(AuditEvent.action == action)
        return list(session.scalars(wanted.order_by(AuditEvent.seq)))


FIRST_PAGES = {
    Role.MEMBER: "/me",
    Role.STAFF: "/staff",
    Role.APPROVER: "/staff",
    Role.ADMIN: "/admin",
}
"""Where one is led who signs in and asked for no page."""


def last_event(held: Resources) -> AuditEvent:
    """What was recorded last."""
    with held.sessions() as session:
        newest_first = select(AuditEvent).order_by(AuditEvent.seq.desc())
        return session.scalars(newest_first.limit(1)).one()


def signed_in(app: Flask, email: str, *, role: Role = Role.MEMBER, **more: Any) -> Visitor:
    """Somebody new, signed in with all that their role needs."""
    make_user(resources_of(app), email, role=role, has_totp=role is not Role.MEMBER, **more)
    visitor = Visitor(app)
    answer = visitor.sign_in(email)
    if role is not Role.MEMBER:
        answer = visitor.send("/login/totp", code=code_at(resources_of(app).clock.now()))
    assert answer.location == FIRST_PAGES[role]
    return visitor
