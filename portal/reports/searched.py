"""What people searched for in a fiscal year, as far as it may be told."""

from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.agencies import queries as agency_queries
from portal.fiscal_year import FiscalYear
from portal.listings.vocabulary import Vocabulary
from portal.pageviews.models import DailySearch, SearchCondition
from portal.reports.yearly import SearchedRow
from portal.search import conditions
from portal.search.params import SearchParams, parse

LEAST_SEARCHES = 5
LEAST_DAYS = 3
"""What somebody typed once, a name or a plight, is nobody else's business, and the same again and
again on one afternoon may be one person. What was searched less often, or on fewer days, is told
nowhere: in no row, no count, and no sum that it follows from."""

_OUTDATED = "（いまはない条件を除く）"
_WITHOUT_CONDITIONS = "条件なし（すべての支援情報）"

ToldStatement: TypeAlias = Select[str, int, int, int, int]

_SEARCHES = func.sum(DailySearch.searches)
_LITTLE = func.sum(DailySearch.without_hits + DailySearch.with_few_hits)
# A search has one row for each day.
_DAYS = func.count()
_IS_LITTLE = DailySearch.without_hits + DailySearch.with_few_hits > 0


@dataclass(frozen=True, slots=True)
class ToldSearch:
    """A search as it was made, read again."""

    params: SearchParams
    """Without what is no condition any more."""
    label: str
    address: str


def is_told(searches: int, days: int) -> bool:
    """Whether what was searched so many times, on so many days, may be told."""
    return searches >= LEAST_SEARCHES and days >= LEAST_DAYS


def top(
    session: Session, year: FiscalYear, vocabulary: Vocabulary, limit: int = 50
) -> tuple[SearchedRow, ...]:
    """The searches that were made most often."""
    return _rows(session, _told_in(year).order_by(_SEARCHES.desc()), vocabulary, limit)


def with_little(
    session: Session, year: FiscalYear, vocabulary: Vocabulary, limit: int = 50
) -> tuple[SearchedRow, ...]:
    """The searches that most often found nothing, or few."""
    statement = _told_in(year).having(*has_little()).order_by(_LITTLE.desc())
    return _rows(session, statement, vocabulary, limit)


def searched_in(year: FiscalYear) -> ColumnElement[bool]:
    """Which rows of days are of a year."""
    return DailySearch.searched_on.between(year.starts_on, year.ends_on)


def has_little() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which searches, of those that may be told, are told as finding little: it has happened as
    often, and on as many days, as that takes. Otherwise one day's trouble would fill the list."""
    days = func.count().filter(_IS_LITTLE)
    return _LITTLE >= LEAST_SEARCHES, days >= LEAST_DAYS


class SearchReader:
    """Reads searches as they are stored. Codes that there are not any more are passed over."""

    def __init__(self, session: Session, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._agency_names = agency_queries.known_codes(session)

    def read(self, stored: str) -> ToldSearch:
        """A search by its query string."""
        args = MultiDict(parse_qsl(stored))
        params = parse(args, vocabulary=self._vocabulary, agency_codes=self._agency_names)
        outdated = _OUTDATED if any(problem.is_error for problem in params.problems) else ""
        query = urlencode(params.to_pairs())
        address = f"/search?{query}" if query else "/search"
        return ToldSearch(params, self._in_words(params) + outdated, address)

    def _in_words(self, params: SearchParams) -> str:
        without_text = replace(params, q="")
        named = conditions.in_words(without_text, self._vocabulary, self._agency_names)
        others = "、".join(f"{name}: {values}" for name, values in named)
        if not params.q:
            return others or _WITHOUT_CONDITIONS
        return f"「{params.q}」（{others}）" if others else f"「{params.q}」"


def _told_in(year: FiscalYear) -> ToldStatement:
    return (
        select(
            SearchCondition.conditions,
            _SEARCHES.label("searches"),
            _DAYS.label("days"),
            func.sum(DailySearch.without_hits).label("without_hits"),
            func.sum(DailySearch.with_few_hits).label("with_few_hits"),
        )
        .join(DailySearch, DailySearch.condition_id == SearchCondition.id)
        .where(searched_in(year))
        .group_by(SearchCondition.conditions)
        .having(_SEARCHES >= LEAST_SEARCHES, _DAYS >= LEAST_DAYS)
    )


def _rows(
    session: Session, statement: ToldStatement, vocabulary: Vocabulary, limit: int
) -> tuple[SearchedRow, ...]:
    reader = SearchReader(session, vocabulary)
    rows = []
    # Among equals in the order of their conditions, so that a report always says the same.
    for row in session.execute(statement.order_by(SearchCondition.conditions).limit(limit)):
        told = reader.read(row.conditions)
        rows.append(
            SearchedRow(
                label=told.label,
                address=told.address,
                searches=int(row.searches),
                days=int(row.days),
                without_hits=int(row.without_hits),
                with_few_hits=int(row.with_few_hits),
            )
        )
    return tuple(rows)
