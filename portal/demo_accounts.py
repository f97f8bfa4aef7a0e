"""One account of each role, to look around with. Their passwords are printed for everybody to see,
so they exist in the demo alone: production makes none and lets none in."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import queries, services
from portal.accounts.emails import DEMO_DOMAIN
from portal.accounts.hashing import Passwords
from portal.accounts.permissions import AGENCY_ROLES, Role
from portal.accounts.services import NewUser
from portal.agencies import queries as agency_queries
from portal.agencies.models import Agency, Level
from portal.audit.types import OPERATOR
from portal.config import Settings
from portal.db import write_transaction
from portal.errors import PortalError
from portal.secret_key import SecretKey

_NAMES = {
    Role.MEMBER: "見本 はな",
    Role.STAFF: "見本 つばさ",
    Role.APPROVER: "見本 みのる",
    Role.ADMIN: "見本 かなめ",
}
_GROUPS, _GROUP_LENGTH = 4, 4


class DemoAccountsError(PortalError):
    """Accounts of the demo where there must be none."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """How to sign in as one of them."""

    role: Role
    email: str
    password: str


def demo_accounts(key: SecretKey) -> tuple[DemoAccount, ...]:
    """All of them. Their passwords follow from the secret of the installation, so they can be
    printed at each start and are written down nowhere."""
    return tuple(
        DemoAccount(role, f"{role.value}@{DEMO_DOMAIN}", _password(key, role)) for role in Role
    )


def _password(key: SecretKey, role: Role) -> str:
    text = b32encode(key.derive(f"demo-password-{role.value}")).decode("ascii").lower()
    length = _GROUP_LENGTH
    return "-".join(text[i * length : (i + 1) * length] for i in range(_GROUPS))


def make_accounts(
    sessions: sessionmaker[Session], passwords: Passwords, key: SecretKey, *, now: datetime
) -> None:
    """Make those that are not there."""
    with sessions() as session:
        there = {user.email for user in queries.list_demo_users(session)}
    missing = [account for account in demo_accounts(key) if account.email not in there]
    hashes = {account.email: passwords.hash(account.password) for account in missing}
    with write_transaction(sessions) as session:
        for account in missing:
            if queries.find_by_email(session, account.email) is None:
                _make(session, account, hashes[account.email], now=now)


def _make(session: Session, account: DemoAccount, password_hash: str, *, now: datetime) -> None:
    is_of_agency = account.role in AGENCY_ROLES
    agency = _some_town(session) if is_of_agency else None
    wanted = NewUser(account.email, _NAMES[account.role], account.role, agency)
    services.create_user(session, wanted, password_hash, actor=OPERATOR, now=now)


def _some_town(session: Session) -> Agency:
    """The first municipality of the region pack."""
    agencies = agency_queries.list_agencies(session)
    return next(agency for agency in agencies if agency.level == Level.MUNICIPALITY)


def refuse_in_production(settings: Settings, session: Session) -> None:
    """Stop where everybody could read the passwords.

    :raises DemoAccountsError: production has accounts of the demo.
    """
    if settings.is_production and queries.list_demo_users(session):
        raise DemoAccountsError(
            f"production must not have demo accounts: this database holds some @{DEMO_DOMAIN}"
        )
