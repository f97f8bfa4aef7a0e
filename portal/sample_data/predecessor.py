"""What the prefecture published of the portal's predecessor: page views, costs, titles.

``predecessor.json`` holds it as published, with costs in thousands of yen. It is taken over once;
what an administrator entered since stays.
"""

import json
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.types import OPERATOR
from portal.fiscal_year import FiscalYear
from portal.pageviews import imports
from portal.pageviews.import_files import WHOLE_YEAR, ImportedRow
from portal.pageviews.models import ImportedPageView
from portal.reports import closing, costs
from portal.reports.models import TakenOverTitle, YearlyCost

_FILE = Path(__file__).with_name("predecessor.json")
_TITLES_OF = 2022


def load(session: Session, *, today: date, now: datetime) -> None:
    """Take over what is not there yet, for years that are not closed. Callers commit."""
    published = json.loads(_FILE.read_text(encoding="utf-8"))
    closed = closing.closed_years(session)
    years_there = {*session.scalars(select(ImportedPageView.fiscal_year)), *closed}
    rows = [
        ImportedRow(number, int(year), WHOLE_YEAR, views)
        for number, (year, views) in enumerate(published["page_views"].items(), start=1)
        if int(year) not in years_there
    ]
    if rows:
        imports.store(session, rows, closed_years=closed, actor=OPERATOR, today=today, now=now)
    _load_titles(session, published[f"most_viewed_{_TITLES_OF}"])
    costs_there = {*session.scalars(select(YearlyCost.fiscal_year)), *closed}
    for year, thousand_yen in published["cost_thousand_yen"].items():
        if int(year) not in costs_there:
            cost_yen = thousand_yen * 1000
            costs.set_cost(session, FiscalYear(int(year)), cost_yen, actor=OPERATOR, now=now)


def _load_titles(session: Session, titles: list[str]) -> None:
    asked = select(TakenOverTitle.position).where(TakenOverTitle.fiscal_year == _TITLES_OF)
    if session.scalar(asked.limit(1)) is not None:
        return
    for position, title in enumerate(titles, start=1):
        session.add(TakenOverTitle(fiscal_year=_TITLES_OF, position=position, title=title))
