"""Anchors lie outside the database, and survive what may happen to a file."""

import json
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.audit.anchors import (
    Anchor,
    AnchorsUnreadableError,
    append_anchor,
    read_anchors,
)

FIRST = Anchor(date(2026, 11, 20), 5, "a" * 64)
SECOND = Anchor(date(2026, 11, 21), 9, "b" * 64)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "anchors.jsonl"


def test_anchors_are_kept_in_order_and_private(path: Path) -> None:
    append_anchor(path, FIRST)
    append_anchor(path, SECOND)
    assert read_anchors(path) == (FIRST, SECOND)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first, second = path.read_text().splitlines()
    assert json.loads(first) == {"day": "2026-11-20", "seq": 5, "hash": "a" * 64}


def test_same_anchor_is_not_repeated(path: Path) -> None:
    append_anchor(path, FIRST)
    append_anchor(path, FIRST)
    append_anchor(path, replace(FIRST, day=SECOND.day))
    assert [anchor.day for anchor in read_anchors(path)] == [FIRST.day, SECOND.day]


def test_no_file_holds_no_anchors(path: Path) -> None:
    assert read_anchors(path) == ()


@pytest.mark.parametrize("left", ['{"day": "2026-11-21", "seq": 9, "ha', "\0\0\0", "{"])
def test_line_cut_by_a_power_failure_is_passed_over_and_written_over(path: Path, left: str) -> None:
    append_anchor(path, FIRST)
    path.write_text(path.read_text() + left)
    assert read_anchors(path) == (FIRST,)
    append_anchor(path, SECOND)
    assert read_anchors(path) == (FIRST, SECOND)


@pytest.mark.parametrize(
    "line",
    [
        *("", "hello", "[]", "3", '{"day": "2026-11-20", "seq": 5}', "\ufffd"),
        '{"day": "20 November", "seq": 5, "hash": "' + "a" * 64 + '"}',
        '{"day": "2026-11-20", "seq": "5", "hash": "' + "a" * 64 + '"}',
        '{"day": "2026-11-20", "seq": true, "hash": "' + "a" * 64 + '"}',
        '{"day": "2026-11-20", "seq": 0, "hash": "' + "a" * 64 + '"}',
        '{"day": "2026-11-20", "seq": 5, "hash": "' + "a" * 63 + '"}',
        '{"day": "2026-11-20", "seq": 5, "hash": 5}',
    ],
)
def test_line_that_is_no_anchor_is_named(path: Path, line: str) -> None:
    append_anchor(path, FIRST)
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(AnchorsUnreadableError, match=f"line 2 of {path} is no anchor"):
        read_anchors(path)
