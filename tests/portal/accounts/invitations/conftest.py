"""Two cities, who invites for them, and what becomes of invitations."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import OneTimeToken, TokenPurpose
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import Visitor, signed_in
from tests.factories import make_agency
from tests.portal.accounts.mailbox import letters_to, link_in

INVITE = "/admin/users/invitations/new"
CLERK = "clerk@city.example.jp"
APPROVER = "approver@city.example.jp"


@pytest.fixture(autouse=True)
def agencies(request: pytest.FixtureRequest) -> None:
    """Two cities, where a test has an app."""
    if "app" in request.fixturenames:
        held: Resources = request.getfixturevalue("resources")
        with write_transaction(held.sessions) as session:
            for code, name in (("m02201", "青森市"), ("m02202", "弘前市")):
                make_agency(session, code, name=name, level="municipality", region_code=None)


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in(app, "admin@pref.example.jp", role=Role.ADMIN)


@pytest.fixture
def approver(app: Flask) -> Visitor:
    return signed_in(app, APPROVER, role=Role.APPROVER)


def invite(visitor: Visitor, email: str = CLERK, **fields: str):
    given = {"role": "staff", "agency": "m02201"} | fields
    return visitor.send(INVITE, email=email, **given)


def link_to(held: Resources, email: str = CLERK) -> str:
    (letter,) = letters_to(held, email)
    return link_in(letter, "/invitations")


def pending(held: Resources) -> list[OneTimeToken]:
    with held.sessions() as session:
        wanted = select(OneTimeToken).where(OneTimeToken.purpose == TokenPurpose.INVITATION)
        return list(session.scalars(wanted.order_by(OneTimeToken.id)))


def user_of(held: Resources, email: str) -> User | None:
    with held.sessions() as session:
        return session.scalar(select(User).where(User.email_folded == email))
