"""The yearly report, put together of what is known of its year and the one before."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import in_japan
from portal.fiscal_year import FiscalYear
from portal.listings.models import public_id_of
from portal.listings.vocabulary import ALL_INDUSTRIES, ALL_INDUSTRIES_LABEL, Vocabulary
from portal.pageviews import standing
from portal.pageviews.kinds import Device, PageKind
from portal.reports import activity, definitions, searched, year_sums
from portal.reports.activity_queries import begins_at, ends_at
from portal.reports.models import ClosedYear, TakenOverTitle, YearlyCost
from portal.reports.queries import WHOLE_YEAR
from portal.reports.year_sums import ViewParts, YearSums
from portal.reports.yearly import ListingRow, MonthRow, ValueRow, YearlyReport

UNKNOWN_TITLE = "（記録がありません）"
_TENTH = Decimal("0.1")
_NOTHING = ViewParts()


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a report, and when."""

    name: str
    now: datetime


def yearly_report(
    session: Session, year: FiscalYear, *, vocabulary: Vocabulary, maker: Maker
) -> YearlyReport:
    """What is known of a year, whether anything is or not. It is read anew each time, also of a
    year that is closed: what is given out of such a one, ``closing`` has."""
    today = in_japan(maker.now).date()
    sums = year_sums.read(session, year, today=today)
    before = year_sums.read(session, FiscalYear(year.year - 1), today=today)
    costs = {row.fiscal_year: row.cost_yen for row in session.scalars(select(YearlyCost))}
    cost, cost_before = costs.get(year.year), costs.get(before.year.year)
    closed = session.get(ClosedYear, year.year)
    is_counted = sums.parts is not None
    by_listing = _by_listing(session, sums, before)
    return YearlyReport(
        fiscal_year=year,
        portal_name=vocabulary.portal_name,
        programme=vocabulary.programme,
        total_page_views=sums.total,
        previous_total_page_views=before.total,
        change_percent=_change(sums.total, before.total),
        cost_yen=cost,
        previous_cost_yen=cost_before,
        yen_per_view=_per_view(cost, sums.total),
        previous_yen_per_view=_per_view(cost_before, before.total),
        counted_until=_counted_until(session, sums),
        is_taken_over=bool(sums.imported),
        is_previous_taken_over=bool(before.imported),
        is_sample=sums.has_samples or before.has_samples,
        by_month=_by_month(sums, before),
        by_listing=by_listing,
        views_without_listing=sums.parts.without_listing if sums.parts else 0,
        taken_over_page_views=sums.taken_over,
        left_out=sums.left_out,
        **_tables(sums, before, vocabulary),
        activity=activity.figures(session, sums, before, now=maker.now) if is_counted else (),
        clicks=activity.clicks(session, sums, before) if is_counted else (),
        top_searches=searched.top(session, year, vocabulary) if is_counted else (),
        searches_with_little=searched.with_little(session, year, vocabulary) if is_counted else (),
        notes=tuple(_notes(sums, before, by_listing, today=today)),
        definitions=definitions.DEFINITIONS,
        made_at=maker.now.replace(microsecond=0),
        made_by=maker.name,
        closed_at=closed.closed_at if closed else None,
    )


def _tables(
    sums: YearSums, before: YearSums, vocabulary: Vocabulary
) -> dict[str, tuple[ValueRow, ...]]:
    """Page views by each value, those with most first."""
    agencies = {facts.code: facts.name for facts in before.agencies.values()}
    agencies |= {facts.code: facts.name for facts in sums.agencies.values()}
    tables: dict[str, tuple[Callable[[ViewParts], Counter[str]], Mapping[str, str]]] = {
        "by_page_kind": (lambda parts: parts.page_kinds, {kind: kind.label for kind in PageKind}),
        "by_agency": (lambda parts: parts.agencies, agencies),
        "by_kind": (lambda parts: parts.kinds, vocabulary.kinds),
        "by_purpose": (lambda parts: parts.purposes, vocabulary.purposes),
        "by_industry": (
            lambda parts: parts.industries,
            {ALL_INDUSTRIES: ALL_INDUSTRIES_LABEL, **vocabulary.industries},
        ),
        "by_region": (lambda parts: parts.regions, vocabulary.regions),
        "by_device": (lambda parts: parts.devices, {each: each.label for each in Device}),
    }
    now, old = sums.parts or _NOTHING, before.parts
    return {
        name: _rows(counts(now), counts(old) if old else None, labels)
        for name, (counts, labels) in tables.items()
    }


def _rows(
    counts: Counter[str], before: Counter[str] | None, labels: Mapping[str, str]
) -> tuple[ValueRow, ...]:
    codes = sorted(counts.keys() | (before or {}).keys(), key=lambda code: (-counts[code], code))
    return tuple(
        ValueRow(
            code,
            labels.get(code, code),
            counts[code],
            None if before is None else before[code],
        )
        for code in codes
    )


def _by_month(sums: YearSums, before: YearSums) -> tuple[MonthRow, ...]:
    return tuple(
        MonthRow(calendar_year, month, sums.months[month], before.months[month])
        for calendar_year, month in year_sums.months_of(sums.year)
    )


def _by_listing(session: Session, sums: YearSums, before: YearSums) -> tuple[ListingRow, ...]:
    titles = session.scalars(
        select(TakenOverTitle)
        .where(TakenOverTitle.fiscal_year == sums.year.year)
        .order_by(TakenOverTitle.position)
    )
    taken_over = tuple(ListingRow(None, row.title, "", None, None) for row in titles)
    if sums.parts is None:
        return taken_over
    counts = sums.parts.listings
    ids = sorted(counts, key=lambda listing_id: (-counts[listing_id], listing_id))
    return taken_over + tuple(
        ListingRow(
            public_id_of(listing_id),
            sums.titles.get(listing_id, UNKNOWN_TITLE),
            sums.agencies[listing_id].name if listing_id in sums.agencies else "",
            counts[listing_id],
            before.parts.listings[listing_id] if before.parts else None,
        )
        for listing_id in ids
    )


def _counted_until(session: Session, sums: YearSums) -> datetime | None:
    if sums.parts is None:
        return None
    until = standing.counted_until(session) or begins_at(sums.year)
    return min(until, ends_at(sums.year))


def _notes(
    sums: YearSums, before: YearSums, by_listing: tuple[ListingRow, ...], *, today: date
) -> Iterable[str]:
    if sums.year == FiscalYear.containing(today) and before.total is not None:
        yield definitions.goes_on(sums.year.label)
    for each in (sums, before):
        label = each.year.label
        if each.total is None:
            yield definitions.unknown(label)
        elif each.imported:
            is_whole = WHOLE_YEAR in each.imported
            yield definitions.taken_over(label, each.taken_over, is_whole=is_whole)
        if each.is_known_in_part:
            yield definitions.unknown_months(label)
    if sums.imported or before.imported:
        yield definitions.OTHERS_COUNTING
    if any(row.public_id is None for row in by_listing):
        yield definitions.TITLES_TAKEN_OVER


def _change(total: int | None, before: int | None) -> float | None:
    if total is None or not before:
        return None
    return _rounded(Decimal(total - before) * 100 / Decimal(before))


def _per_view(cost_yen: int | None, views: int | None) -> float | None:
    return _rounded(Decimal(cost_yen) / Decimal(views)) if cost_yen is not None and views else None


def _rounded(number: Decimal) -> float:
    return float(number.quantize(_TENTH, ROUND_HALF_UP))
