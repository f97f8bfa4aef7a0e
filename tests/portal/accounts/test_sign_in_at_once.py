"""One password, code or session lets in once, however many requests hold it at one moment."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.accounts import (
    membership,
    second_factor,
    second_step,
    services,
    session_services,
    tokens,
)
from portal.accounts.hashing import Passwords
from portal.accounts.models import RecoveryCode, User
from portal.accounts.origins import Source
from portal.accounts.password_resets import request_reset
from portal.accounts.session_services import SessionGoneError
from portal.accounts.sign_in import SignIn, WrongPasswordError
from portal.accounts.sign_in_models import TokenPurpose, UserSession
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.secret_key import SecretKey
from tests.accounts import LONG_PASSWORD, SECRET, code_at
from tests.conftest import NOW, SMALL_COST
from tests.conftest import SECRET as KEY
from tests.portal.accounts.test_at_once import (
    CLERK,
    HEAD,
    NEW_HASH,
    TIMES,
    Sessions,
    count,
    make_admin,
    make_user,
    recorded,
)
from tests.racing import race

HERE = Source(address="127.0.0.1", device=None, browser="x")


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords(SMALL_COST)


@pytest.fixture
def sign_in(database: Sessions, passwords: Passwords, tmp_path: Path) -> SignIn:
    key = SecretKey([KEY], tmp_path)
    return SignIn(database, passwords, key, is_second_factor_required=True, refuses_demo=False)


def make_pending(sessions: Sessions, user_id: int) -> UserSession:
    with write_transaction(sessions) as session:
        user = session.get_one(User, user_id)
        started = session_services.start(session, user, is_complete=False, browser="x", now=NOW)
    return started.session


def test_one_pending_session_enrols_once(database: Sessions, sign_in: SignIn) -> None:
    pending = make_pending(database, make_admin(database))

    def enrol() -> object:
        code = code_at(NOW)
        return second_step.pass_with_enrolment(sign_in, pending, SECRET, code, HERE, now=NOW)

    outcomes = race(database, [enrol] * TIMES)
    refused = [outcome for outcome in outcomes if isinstance(outcome, SessionGoneError)]
    assert len(refused) == TIMES - 1
    assert recorded(database) == ["second_factor_enrolled", "sign_in"]
    assert (count(database, UserSession), count(database, RecoveryCode)) == (1, 10)


def test_one_pending_session_is_completed_once(database: Sessions, sign_in: SignIn) -> None:
    sealed = sign_in.secret_key.box(second_step.TOTP_BOX).seal(SECRET.encode(), now=NOW)
    user_id = make_user(database, totp_secret=sealed, totp_enrolled_at=NOW)
    with write_transaction(database) as session:
        user = session.get_one(User, user_id)
        codes = second_factor.renew_recovery_codes(session, user, actor=OPERATOR, now=NOW)
    pending = make_pending(database, user_id)

    def complete(code: str) -> Callable[[], object]:
        return lambda: second_step.pass_with_code(sign_in, pending, code, HERE, now=NOW)

    # Under the number of codes that may be tried at once.
    outcomes = race(database, [complete(code) for code in codes[:4]])
    refused = [outcome for outcome in outcomes if isinstance(outcome, SessionGoneError)]
    assert len(refused) == 3
    assert recorded(database)[1:] == ["sign_in"]
    assert count(database, UserSession) == 1
    with database() as session:
        used = select(func.count()).where(RecoveryCode.used_at.is_not(None))
        assert session.scalar(used) == 1


def test_pending_session_that_is_ended_at_this_moment_opens_no_other(
    database: Sessions, sign_in: SignIn
) -> None:
    pending = make_pending(database, make_admin(database))

    def leave() -> bool:
        with write_transaction(database) as session:
            is_ended = session_services.end(session, pending.id, user_id=pending.user_id)
            audit.record(session, AuditAction.SIGN_OUT, actor=OPERATOR, now=NOW)
            return is_ended

    def enrol() -> object:
        code = code_at(NOW)
        return second_step.pass_with_enrolment(sign_in, pending, SECRET, code, HERE, now=NOW)

    has_left, enrolled = race(database, [leave, enrol])
    assert has_left is isinstance(enrolled, SessionGoneError)


def test_sign_in_does_not_outlive_a_new_password(
    database: Sessions, sign_in: SignIn, passwords: Passwords
) -> None:
    user_id, token = (
        make_user(database, password_hash=passwords.hash(LONG_PASSWORD)),
        tokens.new_token(),
    )
    with write_transaction(database) as session:
        user = session.get_one(User, user_id)
        tokens.issue(session, TokenPurpose.PASSWORD_RESET, user, token=token, now=NOW)

    def reset() -> None:
        with write_transaction(database) as session:
            services.reset_password(session, token, NEW_HASH, now=NOW)

    def enter() -> object:
        return sign_in.with_password(CLERK, LONG_PASSWORD, HERE, now=NOW)

    _, entered = race(database, [reset, enter])
    assert count(database, UserSession) == 0
    with database() as session:
        assert session.get_one(User, user_id).password_hash == NEW_HASH
    is_late = isinstance(entered, WrongPasswordError)
    expected = ["password_reset", "sign_in_failed"] if is_late else ["sign_in", "password_reset"]
    assert recorded(database) == expected


def test_asking_for_two_links_at_once_blocks_nobody(database: Sessions, sign_in: SignIn) -> None:
    user_id = make_user(database)
    with write_transaction(database) as session:
        user = session.get_one(User, user_id)
        own = session_services.start(session, user, is_complete=True, browser="x", now=NOW).session

    def ask_for_address() -> None:
        membership.request_email_change(sign_in, own, "new@firm.example.jp", HERE, HEAD, now=NOW)

    def ask_for_password() -> None:
        request_reset(sign_in, CLERK, HERE, HEAD, now=NOW)

    assert race(database, [ask_for_password, ask_for_address] * 2) == [None] * 4
