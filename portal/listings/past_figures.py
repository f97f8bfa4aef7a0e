"""What a listing achieved and cost in earlier years, as a table with a column for each."""

from dataclasses import dataclass

from portal.fiscal_year import FiscalYear
from portal.formats import grouped, yen
from portal.listings.models import ListingVersion

NOTHING_KNOWN = "―"


@dataclass(frozen=True, slots=True)
class PastRow:
    """A figure by year; years in which it is not known hold a dash."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastFigures:
    """The table; ``years`` head its columns."""

    years: tuple[str, ...]
    rows: tuple[PastRow, ...]


def table(version: ListingVersion) -> PastFigures | None:
    """Results and budgets of earlier years, or None if the listing has none."""
    known = set(version.past_budgets)
    for result in version.past_results:
        known.update(year for year, value in result["values"].items() if value is not None)
    years = sorted(known)
    if not years:
        return None
    rows = [
        PastRow(
            f"{result['name']}（{result['unit']}）" if result["unit"] else result["name"],
            tuple(_number(result["values"].get(year)) for year in years),
        )
        for result in version.past_results
    ]
    if version.past_budgets:
        rows.append(PastRow("予算", tuple(_thousands(version, year) for year in years)))
    return PastFigures(tuple(FiscalYear(int(year)).label for year in years), tuple(rows))


def _number(value: float | None) -> str:
    return NOTHING_KNOWN if value is None else grouped(value)


def _thousands(version: ListingVersion, year: str) -> str:
    amount = version.past_budgets.get(year)
    return NOTHING_KNOWN if amount is None else yen(amount * 1_000)
