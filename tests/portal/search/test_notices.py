"""What the page says of how a text was understood, and the ways back."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask

from portal.search.notices import Line, notices
from portal.search.params import SearchParams
from portal.search.services import Found
from search_index import Highlighter, Interpretation, SearchResults, SynonymExpansion


def understood(q: str, *, total: int = 1, degraded: bool = False, **read: object) -> Found:
    interpretation = Interpretation(**read)  # type: ignore[arg-type]
    results = SearchResults(total, (), {}, interpretation, Highlighter())
    return Found(SearchParams(q, {"kind": ("loan",)}, page=3), results, (), is_degraded=degraded)


def said(app: Flask, found: Found) -> list[Line]:
    with app.test_request_context():
        return [line for notice in notices(found) for line in notice.lines]


def pairs(line: Line) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(line.address).query)


def test_every_term_that_was_widened_is_represented(app: Flask) -> None:
    synonyms = (
        SynonymExpansion("創業", ("起業", "開業", "独立開業")),
        SynonymExpansion("補助金", ("助成金", "補助")),
    )
    (line,) = said(app, understood("創業 補助金", synonyms=synonyms))
    assert line.text == "「起業」「助成金」「開業」なども含めて検索しています。"
    assert line.link_label == "入力したことばだけで探す"
    assert pairs(line) == [("q", '"創業" "補助金"'), ("kind", "loan")]


@pytest.mark.parametrize(
    ("typed", "loosened"),
    [
        ('"創業" "補助金"', "創業 補助金"),
        ("「人手が 足りない」", "人手が 足りない"),
        ('"創業" -"農業" -林業', '創業 -"農業" -林業'),
    ],
)
def test_words_taken_literally_can_be_widened_again(app: Flask, typed: str, loosened: str) -> None:
    (line,) = said(app, understood(typed))
    assert line.text == "入力したことばのとおりに探しています。"
    assert line.link_label == "言いかえも含めて探す"
    assert pairs(line) == [("q", loosened), ("kind", "loan")]


@pytest.mark.parametrize("typed", ["", "創業", '"創業" 補助金', "-農業", '-"農業"', '"', "「」"])
def test_nothing_is_said_of_an_ordinary_search(app: Flask, typed: str) -> None:
    assert said(app, understood(typed)) == []


def test_the_database_alone_says_nothing_of_literal_words(app: Flask) -> None:
    (line,) = said(app, understood('"創業"', degraded=True))
    assert "簡易検索" in line.text


def test_hits_of_a_correction_are_called_so(app: Flask) -> None:
    (line,) = said(app, understood("事業継承", suggestion="事業承継", corrected=True))
    assert line.text == "「事業承継」の結果を表示しています。"
    assert line.link_label == "「事業承継」で探す"
    assert pairs(line) == [("q", "事業承継"), ("kind", "loan")]


@pytest.mark.parametrize(("total", "relaxed"), [(0, False), (5, True)])
def test_correction_that_was_not_used_is_offered(app: Flask, total: int, relaxed: bool) -> None:
    found = understood("事業継承", total=total, suggestion="事業承継", relaxed=relaxed)
    line = said(app, found)[0]
    assert (line.text, line.link_label) == ("もしかして：", "事業承継")
    assert pairs(line) == [("q", "事業承継"), ("kind", "loan")]


def test_warnings_stand_alone_and_what_is_told_shares_a_box(app: Flask) -> None:
    found = understood("創業 ぬぬ", total=0, degraded=True, relaxed=True, suggestion="創業")
    with app.test_request_context():
        shown = notices(found)
    assert [(notice.kind, len(notice.lines)) for notice in shown] == [("warning", 1), ("info", 2)]


def test_hits_of_some_words_alone_are_called_so(app: Flask) -> None:
    (line,) = said(app, understood("創業 ぬぬ", relaxed=True))
    assert line.text == "一部のことばだけに合う支援も表示しています。"


def test_hits_of_some_words_that_follow_others_are_told_apart(app: Flask) -> None:
    (line,) = said(app, understood("創業 ぬぬ", strict_total=3))
    assert line.text == "すべてのことばに合う3件に続けて、一部のことばに合う支援も表示しています。"
