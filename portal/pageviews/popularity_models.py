"""How much listings are asked for now, as the index is told."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class ListingPopularity(Base):
    """Human page views of a listing in the 90 days before the table was last worked out; no row
    where there were none. No foreign key, as in ``DailyPageView``."""

    __tablename__ = "listing_popularity"
    __table_args__ = (CheckConstraint("views >= 1", name="popular_is_viewed"),)

    listing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    views: Mapped[int]
