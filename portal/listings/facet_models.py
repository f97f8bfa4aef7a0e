"""Tables of the codes a listing may carry, and which version carries which.

The codes are tables so that the database itself refuses any other; ``portal init`` fills them from
``vocabulary.json`` and the region pack. They hold no labels: what codes are called is said by
``vocabulary`` and ``portal.labels`` alone.
"""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agencies.models import Agency
from portal.db import Base, one_of


class RegionLevel(StrEnum):
    """How wide a region is."""

    NATION = "nation"
    PREFECTURE = "pref"
    AREA = "area"
    MUNICIPALITY = "municipality"


class Industry(Base):
    """業種: a major division of the Japan Standard Industrial Classification, or ``*`` for all."""

    __tablename__ = "industry"

    code: Mapped[str] = mapped_column(String(1), primary_key=True)


class Purpose(Base):
    """目的: what the support is for."""

    __tablename__ = "purpose"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)


class Kind(Base):
    """支援の種類: subsidy, loan, consultation desk …"""

    __tablename__ = "kind"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)


class Region(Base):
    """地域: the country, the prefecture, an area of it, or a municipality in an area."""

    __tablename__ = "region"
    __table_args__ = (
        CheckConstraint(one_of("level", RegionLevel), name="level_known"),
        CheckConstraint(
            "(level = 'municipality') = (area_code IS NOT NULL)", name="municipality_has_area"
        ),
    )

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    level: Mapped[str] = mapped_column(String(12))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))


class VersionIndustry(Base):
    """An industry a version is for; ``*`` stands for all of them."""

    __tablename__ = "listing_version_industry"

    version_id: Mapped[int] = mapped_column(ForeignKey("listing_version.id"), primary_key=True)
    industry_code: Mapped[str] = mapped_column(ForeignKey("industry.code"), primary_key=True)


class VersionRegion(Base):
    """A region a version can be used in."""

    __tablename__ = "listing_version_region"

    version_id: Mapped[int] = mapped_column(ForeignKey("listing_version.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)


class VersionRegionException(Base):
    """A region taken out again (「○○市を除く」)."""

    __tablename__ = "listing_version_region_exception"
    __table_args__ = (
        CheckConstraint("region_code NOT IN ('nation', 'pref')", name="narrower_than_whole"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("listing_version.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)


class VersionPurpose(Base):
    """A purpose a version serves."""

    __tablename__ = "listing_version_purpose"

    version_id: Mapped[int] = mapped_column(ForeignKey("listing_version.id"), primary_key=True)
    purpose_code: Mapped[str] = mapped_column(ForeignKey("purpose.code"), primary_key=True)


class VersionPartner(Base):
    """An agency that offers the support together with the lead agency."""

    __tablename__ = "listing_version_partner"

    version_id: Mapped[int] = mapped_column(ForeignKey("listing_version.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    position: Mapped[int]

    agency: Mapped[Agency] = relationship()


class VersionFiscalYear(Base):
    """A fiscal year in which the support is known to have been offered."""

    __tablename__ = "listing_version_fiscal_year"
    __table_args__ = (
        CheckConstraint("fiscal_year BETWEEN 1990 AND 2100", name="fiscal_year_plausible"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("listing_version.id"), primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
