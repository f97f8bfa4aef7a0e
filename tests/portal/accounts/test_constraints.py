"""Every constraint of the tables of accounts, shown to bite on SQLite and on PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import CheckConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.models import RecoveryCode, User
from portal.accounts.sign_in_models import (
    KnownDevice,
    OneTimeToken,
    SignInAttempt,
    UserSession,
)
from portal.models import metadata
from tests.conftest import NOW
from tests.factories import make_agency

HASH = "0" * 64
LATER = NOW + timedelta(hours=1)


def make_user(**values: object) -> User:
    row = {
        "email": "a@b.jp", "email_folded": "a@b.jp", "name": "佐藤", "role": "member",
        "password_hash": "$argon2id$x", "password_changed_at": NOW, "created_at": NOW,
    } | values  # fmt: skip
    return User(**row)


def new_user(**values: object) -> User:
    return make_user(**({"email_folded": "new@b.jp"} | values))


def new_session(**values: object) -> UserSession:
    row = {
        "token_hash": HASH, "user_id": 1, "is_complete": True, "created_at": NOW,
        "last_seen_at": NOW, "expires_at": LATER, "browser": "",
    }  # fmt: skip
    return UserSession(**(row | values))


def new_token(**values: object) -> OneTimeToken:
    row = {
        "token_hash": HASH, "purpose": "password_reset", "user_id": 1,
        "created_at": NOW, "expires_at": LATER,
    }  # fmt: skip
    return OneTimeToken(**(row | values))


def new_attempt(**values: object) -> SignInAttempt:
    row = {"kind": "password", "account": HASH, "network": HASH, "device": HASH, "at": NOW}
    return SignInAttempt(**(row | values))


def new_code(**values: object) -> RecoveryCode:
    return RecoveryCode(**({"user_id": 1, "code_hash": HASH} | values))


def new_device(**values: object) -> KnownDevice:
    row = {"user_id": 1, "device_hash": HASH, "trusted_until": LATER}
    return KnownDevice(**(row | values))


BAD: dict[str, Callable[[], object]] = {
    "ck_user_account_role_known": lambda: new_user(role="king"),
    "ck_user_account_staff_has_agency": lambda: new_user(role="staff"),
    "ck_user_account_member_has_no_agency": lambda: new_user(agency_id=1),
    "ck_user_account_email_given": lambda: new_user(email=""),
    "ck_user_account_name_given": lambda: new_user(name=""),
    "ck_user_account_password_is_hashed": lambda: new_user(password_hash="plain"),
    "ck_user_account_totp_all_or_nothing": lambda: new_user(totp_secret="x"),
    "uq_user_account_email_folded": lambda: new_user(email_folded="a@b.jp"),
    "fk_user_account_agency_id": lambda: new_user(role="staff", agency_id=99),
    "ck_recovery_code_code_is_hashed": lambda: new_code(code_hash="plain"),
    "fk_recovery_code_user_id": lambda: new_code(user_id=99),
    "ck_user_session_token_is_hashed": lambda: new_session(token_hash="plain"),
    "ck_user_session_expires_later": lambda: new_session(expires_at=NOW),
    "fk_user_session_user_id": lambda: new_session(user_id=99),
    "ck_known_device_device_is_hashed": lambda: new_device(device_hash="plain"),
    "fk_known_device_user_id": lambda: new_device(user_id=99),
    "ck_sign_in_attempt_kind_known": lambda: new_attempt(kind="luck"),
    "ck_sign_in_attempt_account_is_hashed": lambda: new_attempt(account="a@b.jp"),
    "ck_sign_in_attempt_network_is_hashed": lambda: new_attempt(network="192.0.2.1"),
    "ck_sign_in_attempt_device_is_hashed": lambda: new_attempt(device="plain"),
    "ck_one_time_token_purpose_known": lambda: new_token(purpose="luck"),
    "ck_one_time_token_token_is_hashed": lambda: new_token(token_hash="plain"),
    "ck_one_time_token_expires_later": lambda: new_token(expires_at=NOW),
    "ck_one_time_token_role_known": lambda: new_token(user_id=None, email="a@b.jp", role="king"),
    "ck_one_time_token_new_user_has_role": lambda: new_token(email="a@b.jp", role="member"),
    "ck_one_time_token_role_has_address": lambda: new_token(user_id=None, role="member"),
    "ck_one_time_token_name_has_role": lambda: new_token(name="佐藤"),
    "ck_one_time_token_agency_has_role": lambda: new_token(agency_id=1),
    "fk_one_time_token_user_id": lambda: new_token(user_id=99),
    "fk_one_time_token_agency_id": lambda: new_token(
        user_id=None, email="a@b.jp", role="staff", agency_id=99
    ),
}

TABLES = (
    *("user_account", "recovery_code", "user_session", "known_device", "sign_in_attempt"),
    "one_time_token",
)


@pytest.fixture
def session(database: sessionmaker[Session]) -> Session:
    with database() as session:
        make_agency(session)
        session.add(make_user())
        session.flush()
        yield session


@pytest.mark.parametrize("name", BAD)
def test_constraint_bites(session: Session, name: str) -> None:
    session.add(BAD[name]())
    with pytest.raises(IntegrityError) as raised:
        session.flush()
    is_named = session.get_bind().dialect.name == "postgresql" or name.startswith("ck")
    assert not is_named or name in str(raised.value)


@pytest.mark.parametrize(
    "make", [new_user, new_session, new_token, new_attempt, new_code, new_device]
)
def test_rows_are_good_before_they_are_spoilt(session: Session, make: Callable[[], object]) -> None:
    session.add(make())
    session.flush()


def test_every_check_is_shown_to_bite() -> None:
    checks = {
        str(constraint.name)
        for table in TABLES
        for constraint in metadata.tables[table].constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert checks == {name for name in BAD if name.startswith("ck")}


def test_everything_of_a_deleted_user_goes_with_them(session: Session) -> None:
    user = session.get_one(User, 1)
    session.add_all([new_session(), new_token(), new_code(), new_device()])
    session.flush()
    session.delete(user)
    session.flush()
    session.expire_all()
    for kind in (UserSession, OneTimeToken, RecoveryCode, KnownDevice):
        assert session.query(kind).count() == 0
