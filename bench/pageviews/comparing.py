"""A yearly report, as its JSON tells it, beside sums that were worked out from raw lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Engine, text

from bench.pageviews.raw_sums import Searched, Sums

_FIRST_MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
_MOST_SEARCHES = 50
_LONGEST_TOLD = 200
_BY_VALUE = ("agency", "kind", "purpose", "industry", "region", "device", "page_kind")
_CLASSES = ("bot", "staff", "prefetch", "monitor", "other")


@dataclass(frozen=True, slots=True)
class Compared:
    """One sum, as it was worked out and as the portal has it."""

    name: str
    expected: object
    found: object

    @property
    def is_different(self) -> bool:
        """Whether they are not the same."""
        return self.expected != self.found

    @property
    def told(self) -> str:
        """Both, as far as they fit in a line."""
        told = f"{self.name}: {self.expected!r} and not {self.found!r}"
        return told if len(told) <= _LONGEST_TOLD else f"{told[:_LONGEST_TOLD]}…"


def hold_against(report: Mapping[str, Any], expected: Sums) -> list[Compared]:
    """Every sum of a report, and of what there is by each value both ways: nothing may be missing
    and nothing may be there besides."""
    found = [
        Compared("total", expected.total, report["total_page_views"]),
        Compared("without listing", expected.without_listing, report["views_without_listing"]),
        Compared("Σ months", expected.total, sum(row["views"] for row in report["by_month"])),
        Compared(
            "Σ listings + pages without listing",
            expected.total,
            sum(row["views"] for row in report["by_listing"]) + report["views_without_listing"],
        ),
        Compared("months", list(_FIRST_MONTHS), [_month(row) for row in report["by_month"]]),
    ]
    months = {(_year(row), _month(row)): row["views"] for row in report["by_month"]}
    found += _both_ways("month", expected.by_month, months)
    listings = {row["id"]: row["views"] for row in report["by_listing"]}
    expected_listings = {f"L{number:06}": views for number, views in expected.by_listing.items()}
    found += _both_ways("listing", expected_listings, listings)
    for name in _BY_VALUE:
        values = {row["code"]: row["views"] for row in report[f"by_{name}"] if row["views"]}
        found += _both_ways(name, getattr(expected, f"by_{name}"), values)
    left_out = {name: expected.left_out[name] for name in _CLASSES}
    found += _both_ways("left out", left_out, report["left_out"])
    clicks = {row["code"]: row["value"] for row in report["clicks"]}
    found += _both_ways("clicks", expected.clicks, clicks)
    return [*found, *_searches(report, expected)]


def hold_tables_against(engine: Engine, expected: Sums, *, fiscal_year: int) -> list[Compared]:
    """Searches and the ways from them to listings, of which a report tells only a part."""
    days = {"first": f"{fiscal_year}-04-01", "last": f"{fiscal_year + 1}-03-31"}
    with engine.connect() as connection:
        searches = connection.execute(text(_SEARCHES), days).all()
        visits = connection.execute(text(_VISITS), days).all()
    found_searches = {row[0]: tuple(map(int, row[1:])) for row in searches}
    found_visits = {(row[0], row[1]): int(row[2]) for row in visits}
    expected_searches = {text: _counts(each) for text, each in expected.searches.items()}
    return _both_ways("searches in the database", expected_searches, found_searches) + _both_ways(
        "visits in the database", expected.visits, found_visits
    )


_SEARCHES = (
    "SELECT conditions, SUM(searches), COUNT(*), SUM(without_hits), SUM(with_few_hits)"
    " FROM daily_search JOIN search_condition ON search_condition.id = condition_id"
    " WHERE searched_on BETWEEN :first AND :last GROUP BY conditions"
)
_VISITS = (
    "SELECT listing_id, conditions, SUM(visits)"
    " FROM daily_search_visit JOIN search_condition ON search_condition.id = condition_id"
    " WHERE visited_on BETWEEN :first AND :last GROUP BY listing_id, conditions"
)


def _both_ways(
    name: str, expected: Mapping[Any, object], found: Mapping[Any, object]
) -> list[Compared]:
    keys = sorted(expected.keys() | found.keys(), key=str)
    return [Compared(f"{name} {key}", expected.get(key), found.get(key)) for key in keys]


def _searches(report: Mapping[str, Any], expected: Sums) -> Iterator[Compared]:
    """The searches that are told: which they are, in which order, and what of them."""
    told = {text: each for text, each in expected.searches.items() if each.is_told}
    little = {text: each for text, each in told.items() if each.is_told_as_little}
    by_little = sorted(little, key=lambda text: (-little[text].little, text))
    by_searches = sorted(told, key=lambda text: (-told[text].searches, text))
    for name, wanted in (("top_searches", by_searches), ("searches_with_little", by_little)):
        expected_rows = [(_asked(text), _counts(told[text])) for text in wanted[:_MOST_SEARCHES]]
        rows = [(_asked(urlsplit(row["address"]).query), _told(row)) for row in report[name]]
        yield Compared(f"number of {name}", len(expected_rows), len(rows))
        for number, pair in enumerate(zip(expected_rows, rows, strict=False), start=1):
            yield Compared(f"{name} {number}", *pair)


def _asked(query: str) -> dict[str, list[str]]:
    return parse_qs(query)


def _told(row: Mapping[str, Any]) -> tuple[int, ...]:
    return row["searches"], row["days"], row["without_hits"], row["with_few_hits"]


def _counts(searched: Searched) -> tuple[int, ...]:
    return (
        searched.searches,
        len(searched.days),
        searched.without_hits,
        searched.with_few_hits,
    )


def _year(row: Mapping[str, Any]) -> int:
    return int(row["month"][:4])


def _month(row: Mapping[str, Any]) -> int:
    return int(row["month"][5:])
