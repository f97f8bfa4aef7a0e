"""``portal synonym``, run as an administrator runs it."""

import json
from pathlib import Path

import pytest

from tests.commands import run
from tests.portal.test_user_commands import rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an empty portal."""
    folder: Path = tmp_path_factory.mktemp("synonyms") / "data"
    assert run(folder, "init").returncode == 0
    return folder


def listed(folder: Path, *options: str) -> dict[int, dict[str, object]]:
    done = run(folder, "synonym", "list", "--json", *options)
    assert done.returncode == 0, done.stderr
    return {group["id"]: group for group in json.loads(done.stdout)}


def test_group_is_added_changed_removed_and_restored(folder: Path) -> None:
    done = run(folder, "synonym", "add", "薪", "柴", "看板", "--category", "energy", "--json")
    group = json.loads(done.stdout)
    number = str(group["id"])
    (shared,) = group["shared"]
    assert shared["text"] == "看板"
    assert listed(folder)[shared["id"]]["default_key"] == "sign"
    changed = run(folder, "synonym", "change", number, "薪", "焚き木", "--note", "冬", "--disable")
    assert changed.stdout == f"{number}  energy (disabled, edited)  薪 = 焚き木  # 冬\n"
    assert run(folder, "synonym", "change", number, "--enable").returncode == 0
    assert listed(folder)[group["id"]]["members"] == ["薪", "焚き木"]
    assert run(folder, "synonym", "remove", number).returncode == 0
    assert [*listed(folder, "--removed")] == [group["id"]]
    assert run(folder, "synonym", "restore", number).returncode == 0
    assert group["id"] in listed(folder, "--category", "energy")


def test_what_is_done_is_recorded_as_done_by_the_operator(folder: Path) -> None:
    number = str(
        json.loads(run(folder, "synonym", "add", "かまど", "へっつい", "--json").stdout)["id"]
    )
    done = [
        ("change", number, "かまど", "竈", "--disable"),
        ("change", number, "--enable"),
        ("change", number, "--enable"),
        ("remove", number),
        ("remove", number),
        ("restore", number),
    ]
    for arguments in done:
        assert run(folder, "synonym", *arguments).returncode == 0
    recorded = f"""SELECT action, actor_role FROM audit_event
        WHERE target_type = 'synonym_group' AND target_id = '{number}' ORDER BY seq"""  # noqa: S608
    assert rows(folder, recorded) == [
        (f"synonym_{action}", "operator")
        for action in ("added", "changed", "disabled", "enabled", "removed", "restored")
    ]


def test_init_does_not_bring_back_a_removed_default(folder: Path) -> None:
    assert run(folder, "synonym", "remove", "2").returncode == 0
    assert run(folder, "init").returncode == 0
    assert 2 not in listed(folder)
    restored = run(folder, "synonym", "restore", "2", "--as-shipped")
    assert restored.stdout == "2  money  給付金 = 支援金 = 応援金 = 一時金 = 協力金\n"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["add", "看板"], 1, "portal: 同じ意味のことばを2つ以上入れてください。\n"),
        (["change", "1", "a", "a"], 1, "portal: 「a」が2回あります。1つにしてください。\n"),
        (["remove", "99999"], 1, "portal: there is no synonym group 99999\n"),
        (["restore", "9" * 30], 1, f"portal: there is no synonym group {'9' * 30}\n"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    folder: Path, arguments: list[str], status: int, message: str
) -> None:
    done = run(folder, "synonym", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", message)


@pytest.mark.parametrize("arguments", [["add"], ["remove", "x"], ["list", "--category", "no"]])
def test_wrong_usage_exits_with_2(folder: Path, arguments: list[str]) -> None:
    assert run(folder, "synonym", *arguments).returncode == 2
