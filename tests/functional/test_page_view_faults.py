"""Page views are counted exactly though processes are killed, lines are cut and clocks are set."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bench.pageviews import kill_runs, year
from bench.pageviews.kill_runs import count_to_the_end
from bench.pageviews.site import make_site
from bench.pageviews.year import ROLL_UP, Step
from portal.fiscal_year import FiscalYear
from portal.pageviews.models import DailyPageView
from tests import commands
from tests.conftest import MakeApp, make_settings, resources_of
from tests.databases import MakeDatabase
from tests.project.test_imports import ROOT, imported_modules

VIEWS = 200
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Mobile Safari/604.1"


def test_views_beside_killed_workers_and_roll_ups_are_counted_exactly(
    tmp_path: Path, database_url: str
) -> None:
    with make_site(tmp_path / "data", lambda: database_url) as site:
        run = kill_runs.play(site, views=VIEWS, seed=3, rounds=1)
    assert (run.worker_kills, run.rollup_kills) == (1, 1)
    assert run.asked.refused == 0
    assert VIEWS <= run.asked.answered <= run.counted <= run.asked.started
    assert run.over <= run.bound
    assert run.is_recounted_alike


def run_here(name: str, settings: Mapping[str, str], arguments: Sequence[str]) -> Step:
    """A command of the portal within this process."""
    done = commands.run(Path(settings["PORTAL_DATA_DIR"]), *arguments, **settings)
    # Lines of the year are damaged, which the job has to tell.
    assert done.returncode == (name == ROLL_UP), done.stderr
    return Step(name, 0, 0)


def test_report_of_a_year_is_what_its_raw_lines_come_to(
    tmp_path: Path, make_sqlite_database: MakeDatabase
) -> None:
    played = year.play(
        tmp_path, make_sqlite_database, size=20_000, listings=40, days_a_file=31, run=run_here
    )
    assert played.differences == []
    assert played.page_views > 15_000
    assert played.compared > 500


@pytest.mark.parametrize("name", ["plain_year", "raw_lines", "raw_sums"])
def test_the_second_computation_knows_nothing_of_the_portal(name: str) -> None:
    standard = {"collections", "dataclasses", "datetime", "itertools", "json", "pathlib", "random"}
    for module in imported_modules(ROOT / "bench" / "pageviews" / f"{name}.py"):
        is_plain = module.startswith("bench.pageviews.plain_year.")
        assert is_plain or module.split(".")[0] in {*standard, "typing"}, module


def test_each_view_is_of_the_day_that_the_clock_says_also_when_it_is_set_back(
    tmp_path: Path, make_sqlite_database: MakeDatabase, make_app: MakeApp
) -> None:
    database_url = make_sqlite_database()
    moments = (
        *("2027-03-31T23:59:59+09:00", "2027-04-01T00:00:00+09:00"),
        # Set back by an hour after the new day was counted.
        "2027-03-31T23:00:00+09:00",
    )
    for moment in moments:
        settings = make_settings(
            tmp_path, PORTAL_DATABASE_URL=database_url, PORTAL_CLOCK=moment, PORTAL_JOBS="external"
        )
        app = make_app(settings)
        assert app.test_client().get("/terms", headers={"User-Agent": PHONE}).status_code == 200
        held = resources_of(app)
        held.spool.close()
        count_to_the_end(held)
    with held.sessions() as session:
        rows = session.execute(select(DailyPageView.viewed_on, DailyPageView.views)).all()
    assert sorted(map(tuple, rows)) == [(date(2027, 3, 31), 2), (date(2027, 4, 1), 1)]
    assert {FiscalYear.containing(day).year for day, _ in rows} == {2026, 2027}
