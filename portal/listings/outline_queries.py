"""Reads of published listings in outline: two statements for a page of them, however many.

The statements are put together once: the search page runs them with every request, and building
them would take longer than running them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import (
    Date,
    RowMapping,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.listings.date_state import Window
from portal.listings.facet_models import (
    VersionFiscalYear,
    VersionIndustry,
    VersionPurpose,
    VersionRegion,
    VersionRegionException,
)
from portal.listings.models import Listing, ListingState, ListingVersion, listing_id_of
from portal.listings.outlines import Outline
from portal.listings.schedule_models import ApplicationRound, ListingEvent

_BATCH = 500

Part: TypeAlias = tuple[str | None, date | None, date | None]
"""A row of a table of parts: its code, number or label, and its days."""

# The version, and the columns of an outline under the names of its fields.
_LISTED = (
    select(
        ListingVersion.id.label("version_id"),
        Listing.id.label("listing_id"),
        Listing.source_id,
        Listing.updated_at,
        Listing.confirmed_on,
        Listing.is_confirmed_by_agency,
        Agency.code.label("agency_code"),
        Agency.name.label("agency_name"),
        ListingVersion.title,
        ListingVersion.summary,
        ListingVersion.body,
        ListingVersion.eligibility,
        ListingVersion.conditions,
        ListingVersion.kind,
        ListingVersion.level,
        ListingVersion.date_state,
        ListingVersion.opens_on,
        ListingVersion.closes_on,
        ListingVersion.rate,
        ListingVersion.amount_max_yen,
        ListingVersion.tel,
        ListingVersion.source,
    )
    .join(Listing.public_version)
    .join(Listing.agency)
)
_BY_IDS = _LISTED.where(
    Listing.id.in_(bindparam("ids", expanding=True)), Listing.state == ListingState.PUBLISHED
)
_OF_AGENCY = _LISTED.where(
    Listing.state == ListingState.PUBLISHED, Listing.agency_id == bindparam("agency_id")
).order_by(Listing.published_at.desc(), Listing.id)


def _part(
    name: str,
    table: type[Any],
    text: SQLColumnExpression[Any],
    from_on: SQLColumnExpression[Any] | None = None,
    until_on: SQLColumnExpression[Any] | None = None,
) -> Select[Any]:
    days = (cast(null(), Date) if day is None else day for day in (from_on, until_on))
    return select(table.version_id, literal(name), cast(text, String), *days).where(
        table.version_id.in_(bindparam("version_ids", expanding=True))
    )


# All that a version may have several of, as rows of one form.
_PARTS = union_all(
    _part("industry", VersionIndustry, VersionIndustry.industry_code),
    _part("region", VersionRegion, VersionRegion.region_code),
    _part("exception", VersionRegionException, VersionRegionException.region_code),
    _part("purpose", VersionPurpose, VersionPurpose.purpose_code),
    _part("fiscal_year", VersionFiscalYear, VersionFiscalYear.fiscal_year),
    _part(
        *("round", ApplicationRound, ApplicationRound.label),
        *(ApplicationRound.opens_on, ApplicationRound.closes_on),
    ),
    _part("event", ListingEvent, null(), ListingEvent.held_on),
)


def published_by_public_ids(session: Session, public_ids: Sequence[str]) -> list[Outline]:
    """Published listings in the order of the ids. Whatever is not published is left out: an index
    that lags behind may hide a listing for a moment, never show one."""
    wanted = [listing_id for listing_id in map(listing_id_of, public_ids) if listing_id is not None]
    if not wanted:
        return []
    rows = session.execute(_BY_IDS, {"ids": wanted}).mappings().all()
    found = {outline.listing_id: outline for outline in _outlines(session, rows)}
    return [found[listing_id] for listing_id in wanted if listing_id in found]


def published_of_agency(session: Session, agency_id: int) -> list[Outline]:
    """What an agency offers now as the lead, newest first."""
    rows = session.execute(_OF_AGENCY, {"agency_id": agency_id}).mappings().all()
    return _outlines(session, rows)


def _outlines(session: Session, rows: Sequence[RowMapping]) -> list[Outline]:
    parts: defaultdict[tuple[int, str], list[Part]] = defaultdict(list)
    for start in range(0, len(rows), _BATCH):
        version_ids = [row["version_id"] for row in rows[start : start + _BATCH]]
        found = session.execute(_PARTS, {"version_ids": version_ids})
        for version_id, name, text, from_on, until_on in found:
            parts[version_id, name].append((text, from_on, until_on))
    return [_outline(row, parts) for row in rows]


def _outline(row: RowMapping, parts: Mapping[tuple[int, str], list[Part]]) -> Outline:
    columns = dict(row)
    version_id = columns.pop("version_id")

    def part(name: str) -> Sequence[Part]:
        return parts.get((version_id, name), ())

    def codes(name: str) -> tuple[str, ...]:
        return tuple(sorted([code for code, _, _ in part(name) if code]))

    return Outline(
        **columns,
        industry_codes=codes("industry"),
        region_codes=codes("region"),
        exception_codes=codes("exception"),
        purpose_codes=codes("purpose"),
        fiscal_years=tuple(map(int, codes("fiscal_year"))),
        rounds=tuple(Window(opens, closes, label) for label, opens, closes in part("round")),
        event_days=tuple(sorted(day for _, day, _ in part("event") if day)),
    )
