"""Tables of signing in: sessions, known devices, attempts, links that work once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import HASH_LENGTH, LONGEST_EMAIL, LONGEST_NAME, User, is_hash
from portal.accounts.permissions import Role
from portal.agencies.models import Agency
from portal.db import Base, UtcDateTime, one_of

LONGEST_BROWSER = 40


class UserSession(Base):
    """Somebody is signed in with one browser, or about to be: their password was right and the
    second factor is still missing. The cookie holds the id, this table its hash."""

    __tablename__ = "user_session"
    __table_args__ = (
        CheckConstraint(is_hash("token_hash"), name="token_is_hashed"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        # Forms name a session by its number, which must not become another one's.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    is_complete: Mapped[bool]
    """False while only the password was shown."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    browser: Mapped[str] = mapped_column(String(LONGEST_BROWSER))
    """What its owner knows it by, such as 「Chrome（Windows）」."""

    user: Mapped[User] = relationship()


class KnownDevice(Base):
    """A browser with which somebody has signed in before. Wrong passwords from elsewhere do not
    keep its owner waiting."""

    __tablename__ = "known_device"
    __table_args__ = (CheckConstraint(is_hash("device_hash"), name="device_is_hashed"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    device_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    trusted_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AttemptKind(StrEnum):
    """What was tried."""

    PASSWORD = "password"  # noqa: S105  (a code, no password)
    SECOND_FACTOR = "second_factor"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    ADDRESS_CHECK = "address_check"
    """A mail by which somebody shows that an address is theirs."""
    MESSAGE = "message"
    """A message to those who look after the portal or a listing, by anybody."""
    ALERT = "alert"
    """A mail that asks whether news of a search are wanted at an address, by anybody."""


class SignInAttempt(Base):
    """An attempt that failed or is under way; what succeeds is taken away again.

    Account, network and device are digests: nobody can read from this table who tried where.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        CheckConstraint(one_of("kind", AttemptKind), name="kind_known"),
        CheckConstraint(is_hash("account"), name="account_is_hashed"),
        CheckConstraint(is_hash("network"), name="network_is_hashed"),
        CheckConstraint(is_hash("device"), name="device_is_hashed"),
        # Each limit is one look at an index: the n-th newest of its attempts.
        Index("ix_sign_in_attempt_kind_account_device_at", "kind", "account", "device", "at"),
        Index("ix_sign_in_attempt_kind_network_at", "kind", "network", "at"),
        Index("ix_sign_in_attempt_kind_at", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    account: Mapped[str] = mapped_column(String(HASH_LENGTH))
    network: Mapped[str] = mapped_column(String(HASH_LENGTH))
    device: Mapped[str | None] = mapped_column(String(HASH_LENGTH))
    """Only of a device that is known for this account."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TokenPurpose(StrEnum):
    """What a link that works once is for."""

    PASSWORD_RESET = "password_reset"  # noqa: S105  (a code, no password)
    INVITATION = "invitation"
    SIGN_UP = "sign_up"
    EMAIL_CHANGE = "email_change"


class OneTimeToken(Base):
    """A link that works once. The mail holds the token, this table its hash.

    It is for a user there is, maybe with the address they are going to have; or for a user there
    is to be: then for this address, role and agency and no other.
    """

    __tablename__ = "one_time_token"
    __table_args__ = (
        CheckConstraint(one_of("purpose", TokenPurpose), name="purpose_known"),
        CheckConstraint(is_hash("token_hash"), name="token_is_hashed"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        CheckConstraint(one_of("role", Role), name="role_known"),
        CheckConstraint("role IS NULL OR email IS NOT NULL", name="role_has_address"),
        CheckConstraint("(user_id IS NULL) = (role IS NOT NULL)", name="new_user_has_role"),
        CheckConstraint("name IS NULL OR role IS NOT NULL", name="name_has_role"),
        CheckConstraint("agency_id IS NULL OR role IS NOT NULL", name="agency_has_role"),
        # The record knows invitations by number, and so do forms that were opened long ago.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str | None] = mapped_column(String(LONGEST_EMAIL))
    role: Mapped[str | None] = mapped_column(String(10))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    """What whoever invites calls them; they may change it."""
    invited_by_id: Mapped[int | None]
    """Of an invitation: the number of who sent it, who may be gone by now; None if the operator
    did."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User | None] = relationship()
    agency: Mapped[Agency | None] = relationship()
