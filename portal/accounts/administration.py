"""What those who look after users do to them. Nobody does any of it to themselves, and one
administrator always remains."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts import queries, second_factor, services
from portal.accounts.actors import actor_of, target_of
from portal.accounts.invitations import place_problem
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.agencies.models import Agency
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.db import take_turn
from portal.errors import FieldProblem, InvalidInputError, PortalError

# Any constant will do, as long as nothing else in this database takes the same turn.
_TURN = 0x10D5_C4C1


STOPPED_ELSEWHERE = (
    "県の管理者か、いまは別の立場の人が止めました。再開は県の管理者に頼んでください。"
)


class RefusedError(PortalError):
    """What must not be done to this user; the message says why, in Japanese."""


def disable(session: Session, user: User, *, by: User, now: datetime) -> bool:
    """Keep somebody out from their next request on; returns False if they were kept out before.

    :raises RefusedError: it is oneself, or the last administrator.
    """
    _refuse_oneself(user, by)
    queries.hold(session, user.id)
    _keep_an_administrator(session, user)
    return services.disable(session, user, actor=actor_of(by), now=now)


def may_enable(session: Session, user: User, *, by: User) -> bool:
    """Whether somebody who looks after a stopped user may let them in again: the prefecture may,
    and approvers where one of their own agency stopped them."""
    if by.role == Role.ADMIN:
        return True
    stopper = session.get(User, user.disabled_by_id) if user.disabled_by_id else None
    return stopper is not None and (stopper.role, stopper.agency_id) == (by.role, by.agency_id)


def enable(session: Session, user: User, *, by: User, now: datetime) -> bool:
    """Let somebody in again; returns False if they were not kept out.

    :raises RefusedError: somebody else has to.
    """
    queries.hold(session, user.id)
    if not user.is_disabled:
        return False
    if not may_enable(session, user, by=by):
        raise RefusedError(STOPPED_ELSEWHERE)
    user.disabled_at = user.disabled_by_id = None
    session.flush()
    audit.record(
        session, AuditAction.USER_ENABLED, actor=actor_of(by), target=target_of(user), now=now
    )
    return True


def change_place(
    session: Session, user: User, role: Role, agency: Agency | None, *, by: User, now: datetime
) -> bool:
    """Give somebody another role, agency or both; returns False if it is the one they have.

    :raises InvalidInputError: the role and the agency do not go together.
    :raises RefusedError: it is oneself, or the last administrator.
    """
    if problem := place_problem(role, agency):
        raise InvalidInputError([FieldProblem("agency", problem)])
    queries.hold(session, user.id)
    if user.role == role.value and user.agency_id == (agency.id if agency else None):
        return False
    _refuse_oneself(user, by)
    if role is not Role.ADMIN:
        _keep_an_administrator(session, user)
    services.change_role(session, user, role, agency, actor=actor_of(by), now=now)
    return True


def reset_second_factor(session: Session, user: User, *, by: User, now: datetime) -> bool:
    """Take the second factor of somebody who lost it away; returns False if there was none.

    :raises RefusedError: it is one's own.
    """
    _refuse_oneself(user, by)
    return second_factor.reset(session, user, actor=actor_of(by), now=now)


def _refuse_oneself(user: User, by: User) -> None:
    if user.id == by.id:
        raise RefusedError("自分のアカウントには行えません。ほかの管理者に頼んでください。")


def _keep_an_administrator(session: Session, user: User) -> None:
    if user.role != Role.ADMIN or user.is_disabled:
        return
    # Two administrators may stop each other at the same moment.
    take_turn(session.connection(), _TURN)
    others = select(func.count(User.id)).where(
        User.role == Role.ADMIN.value, User.disabled_at.is_(None), User.id != user.id
    )
    if not session.scalar(others):
        raise RefusedError(
            "使える管理者がいなくなるため、行えません。先に、ほかの管理者を招待するか再開してください。"
        )
