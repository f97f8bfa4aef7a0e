"""Table of what was done to listings, apart from saving: versions tell of that themselves."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime, one_of
from portal.listings.models import LONGEST_COMMENT
from portal.publishing.acts import Act


class ListingAct(Base):
    """One step of a listing towards the public or back. Rows are only ever added."""

    __tablename__ = "listing_act"
    __table_args__ = (
        CheckConstraint(one_of("act", Act), name="act_known"),
        CheckConstraint("act <> 'save'", name="no_save"),
        CheckConstraint("act <> 'return' OR comment <> ''", name="return_says_why"),
        ForeignKeyConstraint(
            ["listing_id", "version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_listing_act_version",
        ),
        ForeignKeyConstraint(
            ["listing_id", "replaced_version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_listing_act_replaced_version",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    version_id: Mapped[int]
    """The newest version at that time."""
    replaced_version_id: Mapped[int | None]
    """What the public saw, or had seen last, until this version was published; of other acts, and
    where it had seen none, NULL."""
    act: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None]
    """The number of who did it, who may be gone by now; None for the portal itself."""
    comment: Mapped[str] = mapped_column(String(LONGEST_COMMENT), default="")
    before: Mapped[Mapping[str, str | bool | None] | None] = mapped_column(JSON(none_as_null=True))
    """How the listing stood, as ``standing`` tells it; of acts that nobody can take back, NULL."""
