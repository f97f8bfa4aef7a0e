"""The ``portal`` command, run as an operator runs it."""

import json
import re
import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from portal.config import CHECKOUT
from portal.jobs.registry import JOBS
from tests.commands import run, run_process
from tests.demos import copy_demo

BY_NEED = {
    *("attachment-scan", "listing-publish", "mail-send"),
    *("saved-search-mail", "favorite-change-mail"),
}
"""Jobs that are due only while there is something to do."""


@pytest.fixture(scope="module")
def demo_folder(operators_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a loaded demo."""
    return copy_demo(operators_demo, tmp_path_factory.mktemp("cli") / "data")


def test_demo_loads_once_and_keeps_what_is_there(demo_folder: Path) -> None:
    again = run(demo_folder, "demo")
    first, *_ = again.stdout.splitlines()
    assert (again.returncode, first) == (0, "The samples are there already.")
    status = json.loads(run(demo_folder, "index", "status", "--json").stdout)
    assert status["published"] == status["indexed"] >= 218 + 60


def test_verify_reports_no_differences_after_demo(demo_folder: Path) -> None:
    done = run(demo_folder, "index", "verify")
    assert (done.returncode, done.stdout) == (0, "0 differences\n")


def test_lost_index_fails_status_and_is_rebuilt(demo_folder: Path) -> None:
    shutil.rmtree(demo_folder / "index")
    assert run(demo_folder, "index", "status").returncode == 1
    lost = run(demo_folder, "index", "verify")
    assert lost.returncode == 1
    assert lost.stderr.startswith("portal: the index cannot be used: ")
    assert "portal index rebuild" in lost.stderr
    assert run_process(demo_folder, "index", "rebuild").returncode == 0
    assert run(demo_folder, "index", "sync").stdout == "0 listings brought up to date.\n"
    assert run(demo_folder, "index", "status").returncode == 0


def test_init_makes_an_empty_portal_and_can_be_repeated(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert run_process(folder, "init").returncode == 0
    assert run(folder, "init").returncode == 0
    status = json.loads(run(folder, "index", "status", "--json").stdout)
    assert (status["published"], status["is_usable"]) == (0, True)
    assert folder.stat().st_mode & 0o077 == 0


def test_demo_refuses_a_database_with_listings_of_its_own(
    demo_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(demo_folder, folder)
    with sqlite3.connect(folder / "portal.db") as database:
        database.execute("UPDATE listing SET source_id = 'own-' || id")
    database.close()
    done = run(folder, "demo")
    assert done.returncode == 1
    assert done.stderr == "portal: this database holds listings of its own\n"


@pytest.mark.parametrize("arguments", [["index", "burn"], ["serve", "--port", "0"], ["--nope"]])
def test_wrong_usage_exits_with_2(tmp_path: Path, arguments: list[str]) -> None:
    assert run(tmp_path / "data", *arguments).returncode == 2


def test_wrong_setting_stops_with_one_line(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "init", PORTAL_ENV="prod")
    assert done.returncode == 2
    assert done.stderr == "portal: PORTAL_ENV is 'prod': use one of development, production\n"


def test_serving_an_empty_folder_says_what_to_run_first(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "serve")
    assert done.returncode == 1
    assert "portal init" in done.stderr


def test_taken_port_is_said_in_one_line(demo_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_process(demo_folder, "serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"portal: cannot listen on 127.0.0.1 port {port}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [[], ["init"], ["demo"], ["serve"], ["index"], ["index", "verify"]]
)
def test_every_command_has_help(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path / "data", *arguments, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout


def test_checkout_is_where_templates_and_migrations_are() -> None:
    assert (CHECKOUT / "templates").is_dir()
    assert (CHECKOUT / "migrations").is_dir()


def test_jobs_are_listed_with_how_they_went(demo_folder: Path) -> None:
    before = json.loads(run(demo_folder, "jobs", "list", "--json").stdout)
    assert [job["name"] for job in before] == [job.name for job in JOBS]
    assert {job["name"] for job in before if not job["is_due"]} == BY_NEED
    assert all(job["started_at"] is None for job in before)
    listed = run(demo_folder, "jobs", "list").stdout
    assert "index-verify  daily at 02:30" in listed
    assert "mail-send  every minute" in listed
    assert "never ran, due now" in listed
    done = run(demo_folder, "jobs", "run")
    assert "index-verify: 違いはありませんでした。\n" in done.stdout
    assert re.search(
        r"^change-log-prune: 古い変更の記録を\d+件消しました。$", done.stdout, re.MULTILINE
    )
    assert run(demo_folder, "jobs", "run").stdout == ""
    after = json.loads(run(demo_folder, "jobs", "list", "--json").stdout)
    assert not any(job["is_due"] or job["is_failed"] for job in after)
    assert {job["name"] for job in after if not job["finished_at"]} == BY_NEED
    assert after[0]["detail"] == "違いはありませんでした。"


def test_unknown_job_is_told_which_there_are(demo_folder: Path) -> None:
    done = run(demo_folder, "jobs", "run", "dance")
    assert done.returncode == 1
    names = ", ".join(job.name for job in JOBS)
    assert done.stderr == f"portal: there is no job dance: choose one of {names}\n"
