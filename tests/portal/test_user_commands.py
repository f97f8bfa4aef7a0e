"""``portal user`` and the accounts of the demo, run as an operator runs them."""

import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands import run
from tests.conftest import SECRET
from tests.demos import copy_demo

PASSWORD = "浅虫の海と三つの古い椅子と北の風"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an empty portal."""
    folder: Path = tmp_path_factory.mktemp("users") / "data"
    assert run(folder, "init").returncode == 0
    return folder


def create(
    folder: Path, email: str, role: str, *more: str, password: str = PASSWORD
) -> subprocess.CompletedProcess[str]:
    wanted = ("--email", email, "--role", role, "--password-stdin", *more)
    return run(folder, "user", "create", *wanted, typed=password + "\n")


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "portal.db")) as database:
        return database.execute(query).fetchall()


def test_first_administrator_is_made_stopped_and_recorded(folder: Path) -> None:
    done = create(folder, "Admin@pref.example.jp", "admin", "--name", "県 太郎")
    assert (done.returncode, done.stdout) == (0, "Admin@pref.example.jp is admin.\n")
    (row,) = rows(folder, "SELECT email, email_folded, name, role, password_hash FROM user_account")
    assert row[:4] == ("Admin@pref.example.jp", "admin@pref.example.jp", "県 太郎", "admin")
    assert str(row[4]).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert run(folder, "user", "disable", "admin@PREF.example.jp").returncode == 0
    again = run(folder, "user", "disable", "admin@pref.example.jp")
    assert again.stdout == "Admin@pref.example.jp was disabled before.\n"
    reset = run(folder, "user", "reset-totp", "admin@pref.example.jp")
    assert reset.stdout == "Admin@pref.example.jp had no second factor.\n"
    events = rows(folder, "SELECT action, actor_role FROM audit_event ORDER BY seq")
    assert events == [("user_created", "operator"), ("user_disabled", "operator")]


def test_staff_belong_to_their_agency(folder: Path) -> None:
    done = create(folder, "clerk@town.example.jp", "staff", "--agency", "m02201")
    assert done.returncode == 0, done.stderr
    wanted = "SELECT code FROM agency JOIN user_account ON agency_id = agency.id"
    assert rows(folder, wanted) == [("m02201",)]


@pytest.mark.parametrize(
    ("email", "role", "more", "password", "told"),
    [
        ("a@b.example.jp", "admin", (), "みじかい", "15文字以上"),
        ("a@b.example.jp", "member", (), "aomoriken2026", "推測される"),
        ("no address", "member", (), PASSWORD, "の形で"),
        ("=?utf-8?q?a?=@b.example.jp", "member", (), PASSWORD, "の形で"),
        ("a@b.example.jp", "staff", (), PASSWORD, "実施機関が必要"),
        ("a@b.example.jp", "member", ("--agency", "m02201"), PASSWORD, "属しません"),
        ("a@b.example.jp", "staff", ("--agency", "nowhere"), PASSWORD, "nowhere"),
        ("x@demo.example", "admin", (), PASSWORD, "見本のアカウント"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    folder: Path, email: str, role: str, more: tuple[str, ...], password: str, told: str
) -> None:
    done = create(folder, email, role, *more, password=password)
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert password not in done.stderr


@pytest.mark.parametrize("arguments", [["disable"], ["create", "--email", "x"], ["burn"]])
def test_wrong_usage_exits_with_2(folder: Path, arguments: list[str]) -> None:
    assert run(folder, "user", *arguments).returncode == 2


def test_unknown_user_is_said(folder: Path) -> None:
    done = run(folder, "user", "disable", "nobody@b.example.jp")
    assert (done.returncode, done.stderr) == (
        1,
        "portal: there is no user nobody@b.example.jp\n",
    )


def test_demo_prints_one_account_of_each_role_and_production_refuses_them(
    operators_demo: Path, tmp_path: Path
) -> None:
    first = (operators_demo.parent / "printed.txt").read_text(encoding="utf-8")
    folder = copy_demo(operators_demo, tmp_path / "data")
    second = run(folder, "demo").stdout
    accounts = r"^  (\w+) +(\w+@demo\.example) +((?:[a-z2-7]{4}-){3}[a-z2-7]{4})$"
    found = re.findall(accounts, first, re.MULTILINE)
    assert [role for role, _, _ in found] == ["member", "staff", "approver", "admin"]
    assert re.findall(accounts, second, re.MULTILINE) == found
    assert len({password for _, _, password in found}) == 4
    production = {
        "PORTAL_ENV": "production",
        "PORTAL_BASE_URL": "https://portal.example.jp",
        "PORTAL_SECRET_KEY": SECRET,
    }
    served = run(folder, "serve", **production)
    assert served.returncode == 1
    assert "must not have demo accounts" in served.stderr
    refused = run(tmp_path / "other", "demo", **production)
    assert (refused.returncode, refused.stderr) == (
        1,
        "portal: the demo is refused in production\n",
    )


def test_clerk_is_invited_by_a_mail_and_recorded(folder: Path) -> None:
    email = "invited@city.example.jp"
    done = run(folder, "user", "invite", "--email", email, "--role", "staff", "--agency", "m02201")
    assert (done.returncode, done.stdout) == (0, f"{email} is invited.\n")
    mails = [path.read_bytes() for path in (folder / "mail").glob("*.eml")]
    assert [email in mail.decode("ascii") for mail in mails] == [True]
    (row,) = rows(folder, f"SELECT role, used_at FROM one_time_token WHERE email = '{email}'")  # noqa: S608
    assert row == ("staff", None)
    event = "SELECT actor_role, agency_code FROM audit_event WHERE action = 'user_invited'"
    assert rows(folder, event) == [("operator", "m02201")]
    again = run(folder, "user", "invite", "--email", email, "--role", "admin")
    assert again.returncode == 1
    assert "招待を送ってあります" in again.stderr


def test_invitation_needs_a_role_that_is_invited(folder: Path) -> None:
    done = run(folder, "user", "invite", "--email", "a@b.example.jp", "--role", "member")
    assert done.returncode == 2


def test_operator_who_stops_the_last_administrator_is_told_the_way_back(tmp_path: Path) -> None:
    assert run(tmp_path, "init").returncode == 0
    for email in ("first@pref.example.jp", "second@pref.example.jp"):
        assert create(tmp_path, email, "admin").returncode == 0
    one = run(tmp_path, "user", "disable", "first@pref.example.jp")
    assert (one.returncode, one.stderr) == (0, "")
    last = run(tmp_path, "user", "disable", "second@pref.example.jp")
    assert last.returncode == 0
    assert "portal user create --role admin" in last.stderr
