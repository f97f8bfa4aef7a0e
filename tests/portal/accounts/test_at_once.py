"""What is done to users several times at one moment is done once, and recorded once."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import (
    administration,
    invitation_queries,
    invitations,
    joining,
    membership,
    queries,
    services,
    tokens,
)
from portal.accounts.letters import Letterhead
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import TokenPurpose
from portal.accounts.tokens import NewAddress, Place, UnusableTokenError
from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.errors import InvalidInputError, NotFoundError
from tests.conftest import NOW
from tests.factories import make_agency
from tests.racing import race

TIMES = 6
CLERK = "clerk@town.example.jp"
HEAD = Letterhead("あおビズサーチ", "http://localhost", "http://localhost/x/")
NEW_HASH = "$argon2id$new"

Sessions = sessionmaker[Session]
Act = Callable[[Session, User], object]


def make_user(sessions: Sessions, **more: object) -> int:
    fields = {"role": "member", "email": CLERK, "email_folded": CLERK} | more
    fields = {"password_hash": "$argon2id$x"} | fields
    with write_transaction(sessions) as session:
        user = User(name="名", password_changed_at=NOW, created_at=NOW, **fields)
        session.add(user)
    return user.id


def make_admin(sessions: Sessions) -> int:
    address = "ken@pref.example.jp"
    return make_user(sessions, role="admin", email=address, email_folded=address)


def recorded(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def count(sessions: Sessions, table: type) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def each(sessions: Sessions, user_id: int, act: Act) -> Callable[[], object]:
    """An act on a user, who is read before."""

    def do() -> object:
        with write_transaction(sessions) as session:
            return act(session, session.get_one(User, user_id))

    return do


@pytest.mark.parametrize("act", ["disable", "enable", "change_place", "reset_second_factor"])
def test_what_is_done_to_a_user_is_done_once(database: Sessions, act: str) -> None:
    by_id = make_admin(database)
    user_id = make_user(
        database,
        totp_secret="sealed",
        totp_enrolled_at=NOW,
        disabled_at=NOW if act == "enable" else None,
    )
    place = (Role.ADMIN, None) if act == "change_place" else ()

    def do(session: Session, user: User) -> object:
        by = session.get_one(User, by_id)
        return getattr(administration, act)(session, user, *place, by=by, now=NOW)

    outcomes = race(database, [each(database, user_id, do)] * TIMES)
    assert sorted(map(str, outcomes)) == ["False"] * (TIMES - 1) + ["True"]
    assert len(recorded(database)) == 1


def test_new_name_is_recorded_once(database: Sessions) -> None:
    user_id = make_user(database)
    rename = each(database, user_id, lambda s, user: services.rename(s, user, "別の名", now=NOW))
    outcomes = race(database, [rename] * TIMES)
    assert sorted(map(str, outcomes)) == ["False"] * (TIMES - 1) + ["True"]
    assert recorded(database) == ["user_renamed"]


def make_invitation(sessions: Sessions) -> tuple[int, str]:
    token = tokens.new_token()
    with write_transaction(sessions) as session:
        place = Place(CLERK, Role.STAFF, make_agency(session).id)
        row = tokens.issue(session, TokenPurpose.INVITATION, place, token=token, now=NOW)
    return row.id, token


def withdraw(sessions: Sessions, number: int) -> Callable[[], object]:
    def do() -> object:
        with write_transaction(sessions) as session:
            row = invitation_queries.get_pending(session, number, agency_id=None)
            return invitations.withdraw(session, row, actor=OPERATOR, now=NOW)

    return do


def test_invitation_is_withdrawn_once(database: Sessions) -> None:
    number, _ = make_invitation(database)
    outcomes = race(database, [withdraw(database, number)] * TIMES)
    assert outcomes.count(None) == 1
    # Who comes when it is gone does not find it any more.
    others = [outcome for outcome in outcomes if outcome is not None]
    assert all(isinstance(other, InvalidInputError | NotFoundError) for other in others)
    assert recorded(database) == ["invitation_withdrawn"]


def test_invitation_is_either_accepted_or_withdrawn(database: Sessions) -> None:
    number, token = make_invitation(database)

    def accept() -> None:
        with write_transaction(database) as session:
            purpose = TokenPurpose.INVITATION
            joining.accept(session, purpose, token, "名", NEW_HASH, now=NOW)

    accepted, withdrawn = race(database, [accept, withdraw(database, number)])
    if accepted is None:
        assert isinstance(withdrawn, InvalidInputError | NotFoundError)
        assert recorded(database) == ["invitation_accepted"]
    else:
        assert isinstance(accepted, UnusableTokenError)
        assert withdrawn is None
        assert recorded(database) == ["invitation_withdrawn"]


def test_link_to_another_address_does_not_outlive_a_new_password(database: Sessions) -> None:
    user_id, token = make_user(database), tokens.new_token()
    with write_transaction(database) as session:
        bearer = NewAddress(user_id, "thief@firm.example.jp")
        tokens.issue(session, TokenPurpose.EMAIL_CHANGE, bearer, token=token, now=NOW)
    change_password = each(
        database, user_id, lambda s, user: services.change_password(s, user, NEW_HASH, now=NOW)
    )

    def confirm() -> None:
        with write_transaction(database) as session:
            membership.change_email(session, token, HEAD, now=NOW)

    changed, confirmed = race(database, [change_password, confirm])
    assert changed is None
    if confirmed is None:
        assert recorded(database) == ["email_changed", "password_changed"]
    else:
        assert isinstance(confirmed, UnusableTokenError)
        assert recorded(database) == ["password_changed"]


@pytest.mark.parametrize("purpose", [TokenPurpose.PASSWORD_RESET, TokenPurpose.EMAIL_CHANGE])
def test_link_that_is_used_while_it_is_revoked_blocks_nobody(
    database: Sessions, purpose: TokenPurpose
) -> None:
    user_id, token = make_user(database), tokens.new_token()
    with write_transaction(database) as session:
        bearer = NewAddress(user_id, "new@firm.example.jp")
        tokens.issue(session, purpose, bearer, token=token, now=NOW)

    def use() -> None:
        with write_transaction(database) as session:
            if purpose is TokenPurpose.EMAIL_CHANGE:
                membership.change_email(session, token, HEAD, now=NOW)
            else:
                services.reset_password(session, token, NEW_HASH, now=NOW)

    stop = each(
        database, user_id, lambda s, user: services.disable(s, user, actor=OPERATOR, now=NOW)
    )
    # Both have to wait for the user before they come to the link.
    stopped, used = race(database, [stop, use], until=lambda s: queries.hold(s, user_id))
    assert stopped is True
    assert used is None or isinstance(used, UnusableTokenError)
    assert recorded(database)[-1] == "user_disabled"
