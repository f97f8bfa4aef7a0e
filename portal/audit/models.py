"""The table of events. Its triggers, which refuse every change, are made by its migration."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime

LONGEST_LABEL = 254
LONGEST_TARGET_ID = 100
HASH_LENGTH = 64


class AuditEvent(Base):
    """Somebody did something. Rows are only ever added, by ``services.record``.

    No foreign keys: an event outlives what it speaks of. A migration that would copy this table, as
    Alembic does on SQLite to alter one, has to make the triggers again.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq_from_one"),
        CheckConstraint(f"length(hash) = {HASH_LENGTH}", name="hash_length"),
        CheckConstraint(f"length(previous_hash) = {HASH_LENGTH}", name="previous_hash_length"),
        # Each filter of the search, in the order in which its results are paged.
        Index("ix_audit_event_action_seq", "action", "seq"),
        Index("ix_audit_event_actor_id_seq", "actor_id", "seq"),
        Index("ix_audit_event_agency_code_seq", "agency_code", "seq"),
        Index("ix_audit_event_target_type_target_id_seq", "target_type", "target_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    """1, 2, 3 … without gaps: a missing number is a missing event."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None]
    actor_label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    """Empty if nobody is known to have acted."""
    actor_role: Mapped[str] = mapped_column(String(20))
    agency_code: Mapped[str | None] = mapped_column(String(40))
    """The agency it concerns: that of the target, else that of the actor."""
    action: Mapped[str] = mapped_column(String(40))
    target_type: Mapped[str | None] = mapped_column(String(40))
    target_id: Mapped[str | None] = mapped_column(String(LONGEST_TARGET_ID))
    detail: Mapped[str] = mapped_column(Text)
    """A JSON object, as ``chain.canonical_json`` writes it."""
    previous_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
