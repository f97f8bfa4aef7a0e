"""Table of what is being typed into the editor."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime


class ListingAutosave(Base):
    """A form of the editor as somebody last typed it, one for each user and listing. It is no
    version: nobody else sees it, and saving takes it away."""

    __tablename__ = "listing_autosave"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    about: Mapped[str] = mapped_column(String(12), primary_key=True)
    """The public id of the listing, or ``new`` for one that is not there yet."""
    fields: Mapped[list[tuple[str, str]]] = mapped_column(JSON)
    """Names and values in the order of the form; JSON gives pairs back as lists."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
