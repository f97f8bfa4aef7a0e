"""What was published of the predecessor is in the demo, and gives way to administrators."""

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.fiscal_year import FiscalYear
from portal.pageviews.models import ImportedPageView
from portal.reports import costs
from portal.reports.models import ClosedYear, TakenOverTitle, YearlyCost
from portal.sample_data import predecessor
from tests.conftest import NOW

Sessions = sessionmaker[Session]


def load(sessions: Sessions) -> None:
    with write_transaction(sessions) as session:
        predecessor.load(session, today=NOW.date(), now=NOW)


def there(sessions: Sessions) -> tuple[dict[int, int], dict[int, int], list[str]]:
    """Page views and costs by year, and the titles."""
    with sessions() as session:
        views = session.scalars(select(ImportedPageView).where(ImportedPageView.month == 0))
        titles = select(TakenOverTitle.title).order_by(TakenOverTitle.position)
        return (
            {row.fiscal_year: row.views for row in views},
            {row.fiscal_year: row.cost_yen for row in session.scalars(select(YearlyCost))},
            list(session.scalars(titles)),
        )


def test_history_is_taken_over_once_and_never_over_what_somebody_entered(
    database: Sessions,
) -> None:
    load(database)
    views, known_costs, titles = there(database)
    assert views == {2022: 31_272, 2023: 20_748}
    assert known_costs == {2021: 2_010_000, 2023: 1_741_000}
    assert (len(titles), titles[2]) == (7, "スマートものづくり促進事業費補助金")
    with write_transaction(database) as session:
        costs.set_cost(session, FiscalYear(2023), 1_700_000, actor=OPERATOR, now=NOW)
        session.get_one(ImportedPageView, (2022, 0)).views = 31_000
        session.delete(session.get_one(TakenOverTitle, (2022, 7)))
    load(database)
    assert there(database) == (
        {2022: 31_000, 2023: 20_748},
        {2021: 2_010_000, 2023: 1_700_000},
        titles[:6],
    )


def test_closed_year_is_left_alone(database: Sessions) -> None:
    with write_transaction(database) as session:
        session.add(ClosedYear(fiscal_year=2023, closed_at=NOW, closed_by="青森 花子"))
    load(database)
    views, known_costs, _ = there(database)
    assert (views, known_costs) == ({2022: 31_272}, {2021: 2_010_000})
