"""What the pages and the file of unmet demand say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.fiscal_year import FiscalYear
from portal.listings.vocabulary import Vocabulary
from portal.pageviews.tally import FEW_HITS
from portal.proposals.models import SynonymProposal
from portal.reports.demand import MONTHS, Demand, Figures
from portal.search.equivalents import UnknownWord, WordFinder
from portal.search.words import folded
from portal.spreadsheets import Cell, csv_chunks

PER_PAGE = 20
NO_PLACE = "地域の指定なし"

_OTHER_MONTHS = "そのほかの月"
_WHOLE_YEAR = "年度の計"
_PREFILLED = ("purpose", "kind", "industry", "region")
_HEADER = (
    *("年度", "期間", "検索したことばと条件", "地域", "検索した回数", "検索した日数"),
    *("0件だった回数", "少なかった回数", "検索のアドレス", "備考"),
)
_SAMPLE = "見本データ"


@dataclass(frozen=True, slots=True)
class DemandRow:
    """An unmet demand in a list."""

    label: str
    address: str
    places: tuple[str, ...]
    """None if it was made for no place."""
    figures: Figures
    """Of the month that is looked at, or of the year."""
    months: tuple[tuple[str, Figures], ...]
    found_now: int | None
    """How many listings it finds today; None while nobody knows."""
    listing: Mapping[str, tuple[str, ...]]
    """Its conditions for a listing that would meet it, by parameter."""
    word: UnknownWord | None
    """What synonyms may be missing for."""
    proposal_id: int | None
    """The oldest open proposal of synonyms for that word."""
    equivalents: tuple[str, ...]
    """What is proposed, or else suggested; none where one has to think of it."""


def row(
    demand: Demand,
    finder: WordFinder,
    vocabulary: Vocabulary,
    *,
    month: int | None,
    is_for_own_place: bool,
    proposals: Iterable[SynonymProposal] = (),
) -> DemandRow:
    """All that is told of a demand.

    :param is_for_own_place: whether a listing for it would be for the agency's own region, whatever
        region was searched for.
    :param proposals: open ones, the oldest first.
    """
    params = demand.search.params
    word = finder.find(params.q) if params.q else None
    proposal = _proposal_for(word, proposals)
    found_now = finder.count_now(params)
    names = _PREFILLED[:-1] if is_for_own_place else _PREFILLED
    return DemandRow(
        label=demand.search.label,
        address=demand.search.address,
        places=_places(demand, vocabulary),
        figures=demand.of_month(month) or demand.year,
        months=tuple((_month(each.month), each.figures) for each in demand.months),
        found_now=found_now,
        listing={name: codes for name in names if (codes := params.choices.get(name))},
        word=word,
        proposal_id=proposal.id if proposal else None,
        equivalents=tuple(proposal.equivalents) if proposal else _only_suggestion(word, found_now),
    )


def month_choices() -> list[tuple[str, str]]:
    """Months to choose from."""
    return [(str(month), _month(month)) for month in MONTHS]


def csv(
    demands: Iterable[Demand],
    year: FiscalYear,
    vocabulary: Vocabulary,
    *,
    month: int | None,
    is_sample: bool,
) -> Iterator[str]:
    """A CSV file of demands, bit by bit: a row for the year and one for each of its months that is
    told, or for one month alone."""
    rows = (
        _cells(demand, period, figures, year, vocabulary, is_sample=is_sample)
        for demand in demands
        for period, figures in _periods(demand, month)
    )
    return csv_chunks(_HEADER, rows)


def _periods(demand: Demand, month: int | None) -> Iterator[tuple[str, Figures]]:
    if month is not None:
        if figures := demand.of_month(month):
            yield _month(month), figures
        return
    yield _WHOLE_YEAR, demand.year
    for each in demand.months:
        yield _month(each.month), each.figures


def _cells(
    demand: Demand,
    period: str,
    figures: Figures,
    year: FiscalYear,
    vocabulary: Vocabulary,
    *,
    is_sample: bool,
) -> tuple[Cell, ...]:
    return (
        year.label,
        period,
        demand.search.label,
        "、".join(_places(demand, vocabulary)) or NO_PLACE,
        figures.searches,
        figures.days,
        figures.without_hits,
        figures.with_few_hits,
        demand.search.address,
        _SAMPLE if is_sample else "",
    )


def _proposal_for(
    word: UnknownWord | None, proposals: Iterable[SynonymProposal]
) -> SynonymProposal | None:
    if word is None:
        return None
    wanted = folded(word.text)
    return next((each for each in proposals if folded(each.word) == wanted), None)


def _only_suggestion(word: UnknownWord | None, found_now: int | None) -> tuple[str, ...]:
    """One that may be taken without another thought: as it is, little is found, and nothing by the
    word alone."""
    if word is None or word.is_found or found_now is None or found_now > FEW_HITS:
        return ()
    return word.suggestions if len(word.suggestions) == 1 else ()


def _places(demand: Demand, vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(label for code, label in vocabulary.regions.items() if code in demand.places)


def _month(month: int | None) -> str:
    return f"{month}月" if month else _OTHER_MONTHS
