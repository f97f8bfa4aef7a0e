"""Tables of users and of what proves who they are."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.permissions import Role
from portal.agencies.models import Agency
from portal.db import Base, UtcDateTime, one_of

LONGEST_EMAIL = 254
LONGEST_NAME = 60
HASH_LENGTH = 64


def is_hash(column: str) -> str:
    """A CHECK condition that a column holds a SHA-256 in hexadecimal."""
    return f"length({column}) = {HASH_LENGTH}"


class User(Base):
    """Somebody who can sign in. Staff and approvers belong to one agency, members to none."""

    # Not "user", which PostgreSQL takes for the account of the connection.
    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role_known"),
        CheckConstraint(
            "role NOT IN ('staff', 'approver') OR agency_id IS NOT NULL", name="staff_has_agency"
        ),
        CheckConstraint("role <> 'member' OR agency_id IS NULL", name="member_has_no_agency"),
        CheckConstraint("email <> '' AND email_folded <> ''", name="email_given"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_is_hashed"),
        CheckConstraint(
            "(totp_secret IS NULL) = (totp_enrolled_at IS NULL)", name="totp_all_or_nothing"
        ),
        # SQLite would else give the number of a deleted user to the next one.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    """As its owner writes it; mail goes there."""
    email_folded: Mapped[str] = mapped_column(String(LONGEST_EMAIL), unique=True)
    """As ``emails.fold`` writes it, to be found and compared."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    role: Mapped[str] = mapped_column(String(10), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    """Sealed with a key derived from ``PORTAL_SECRET_KEY``: a copy of the table alone opens no
    account."""
    totp_enrolled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_last_step: Mapped[int | None]
    """The step of the last code that was accepted; it and older ones are refused."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    previous_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The sign-in before the last, which is what somebody who is signed in can check."""
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_by_id: Mapped[int | None]
    """The number of who stopped this account, who may be gone by now; None if the operator did."""

    agency: Mapped[Agency | None] = relationship()
    recovery_codes: Mapped[list["RecoveryCode"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_disabled(self) -> bool:
        """Whether somebody has stopped this account."""
        return self.disabled_at is not None

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in asks for a code, too."""
        return self.totp_secret is not None


class RecoveryCode(Base):
    """One of the codes that stand in for a lost phone, once each."""

    __tablename__ = "recovery_code"
    __table_args__ = (CheckConstraint(is_hash("code_hash"), name="code_is_hashed"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
