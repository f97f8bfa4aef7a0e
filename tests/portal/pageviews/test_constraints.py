"""Every constraint of the tables of counting and of reports, shown to bite on both databases."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import CheckConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.models import metadata
from portal.pageviews.models import (
    DailyClick,
    DailyPageView,
    DailySearch,
    DailySearchVisit,
    ImportedPageView,
    SearchCondition,
    SpoolFile,
)
from portal.reports.models import ClosedReportFile, ClosedYear, TakenOverTitle, YearlyCost
from tests.conftest import NOW
from tests.each import each

DAY = date(2026, 11, 20)
HASH = "0" * 64


def _row(kind: Callable[..., object], **usual: Any) -> Callable[..., object]:
    return lambda **values: kind(**(usual | values))


new_view = _row(
    DailyPageView, viewed_on=DAY, view_class="human", page_kind="listing", listing_id=1,
    version_id=1, device="phone", is_sample=False, views=1,
)  # fmt: skip
new_search = _row(
    DailySearch, searched_on=DAY, condition_id=1, searches=2, without_hits=1, with_few_hits=1
)
new_visit = _row(DailySearchVisit, visited_on=DAY, listing_id=1, condition_id=1, visits=1)
new_click = _row(DailyClick, clicked_on=DAY, listing_id=1, click_kind="apply", clicks=1)
new_file = _row(
    SpoolFile, name="a", place="b", consumed_bytes=0, lines=0, damaged_lines=0, cut_bytes=0,
    bot_list="", archived_at=NOW, sha256=HASH,
)  # fmt: skip
new_import = _row(ImportedPageView, fiscal_year=2023, month=0, views=0, imported_at=NOW)
new_cost = _row(YearlyCost, fiscal_year=2023, cost_yen=0, set_at=NOW)
new_title = _row(TakenOverTitle, fiscal_year=2022, position=1, title="補助金")
new_closing = _row(ClosedYear, fiscal_year=2023, closed_at=NOW, closed_by="佐藤")
new_report = _row(ClosedReportFile, fiscal_year=2022, format="pdf", content=b"%PDF", sha256=HASH)

GOOD = (
    *(new_view, new_search, new_visit, new_click, new_file),
    *(new_import, new_cost, new_title, new_closing, new_report),
)
BAD: dict[str, Callable[[], object]] = {
    "ck_daily_page_view_page_kind_known": lambda: new_view(page_kind="x"),
    "ck_daily_page_view_view_class_known": lambda: new_view(view_class="x"),
    "ck_daily_page_view_device_known": lambda: new_view(device="x"),
    "ck_daily_page_view_views_counted": lambda: new_view(views=0),
    "ck_daily_page_view_version_of_listing": lambda: new_view(version_id=0),
    "ck_daily_search_searches_counted": lambda: new_search(
        searches=0, without_hits=0, with_few_hits=0
    ),
    "ck_daily_search_little_is_part_of_all": lambda: new_search(without_hits=2),
    "fk_daily_search_condition_id": lambda: new_search(condition_id=9),
    "ck_daily_search_visit_visits_counted": lambda: new_visit(visits=0),
    "fk_daily_search_visit_condition_id": lambda: new_visit(condition_id=9),
    "ck_daily_click_click_kind_known": lambda: new_click(click_kind="x"),
    "ck_daily_click_clicks_counted": lambda: new_click(clicks=0),
    "ck_spool_file_consumed_from_start": lambda: new_file(consumed_bytes=-1),
    "ck_spool_file_archive_is_summed": lambda: new_file(archived_at=None),
    "ck_spool_file_sum_is_hash": lambda: new_file(sha256="0"),
    "ck_imported_page_view_month_of_year": lambda: new_import(month=13),
    "ck_imported_page_view_fiscal_year_plausible": lambda: new_import(fiscal_year=1999),
    "ck_imported_page_view_views_not_negative": lambda: new_import(views=-1),
    "ck_yearly_cost_cost_year_plausible": lambda: new_cost(fiscal_year=2101),
    "ck_yearly_cost_cost_plausible": lambda: new_cost(cost_yen=-1),
    "ck_taken_over_title_position_from_one": lambda: new_title(position=0),
    "ck_closed_year_closed_year_plausible": lambda: new_closing(fiscal_year=1999),
    "ck_closed_report_file_format_known": lambda: new_report(format="doc"),
    "ck_closed_report_file_file_is_summed": lambda: new_report(sha256="0"),
    "fk_closed_report_file_fiscal_year": lambda: new_report(fiscal_year=2020),
}
TABLES = (
    *("daily_page_view", "search_condition", "daily_search", "daily_search_visit", "daily_click"),
    *("spool_file", "spooled_line", "spool_place", "imported_page_view", "yearly_cost"),
    *("taken_over_title", "closed_year", "closed_report_file"),
)


@pytest.fixture
def session(database: sessionmaker[Session]) -> Session:
    with database() as session:
        session.add(SearchCondition(id=1, conditions="q=除雪"))
        session.add(ClosedYear(fiscal_year=2022, closed_at=NOW, closed_by="佐藤"))
        session.commit()
        yield session


@each("name", tuple(BAD))
def test_constraint_bites(session: Session, name: str) -> None:
    session.rollback()
    session.add(BAD[name]())
    with pytest.raises(IntegrityError) as raised:
        session.flush()
    is_named = session.get_bind().dialect.name == "postgresql" or name.startswith("ck")
    assert not is_named or name in str(raised.value)


def test_rows_are_good_before_they_are_spoilt(session: Session) -> None:
    session.add_all([make() for make in GOOD])
    session.flush()


def test_every_check_is_shown_to_bite() -> None:
    checks = {
        str(constraint.name)
        for table in TABLES
        for constraint in metadata.tables[table].constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert checks == {name for name in BAD if name.startswith("ck")}
