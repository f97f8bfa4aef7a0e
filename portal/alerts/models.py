"""The table of saved searches."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import HASH_LENGTH, User, is_hash
from portal.alerts.id_sets import IdSet
from portal.alerts.timing import Frequency
from portal.db import Base, UtcDateTime, one_of
from portal.mail_address import LONGEST_ADDRESS

LONGEST_CRITERIA = 4_000


class AlertState(StrEnum):
    """Where a saved search is between being asked for and being forgotten."""

    REQUESTED = "requested"
    """Somebody typed an address; whoever reads its mail has not said yes."""
    ACTIVE = "active"
    STOPPED = "stopped"


class SavedSearch(Base):
    """保存した条件: a search whose news are mailed to a member, or to an address."""

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint(one_of("frequency", Frequency), name="frequency_known"),
        CheckConstraint(one_of("state", AlertState), name="alert_state_known"),
        CheckConstraint("(user_id IS NULL) <> (address IS NULL)", name="one_owner"),
        CheckConstraint("(address IS NULL) = (address_folded IS NULL)", name="address_folded"),
        CheckConstraint(is_hash("criteria_digest"), name="criteria_are_hashed"),
        CheckConstraint(f"length(criteria) <= {LONGEST_CRITERIA}", name="criteria_length"),
        CheckConstraint("(state = 'active') = (due_at IS NOT NULL)", name="active_is_due"),
        CheckConstraint(
            "(state = 'requested') = (watched_from IS NULL)", name="watched_once_confirmed"
        ),
        CheckConstraint("(state = 'stopped') = (stopped_at IS NOT NULL)", name="stopped_has_time"),
        UniqueConstraint("user_id", "criteria_digest"),
        UniqueConstraint("address_folded", "criteria_digest"),
        Index("ix_saved_search_state_frequency_due_at", "state", "frequency", "due_at"),
        # Links name a saved search by its number, which must not become another one's.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    """Whose it is; mail goes to the address that the account has by then."""
    address: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    """Where mail goes without an account, as its owner writes it."""
    address_folded: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    criteria: Mapped[str] = mapped_column(Text)
    """The query string of the search; equal searches have equal ones."""
    criteria_digest: Mapped[str] = mapped_column(String(HASH_LENGTH))
    frequency: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    watched_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was confirmed, resumed or given other conditions: what was there then is no news."""
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From when on it is looked at again."""
    looked_seq: Mapped[int] = mapped_column(default=0)
    """The position in the change log up to which it was looked at."""
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_on: Mapped[date | None]
    understood_as: Mapped[str] = mapped_column(String(40), default="")
    """The revisions of synonyms and labels by which it was looked at last."""
    known: Mapped[frozenset[int] | None] = mapped_column(IdSet)
    """Row ids of listings that were there from the beginning, or were told; None before the search
    was looked at for the first time."""
    awaited: Mapped[frozenset[int]] = mapped_column(IdSet, default=frozenset())
    """Those that were told while one could not apply yet."""
    excluded: Mapped[frozenset[int]] = mapped_column(IdSet, default=frozenset())
    """Those that their owner wants to hear no more of."""

    user: Mapped[User | None] = relationship()
