"""Tables of listings and their versions.

``listing`` is the identity and the state; what it says is in ``listing_version``, whole in each
version with its facets, rounds and events. The public and the index see the one version that
``listing.public_version_id`` names, whatever is being written beside it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agencies.models import Agency, Level
from portal.db import Base, UtcDateTime, one_of, plausible_day
from portal.listings.attachment_models import VersionAttachment
from portal.listings.facet_models import (
    VersionFiscalYear,
    VersionIndustry,
    VersionPartner,
    VersionPurpose,
    VersionRegion,
    VersionRegionException,
)
from portal.listings.relation_models import VersionRelation
from portal.listings.schedule_models import ApplicationRound, ListingEvent
from portal.listings.stated_conditions import Document

LONGEST_COMMENT = 2_000
LONGEST_REASON = 500


class ListingState(StrEnum):
    """Where a listing is between first draft and archive."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


class ChangeState(StrEnum):
    """Where a change that is not public yet is: of a listing that never was public, the state of
    the listing itself says the same."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"


class DateState(StrEnum):
    """What is known of when one can apply."""

    WINDOW = "window"
    ALWAYS = "always"
    BUDGET = "budget"
    SOON = "soon"
    UNKNOWN = "unknown"


class PastResult(TypedDict):
    """A figure of earlier years: ``values`` maps the fiscal year, as text, to the number."""

    name: str
    unit: str
    values: dict[str, float | None]


class SourceDocument(TypedDict):
    """Where the facts of a listing were read."""

    document: str
    line: int


class Listing(Base):
    """支援情報, one support measure of one lead agency.

    Never deleted: its versions refer to it, so its id, from which the public id is made, is never
    given to another.
    """

    __tablename__ = "listing"
    __table_args__ = (
        CheckConstraint(one_of("state", ListingState), name="state_known"),
        CheckConstraint(
            "state <> 'published' OR (public_version_id IS NOT NULL AND published_at IS NOT NULL)",
            name="published_has_public_version",
        ),
        CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn_has_time"
        ),
        CheckConstraint("revision >= 0", name="revision_counts_up"),
        # Keeps one listing from showing a version of another.
        ForeignKeyConstraint(
            ["id", "public_version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_listing_public_version",
            use_alter=True,
        ),
        UniqueConstraint("agency_id", "source_id"),
        # Nothing begins with the state: SQLite takes it for rare, and would walk all that are
        # published to look at a few of known ids.
        Index("ix_listing_agency_id_state", "agency_id", "state"),
    )

    # Said aloud, because a key that is part of a reference is not numbered by itself.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    source_id: Mapped[str | None] = mapped_column(String(100), index=True)
    """The id where the listing came from, for imports that come again."""
    state: Mapped[str] = mapped_column(String(12), default=ListingState.DRAFT)
    public_version_id: Mapped[int | None] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(default=0)
    """Rises with every change of what the public sees; the index keeps it to be compared."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When what the public sees last changed; before publication, when it was last saved."""
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdraw_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    # Rules of columns that came later stand with them, one each: SQLite adds no others to a table.
    change_state: Mapped[str | None] = mapped_column(
        String(10),
        CheckConstraint(
            f"change_state IS NULL OR ({one_of('change_state', ChangeState)}"
            " AND public_version_id IS NOT NULL)",
            name="change_beside_public_version",
        ),
    )
    """Of the newest version, while it is not the public one of a listing that was published."""
    publish_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime,
        CheckConstraint(
            "(publish_at IS NOT NULL) = (coalesce(change_state, state) = 'scheduled')",
            name="scheduled_has_time",
        ),
        index=True,
    )
    """When the newest version becomes public by itself."""
    unpublish_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When the listing is withdrawn by itself."""
    return_comment: Mapped[str | None] = mapped_column(String(LONGEST_COMMENT))
    """What has to be mended before the newest version is submitted again."""
    confirmed_on: Mapped[date | None]
    """最終確認日: the day in Japan somebody last vouched for it."""
    is_confirmed_by_agency: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether somebody of the agency did, that day; else it was taken over with the listing, and
    may be the day of the documents its facts were read in."""

    agency: Mapped[Agency] = relationship()
    versions: Mapped[list["ListingVersion"]] = relationship(
        back_populates="listing",
        foreign_keys="ListingVersion.listing_id",
        order_by="ListingVersion.number",
    )
    public_version: Mapped["ListingVersion | None"] = relationship(
        primaryjoin="Listing.public_version_id == ListingVersion.id",
        foreign_keys=[public_version_id],
        viewonly=True,
    )

    @property
    def public_id(self) -> str:
        """The id outside, such as ``L000123``."""
        return public_id_of(self.id)

    @property
    def stage(self) -> ChangeState | None:
        """Where the newest version is on its way to the public; None once it is there, or put
        away."""
        if self.change_state is not None:
            return ChangeState(self.change_state)
        return ChangeState(self.state) if self.state in list(ChangeState) else None


def public_version(listing: Listing) -> "ListingVersion":
    """What the public sees of a listing that is or was published."""
    if listing.public_version is None:
        raise ValueError(f"{listing.public_id} has no public version")
    return listing.public_version


def public_id_of(listing_id: int) -> str:
    """The id outside of a row id."""
    return f"L{listing_id:06d}"


def listing_id_of(public_id: str) -> int | None:
    """The row id behind a public id, or None if the text is not one."""
    digits = public_id.removeprefix("L")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return None
    listing_id = int(digits)
    # One listing has one address: L7 and L0000007 are not L000007.
    return listing_id if public_id == public_id_of(listing_id) else None


class ListingVersion(Base):
    """One whole wording of a listing: what the public sees, saw or may come to see."""

    __tablename__ = "listing_version"
    __table_args__ = (
        UniqueConstraint("listing_id", "number"),
        UniqueConstraint("listing_id", "id"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(one_of("level", Level), name="level_known"),
        CheckConstraint(one_of("date_state", DateState), name="date_state_known"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint(
            "(date_state = 'window') = (opens_on IS NOT NULL OR closes_on IS NOT NULL)",
            name="window_has_date",
        ),
        CheckConstraint("opens_on <= closes_on", name="opens_before_closing"),
        CheckConstraint(plausible_day("opens_on"), name="opens_on_plausible"),
        CheckConstraint(plausible_day("closes_on"), name="closes_on_plausible"),
        CheckConstraint("amount_max_yen >= 0", name="amount_not_negative"),
        CheckConstraint("length(body) <= 20000", name="body_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    number: Mapped[int]
    """1, 2, 3 … within the listing."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None]
    """The number of who wrote it, who may be gone by now; None for what was imported."""

    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(ForeignKey("kind.code"))
    level: Mapped[str] = mapped_column(String(20))
    date_state: Mapped[str] = mapped_column(String(10))
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    date_note: Mapped[str | None] = mapped_column(String(500))
    eligibility: Mapped[str | None] = mapped_column(Text)
    rate: Mapped[str | None] = mapped_column(String(200))
    amount_max_yen: Mapped[int | None] = mapped_column(BigInteger)
    how_to_apply: Mapped[str | None] = mapped_column(Text)
    apply_url: Mapped[str | None] = mapped_column(String(2000))
    documents: Mapped[list[str]] = mapped_column(JSON, default=list)
    department: Mapped[str | None] = mapped_column(String(200))
    tel: Mapped[str | None] = mapped_column(String(30))
    fax: Mapped[str | None] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(254))
    url: Mapped[str | None] = mapped_column(String(2000))
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    past_results: Mapped[list[PastResult]] = mapped_column(JSON, default=list)
    past_budgets: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Thousand yen by fiscal year, as text."""
    source: Mapped[list[SourceDocument]] = mapped_column(JSON, default=list)
    undecided: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Which of ``kind`` and ``date_state`` a draft leaves open; what the column of such a one holds
    only stands in for it."""
    conditions: Mapped[Document] = mapped_column(JSON, default=dict, server_default="{}")
    """Those of ``StatedConditions`` that say something."""

    listing: Mapped[Listing] = relationship(back_populates="versions", foreign_keys=[listing_id])
    industry_rows: Mapped[list[VersionIndustry]] = relationship(cascade="all, delete-orphan")
    region_rows: Mapped[list[VersionRegion]] = relationship(cascade="all, delete-orphan")
    exception_rows: Mapped[list[VersionRegionException]] = relationship(
        cascade="all, delete-orphan"
    )
    purpose_rows: Mapped[list[VersionPurpose]] = relationship(cascade="all, delete-orphan")
    partner_rows: Mapped[list[VersionPartner]] = relationship(
        cascade="all, delete-orphan", order_by=VersionPartner.position
    )
    fiscal_year_rows: Mapped[list[VersionFiscalYear]] = relationship(
        cascade="all, delete-orphan", order_by=VersionFiscalYear.fiscal_year
    )
    rounds: Mapped[list[ApplicationRound]] = relationship(
        cascade="all, delete-orphan", order_by=ApplicationRound.position
    )
    events: Mapped[list[ListingEvent]] = relationship(
        cascade="all, delete-orphan", order_by=(ListingEvent.held_on, ListingEvent.position)
    )
    attachment_rows: Mapped[list[VersionAttachment]] = relationship(
        cascade="all, delete-orphan",
        order_by=VersionAttachment.position,
        # Both keep to the one listing.
        overlaps="attachment",
    )
    relation_rows: Mapped[list[VersionRelation]] = relationship(
        cascade="all, delete-orphan", order_by=VersionRelation.position
    )

    @property
    def industry_codes(self) -> tuple[str, ...]:
        """The industries it is for; ``*`` stands for all."""
        return tuple(row.industry_code for row in self.industry_rows)

    @property
    def region_codes(self) -> tuple[str, ...]:
        """The regions it can be used in."""
        return tuple(row.region_code for row in self.region_rows)

    @property
    def exception_codes(self) -> tuple[str, ...]:
        """The regions taken out again."""
        return tuple(row.region_code for row in self.exception_rows)

    @property
    def purpose_codes(self) -> tuple[str, ...]:
        """What it is for."""
        return tuple(row.purpose_code for row in self.purpose_rows)

    @property
    def fiscal_years(self) -> tuple[int, ...]:
        """The fiscal years it is known from."""
        return tuple(row.fiscal_year for row in self.fiscal_year_rows)

    @property
    def event_days(self) -> tuple[date, ...]:
        """The days on which something is held, in order."""
        return tuple(event.held_on for event in self.events)
