"""Table of what versions say of other listings."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, one_of
from portal.listings.relation_kinds import RelationKind


class VersionRelation(Base):
    """関係: how a version says its listing is related to another one. It is said once, by one of
    the two; the other shows it from its own side."""

    __tablename__ = "listing_version_relation"
    __table_args__ = (
        CheckConstraint(one_of("kind", RelationKind), name="kind_known"),
        CheckConstraint("other_id <> listing_id", name="not_itself"),
        ForeignKeyConstraint(
            ["listing_id", "version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_listing_version_relation_version",
        ),
    )

    version_id: Mapped[int] = mapped_column(primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    listing_id: Mapped[int]
    position: Mapped[int]
