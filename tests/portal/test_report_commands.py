"""``portal report`` and ``portal pageviews import`` on a demo, as an operator runs them."""

import json
from pathlib import Path

import pytest

from tests.commands import run
from tests.portal.test_user_commands import rows

CLOCK = "2026-11-20T03:00:00+00:00"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an empty portal."""
    folder: Path = tmp_path_factory.mktemp("reports") / "data"
    assert run(folder, "init").returncode == 0
    return folder


def report(folder: Path, year: int, report_format: str) -> bytes:
    path = folder / f"{year}.{report_format}"
    arguments = ("--fiscal-year", str(year), "--format", report_format, "-o", str(path))
    done = run(folder, "report", "yearly", *arguments, PORTAL_CLOCK=CLOCK)
    assert done.returncode == 0, done.stderr
    return path.read_bytes()


def test_predecessor_comes_in_and_is_told_as_the_prefecture_did(folder: Path) -> None:
    file = folder / "old.csv"
    file.write_text("fiscal_year,month,page_views\n2022,,31272\n2023,,20748\n", "utf-8")
    done = run(folder, "pageviews", "import", str(file))
    assert (done.returncode, done.stdout) == (0, "2 rows added, 0 changed, 0 as before.\n")
    again = run(folder, "pageviews", "import", str(file), "--json")
    assert json.loads(again.stdout) == {"added": 0, "changed": 0, "unchanged": 2}
    cost = ("report", "set-cost", "--fiscal-year", "2023", "--yen", "1741000")
    assert run(folder, *cost).stdout == "令和5年度: 1,741,000 yen\n"
    assert run(folder, *cost).stdout == "令和5年度: 1,741,000 yen, as before\n"
    told = json.loads(report(folder, 2023, "json"))
    assert {
        "label": "令和5年度",
        "total_page_views": 20_748,
        "previous_total_page_views": 31_272,
        "change_percent": -33.7,
        "cost_yen": 1_741_000,
        "yen_per_view": 83.9,
        "taken_over": True,
        "counted_until": None,
        "made_by": "コマンド",
    }.items() <= told.items()
    for report_format, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF-")):
        assert report(folder, 2023, report_format).startswith(start)
    named = ("report", "yearly", "--fiscal-year", "2023", "--format", "csv")
    assert run(folder, *named, PORTAL_CLOCK=CLOCK).stdout.startswith("yearly-report-2023.csv: ")
    written = folder.parent / "yearly-report-2023.csv"
    assert written.read_bytes() == report(folder, 2023, "csv")
    recorded = "SELECT action, actor_role FROM audit_event ORDER BY seq"
    assert rows(folder, recorded) == [
        ("page_views_imported", "operator"),
        ("report_cost_set", "operator"),
    ]


def test_what_cannot_be_done_is_said_and_nothing_is_written(folder: Path) -> None:
    file = folder / "wrong.csv"
    file.write_text("fiscal_year,month,page_views\n2021,4,5\n2021,x,5\n", "utf-8")
    done = run(folder, "pageviews", "import", str(file))
    assert done.returncode == 1
    assert done.stderr.startswith("3行目: 月「x」は")
    assert done.stderr.endswith("portal: nothing was taken over\n")
    path = folder / "none.pdf"
    for year, status in ((2015, 1), (2099, 1), (1999, 2)):
        arguments = ("--fiscal-year", str(year), "--format", "pdf", "-o", str(path))
        assert run(folder, "report", "yearly", *arguments).returncode == status
    assert not path.exists()
    cost = ("report", "set-cost", "--fiscal-year", "2023", "--yen")
    assert [run(folder, *cost, yen).returncode for yen in ("-1", "x")] == [2, 2]
