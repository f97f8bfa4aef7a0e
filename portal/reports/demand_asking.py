"""What of unmet demand is asked for: a fiscal year, a place, a month."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from portal.fiscal_year import FiscalYear
from portal.listings.vocabulary import Vocabulary
from portal.reports import demand_places
from portal.reports.demand import MONTHS


@dataclass(frozen=True, slots=True)
class Choices:
    """What one can ask for: the years in which searches were counted, the newest first; places as
    pairs of code and label, of which the first is shown unless another is chosen."""

    years: Sequence[FiscalYear]
    places: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AskedDemand:
    """What is asked for; ``problem`` says in Japanese what of it could not be used."""

    year: FiscalYear
    place: str
    month: int | None
    problem: str | None = None

    @property
    def pairs(self) -> dict[str, str]:
        """The same as an address has it."""
        named = {"fiscal_year": str(self.year.year), "place": self.place}
        named |= {"month": str(self.month)} if self.month else {}
        return {name: value for name, value in named.items() if value}


def choices(
    this_year: FiscalYear, first_year: FiscalYear | None, own: str | None, vocabulary: Vocabulary
) -> Choices:
    """What somebody can ask for.

    :param first_year: the first with searches; None if there are none yet.
    :param own: the municipality whose demand they see; None for all.
    """
    first = min(first_year or this_year, this_year)
    years = [FiscalYear(year) for year in range(this_year.year, first.year - 1, -1)]
    nowhere = (demand_places.NOWHERE, "地域を選ばない検索")
    if own is None:
        everything = (demand_places.ALL, "すべての検索")
        regions = vocabulary.search_values("region").items()
        return Choices(years, [everything, nowhere, *regions])
    return Choices(years, [(own, f"{vocabulary.regions[own]}と、その周りの検索"), nowhere])


def read(args: MultiDict[str, str], possible: Choices) -> AskedDemand:
    """What an address asks for. Never fails: what cannot be used is told of."""
    years = {str(year.year): year for year in possible.years}
    asked_year, problem = args.get("fiscal_year", "").strip(), None
    year = years.get(asked_year)
    if year is None:
        year = possible.years[0]
        if asked_year:
            problem = f"選んだ年度の検索の記録はありません。{year.label}を表示しています。"
    places = [code for code, _ in possible.places]
    place, month = args.get("place", ""), args.get("month", "")
    return AskedDemand(
        year,
        place if place in places else places[0],
        int(month) if month in map(str, MONTHS) else None,
        problem,
    )
