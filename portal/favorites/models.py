"""The table of what members keep. Visitors without an account keep theirs in a signed cookie."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime

LONGEST_NOTE = 500
"""Characters of a member's own words about a favourite."""

MOST_FAVORITES = 100
"""Of a visitor without an account: what a cookie holds."""

MOST_OF_MEMBER = 500
"""Of an account: room for what several browsers kept before their owner signed in there."""


class Favorite(Base):
    """お気に入り: a listing that a member keeps, and the version they know of it."""

    __tablename__ = "favorite"
    __table_args__ = (
        CheckConstraint(f"length(note) <= {LONGEST_NOTE}", name="note_length"),
        ForeignKeyConstraint(
            ["listing_id", "known_version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_favorite_known_version",
        ),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listing.id"), primary_key=True, index=True, autoincrement=False
    )
    known_version_id: Mapped[int]
    """The public version when it was saved, or when its owner last said that they know what
    changed: 「変わったこと」 is told from here on."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
