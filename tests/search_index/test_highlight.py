"""Marks in raw text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import Highlighter
from tests.search_index.examples import FIXED


def marked(text: str, *surfaces: str) -> list[str]:
    return [text[start:end] for start, end in Highlighter(surfaces).spans(text)]


@pytest.mark.parametrize(
    ("text", "surfaces", "expected"),
    [
        ("新㈱青森のＨＰ", ("株式会社青森", "hp"), ["㈱青森", "ＨＰ"]),
        ("⻘森の⻑芋", ("青森", "長芋"), ["⻘森", "⻑芋"]),
        ("補助金の\n申請", ("補助金の申請",), ["補助金の\n申請"]),
        ("創業支援", ("創業", "支援"), ["創業支援"]),
        ("補助金と補助", ("補助", "補助金"), ["補助金", "補助"]),
        ("digital it IT化 ITEM", ("it",), ["it", "IT"]),
        ("第15回 5回", ("5",), ["5"]),
        ("a.b (c)", ("a.b", "(c)"), ["a.b", "(c)"]),
        ("創業", ("融資",), []),
        ("創業", (), []),
        ("", ("創業",), []),
    ],
)
def test_marks_surfaces(text: str, surfaces: tuple[str, ...], expected: list[str]) -> None:
    assert marked(text, *surfaces) == expected


@FIXED
@given(st.text(alphabet="㈱株(創業ｶﾞがＨp\n ", max_size=30))
def test_spans_ascend_and_never_touch(text: str) -> None:
    spans = Highlighter(("株", "(株", "創業", "ガ", "hp")).spans(text)
    ends = [0, *(end for _, end in spans)]
    for at, (start, end) in enumerate(spans):
        assert start < end <= len(text)
        assert start > ends[at] or at == 0


def test_snippet_shows_most_different_words() -> None:
    text = "創業" + "あ" * 50 + "創業と融資の相談" + "い" * 50 + "創業創業創業創業"
    start, end = Highlighter(("創業", "融資", "相談")).snippet(text, 24) or (0, 0)
    assert "創業と融資の相談" in text[start:end]
    assert end - start == 24


@pytest.mark.parametrize(
    ("text", "span"),
    [("創業" + "あ" * 98, (0, 20)), ("創業だ", (0, 3)), ("あ" * 98 + "創業", (80, 100))],
)
def test_snippet_stays_within_the_text(text: str, span: tuple[int, int]) -> None:
    assert Highlighter(("創業",)).snippet(text, 20) == span


@pytest.mark.parametrize("text", ["あ" * 100, "短い", ""])
def test_text_without_the_words_has_no_snippet(text: str) -> None:
    assert Highlighter(("創業",)).snippet(text, 20) is None
