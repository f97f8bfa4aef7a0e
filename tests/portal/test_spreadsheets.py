"""No cell of a CSV file becomes a formula, and nothing is lost by that."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.spreadsheets import csv_chunks, guarded, unguarded

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    "＋1",
    "－1",
    "＠SUM",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tx",
)


@pytest.mark.parametrize("text", [*FORMULAS, " =1", "　=1", "\u00a0+1", "'=1", "''@x", "' =1"])
def test_what_may_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "青森市", "a=b", "1-2", "'quoted'", "'", " x"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.text(alphabet="'=-＠ \t\rxあ", max_size=6))
def test_taking_the_apostrophe_away_gives_back_what_there_was(text: str) -> None:
    written = guarded(text)
    assert unguarded(written) == text
    assert written.lstrip()[:1] not in tuple("=+-@＝＋－＠")


def test_file_is_what_spreadsheet_programs_read() -> None:
    written = "".join(csv_chunks(["=名前", "数"], [['あ,\n"い"', -3], ["-5", None]]))
    assert written.startswith("\ufeff'=名前,数\r\n")
    assert list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))) == [
        ["'=名前", "数"],
        ['あ,\n"い"', "-3"],
        ["'-5", ""],
    ]


def test_long_file_comes_in_parts_and_whole() -> None:
    chunks = list(csv_chunks(["n"], ([number] for number in range(1_200))))
    assert len(chunks) == 3
    assert "".join(chunks).split() == ["\ufeffn", *map(str, range(1_200))]


def test_empty_table_has_its_header() -> None:
    assert "".join(csv_chunks(["番号"], [])) == "\ufeff番号\r\n"
