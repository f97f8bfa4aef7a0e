"""アクセス上位: which listings people viewed most, in a fiscal year or of late.

The sums are the same for everybody and take a while where a year is long, so each process keeps
them for some minutes. Of a listing it keeps the number alone: what may be shown of it is asked of
the database each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.fiscal_year import FiscalYear
from portal.pageviews import popularity, standing
from portal.reports import ranking_queries
from portal.reports.ranking_queries import Viewed
from portal.search.results_cache import ResultsCache

KEPT_S = 120
"""Seconds for which a process keeps what it summed up."""

SHOWN = 50
"""Listings of a ranking."""

_READ = 2 * SHOWN
"""Some of them may be nothing for the public any more."""

_YEAR_TELLS_AFTER = timedelta(days=30)
"""Before, a fiscal year tells less of what is viewed than the days before it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Listings by their views in some days, the most viewed first, and until when all views are in
    it."""

    viewed: tuple[Viewed, ...] = ()
    counted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Years:
    """The fiscal years that there is something to tell of, the latest first; and the day of the
    first view that is counted here."""

    known: tuple[FiscalYear, ...]
    counted_from: date | None


@dataclass(frozen=True, slots=True)
class Lately:
    """What is viewed most now: in this fiscal year, or in the last days if ``year`` is None."""

    counted: Counted
    year: FiscalYear | None


class Rankings:
    """Rankings as a process keeps them."""

    def __init__(self) -> None:
        self._counted = ResultsCache[Counted]()
        self._years = ResultsCache[Years](capacity=1)

    def years(self, session: Session, *, now: datetime) -> Years:
        """The fiscal years of which anything is known."""
        return self._years.get(_turn(now), lambda: _years(session))

    def of_year(self, session: Session, year: FiscalYear, *, now: datetime) -> Counted:
        """The listings viewed most in a fiscal year."""
        return self._of_days(session, year.starts_on, year.ends_on, now)

    def lately(self, session: Session, *, today: date, now: datetime, wanted: int) -> Lately:
        """The listings viewed most in this fiscal year; while it is young, or has fewer of them
        than wanted, in the days by which searches are sorted."""
        year = FiscalYear.containing(today)
        if today - year.starts_on >= _YEAR_TELLS_AFTER:
            found = self.of_year(session, year, now=now)
            if len(found.viewed) >= wanted:
                return Lately(found, year)
        first = today - timedelta(days=popularity.DAYS)
        return Lately(self._of_days(session, first, today, now), None)

    def _of_days(self, session: Session, first: date, last: date, now: datetime) -> Counted:
        def read() -> Counted:
            # Asked first: what is counted meanwhile is in the sums, and nothing is promised of it.
            until = standing.counted_until(session)
            return Counted(ranking_queries.most_viewed(session, first, last, limit=_READ), until)

        return self._counted.get((_turn(now), first, last), read)


def _years(session: Session) -> Years:
    counted = ranking_queries.counted_years(session)
    known = counted | ranking_queries.taken_over_years(session)
    return Years(tuple(sorted(known, reverse=True)), ranking_queries.first_day(session))


def ranked(viewed: Iterable[Viewed]) -> list[tuple[int, Viewed]]:
    """Each with its rank from 1; who has as many views has the same rank."""
    found: list[tuple[int, Viewed]] = []
    for position, one in enumerate(viewed, start=1):
        is_equal = bool(found) and found[-1][1].views == one.views
        found.append((found[-1][0] if is_equal else position, one))
    return found


def _turn(now: datetime) -> int:
    return int(now.timestamp() // KEPT_S)
