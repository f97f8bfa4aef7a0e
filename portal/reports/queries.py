"""What was counted in a fiscal year, read in few statements that add up in the database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.agencies.models import Agency
from portal.fiscal_year import FiscalYear
from portal.listings.facet_models import VersionIndustry, VersionPurpose, VersionRegion
from portal.listings.models import Listing, ListingVersion
from portal.pageviews.kinds import ViewClass
from portal.pageviews.models import DailyClick, DailyPageView, ImportedPageView

_IDS_AT_ONCE = 5_000
"""Fewer than either database takes in one statement."""

WHOLE_YEAR = 0
"""The month of a sum that was taken over for a year as one."""


@dataclass(frozen=True, slots=True)
class ViewSum:
    """Page views of a calendar month that are alike in all that a report tells of them."""

    month: int
    page_kind: str
    listing_id: int
    version_id: int
    device: str
    views: int


@dataclass(frozen=True, slots=True)
class ClassSums:
    """All requests for pages by class, and whether a demo made any of them up."""

    requests: Mapping[str, int]
    has_samples: bool


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What a listing was for while it was shown so."""

    title: str
    kind: str
    purposes: tuple[str, ...]
    industries: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """Whose listing it is."""

    code: str
    name: str


def sum_views(session: Session, year: FiscalYear) -> list[ViewSum]:
    """The page views of a year."""
    table = DailyPageView
    month = extract("month", table.viewed_on)
    parts = (month, table.page_kind, table.listing_id, table.version_id, table.device)
    statement = (
        select(*parts, func.sum(table.views))
        .where(_within(table.viewed_on, year), table.view_class == ViewClass.HUMAN)
        .group_by(*parts)
    )
    return [
        ViewSum(int(month_of), page_kind, listing_id, version_id, device, int(views))
        for month_of, page_kind, listing_id, version_id, device, views in session.execute(statement)
    ]


def sum_classes(session: Session, year: FiscalYear) -> ClassSums:
    """All requests of a year by class."""
    table = DailyPageView
    statement = (
        select(table.view_class, table.is_sample, func.sum(table.views))
        .where(_within(table.viewed_on, year))
        .group_by(table.view_class, table.is_sample)
    )
    requests: dict[str, int] = {}
    has_samples = False
    for view_class, is_sample, count in session.execute(statement):
        requests[view_class] = requests.get(view_class, 0) + int(count)
        has_samples = has_samples or bool(is_sample)
    return ClassSums(requests, has_samples)


def sum_clicks(session: Session, year: FiscalYear) -> Mapping[str, int]:
    """Clicks of a year by their kind."""
    statement = (
        select(DailyClick.click_kind, func.sum(DailyClick.clicks))
        .where(_within(DailyClick.clicked_on, year))
        .group_by(DailyClick.click_kind)
    )
    return {kind: int(clicks) for kind, clicks in session.execute(statement)}


def imported_views(session: Session, year: FiscalYear) -> Mapping[int, int]:
    """What was taken over for a year by calendar month, or under ``WHOLE_YEAR``."""
    table = ImportedPageView
    rows = session.scalars(select(table).where(table.fiscal_year == year.year))
    return {row.month: row.views for row in rows}


def version_facts(session: Session, version_ids: Iterable[int]) -> Mapping[int, VersionFacts]:
    """What some versions say. One that is not there, as a raw line may name it, is left out."""
    ids = sorted(set(version_ids))
    purposes = _codes(session, VersionPurpose.version_id, VersionPurpose.purpose_code, ids)
    industries = _codes(session, VersionIndustry.version_id, VersionIndustry.industry_code, ids)
    regions = _codes(session, VersionRegion.version_id, VersionRegion.region_code, ids)
    facts = {}
    for some in _some(ids):
        version = ListingVersion
        asked = select(version.id, version.title, version.kind).where(version.id.in_(some))
        for id_, title, kind in session.execute(asked):
            facts[id_] = VersionFacts(
                title,
                kind,
                purposes=tuple(purposes.get(id_, ())),
                industries=tuple(industries.get(id_, ())),
                regions=tuple(regions.get(id_, ())),
            )
    return facts


def agencies_of(session: Session, listing_ids: Iterable[int]) -> Mapping[int, AgencyFacts]:
    """The agencies of some listings."""
    found = {}
    for some in _some(sorted(set(listing_ids))):
        asked = select(Listing.id, Agency.code, Agency.name).join(Listing.agency)
        for id_, code, name in session.execute(asked.where(Listing.id.in_(some))):
            found[id_] = AgencyFacts(code, name)
    return found


def _codes(
    session: Session,
    version_id: InstrumentedAttribute[int],
    code: InstrumentedAttribute[str],
    ids: list[int],
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for some in _some(ids):
        for id_, each in session.execute(select(version_id, code).where(version_id.in_(some))):
            found.setdefault(id_, []).append(each)
    return found


def _some(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _IDS_AT_ONCE):
        yield ids[start : start + _IDS_AT_ONCE]


def _within(day: InstrumentedAttribute[date], year: FiscalYear) -> ColumnElement[bool]:
    return and_(day >= year.starts_on, day <= year.ends_on)
