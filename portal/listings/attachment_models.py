"""Tables of the PDF files of listings, and of which version lists which.

Their bytes lie outside the database, named by their hash. A version lists its files as it holds
every other part of what it says, so that the public sees those of the public version alone.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, UtcDateTime, one_of

LONGEST_FILE_NAME = 150
"""Characters, ``.pdf`` at the end included."""
LONGEST_FINDING = 200


class AttachmentState(StrEnum):
    """What is known of a file that was taken."""

    PENDING = "pending"
    """It waits for the virus scanner; nobody can open it."""
    CLEAN = "clean"
    REFUSED = "refused"
    """The scanner found something, and the file was thrown away."""


class Attachment(Base):
    """添付ファイル: a PDF file that was given to a listing. Rows stay when files go."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("listing_id", "number"),
        UniqueConstraint("listing_id", "id"),
        CheckConstraint(one_of("state", AttachmentState), name="state_known"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("pages >= 1", name="has_pages"),
        CheckConstraint("length(sha256) = 64", name="hash_whole"),
        CheckConstraint("length(file_name) > 4", name="file_name_given"),
        CheckConstraint("state <> 'refused' OR removed_at IS NOT NULL", name="refused_is_removed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    number: Mapped[int]
    """1, 2, 3 … within the listing, never used twice."""
    file_name: Mapped[str] = mapped_column(String(LONGEST_FILE_NAME))
    """As people see it; ends in ``.pdf``."""
    size: Mapped[int]
    """In bytes."""
    pages: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(8))
    finding: Mapped[str | None] = mapped_column(String(LONGEST_FINDING))
    """What the scanner found, in its words."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None]
    """The number of who gave it, who may be gone by now."""
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its bytes were thrown away."""


class VersionAttachment(Base):
    """A file that a version lists, in the order in which they are shown."""

    __tablename__ = "listing_version_attachment"
    __table_args__ = (
        # Both of one listing: no version lists a file of another.
        ForeignKeyConstraint(
            ["listing_id", "version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_listing_version_attachment_version",
        ),
        ForeignKeyConstraint(
            ["listing_id", "attachment_id"],
            ["attachment.listing_id", "attachment.id"],
            name="fk_listing_version_attachment_attachment",
        ),
    )

    version_id: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    listing_id: Mapped[int]
    position: Mapped[int]

    attachment: Mapped[Attachment] = relationship(lazy="joined", innerjoin=True)
