"""Which fiscal years can be asked for."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.errors import PortalError
from portal.fiscal_year import FiscalYear
from portal.pageviews.models import DailyPageView, ImportedPageView
from portal.reports.models import ClosedYear, TakenOverTitle, YearlyCost

FIRST, LAST = 2000, 2100
"""The years that tables take."""


class NoSuchYearError(PortalError):
    """Nothing can be told of a year: it is none, lies too far back, or has not begun. The message
    is Japanese and says which to ask for."""


def asked_year(text: str | None, *, today: date) -> FiscalYear:
    """The year that an address asks for; the present one where it asks for none.

    :raises NoSuchYearError: it is no year of which anything can be told.
    """
    current = FiscalYear.containing(today)
    if not text:
        return current
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LAST))
    if not is_number or not FIRST <= int(text) <= LAST:
        raise NoSuchYearError(
            f"年度は、西暦の4けたの数字で指定してください（{FIRST}から{current.year}まで）。"
        )
    year = FiscalYear(int(text))
    if year > current:
        raise NoSuchYearError(
            f"{year.label}はまだ始まっていません。{current.label}までを選んでください。"
        )
    return year


def list_years(session: Session, *, today: date) -> list[FiscalYear]:
    """The years of which something is known, and the present one; newest first."""
    current = FiscalYear.containing(today)
    first = session.scalar(select(func.min(DailyPageView.viewed_on)))
    counted = range(FiscalYear.containing(first).year, current.year) if first else range(0)
    told: Iterable[int] = session.scalars(
        select(ImportedPageView.fiscal_year).union(
            select(YearlyCost.fiscal_year),
            select(TakenOverTitle.fiscal_year),
            select(ClosedYear.fiscal_year),
        )
    )
    known = {*counted, *told, current.year}
    return [FiscalYear(year) for year in sorted(known, reverse=True) if year <= current.year]
