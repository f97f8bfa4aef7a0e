"""Table of what clerks propose for the synonyms."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agencies.models import Agency
from portal.db import Base, UtcDateTime, one_of
from portal.search.models import LONGEST_MEMBER, LONGEST_NOTE


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ADDED = "added"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """What it is called on pages."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    ProposalState.OPEN: "確認待ち",
    ProposalState.ADDED: "追加されました",
    ProposalState.DECLINED: "見送りになりました",
}


class SynonymProposal(Base):
    """A word that people searched for in vain, and words that a clerk takes for the same."""

    __tablename__ = "synonym_proposal"
    __table_args__ = (
        CheckConstraint(one_of("state", ProposalState), name="proposal_state_known"),
        CheckConstraint(f"length(word) BETWEEN 1 AND {LONGEST_MEMBER}", name="word_length"),
        CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name="decided_proposal_has_time"
        ),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="decline_says_why"),
        # The record of events names proposals by number, which must not become another one's.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(LONGEST_MEMBER))
    equivalents: Mapped[list[str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    author_id: Mapped[int]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default=ProposalState.OPEN, index=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    """Why it was declined."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agency: Mapped[Agency] = relationship()
