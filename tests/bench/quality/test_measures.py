"""Tables and close looks, on engines whose answers are known."""

from dataclasses import replace

from bench.quality.explain import explain, worst
from bench.quality.measures import MEASURES, difference_table, mean, measure_table, score
from bench.quality.queries import TYPES, JudgedQuery
from bench.quality.rankers.ours import open_ours, search
from bench.quality.rankers.ranking import Filters
from search_index import ListingDocument, SynonymTable

QUERIES = [
    JudgedQuery(type_, type_, "tune", f"query of {type_}", {}, "A need.", {"good": 3})
    for type_ in TYPES
]


def always_right(_text: str, _filters: Filters) -> list[str]:
    return ["good"]


def right_but_for_typos(text: str, _filters: Filters) -> list[str]:
    return [] if "typo" in text else ["good"]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_measures_are_means_over_queries_of_a_type() -> None:
    scores = score(right_but_for_typos, QUERIES)
    assert mean(MEASURES["nDCG@10"], scores) == 5 / 6
    assert mean(MEASURES["MRR@10"], scores, "typo") == 0
    assert mean(MEASURES["no result"], scores, "typo") == 1


def test_measure_table_has_a_column_for_every_type() -> None:
    lines = list(measure_table("no result", {"ours": score(right_but_for_typos, QUERIES)}))
    assert cells(lines[0]) == ["no result", "all", *TYPES]
    assert cells(lines[2]) == ["ours", "16.7%", *["0.0%"] * 5, "100.0%"]


def test_type_on_which_ours_is_behind_stands_out() -> None:
    scores = {
        "ours": score(right_but_for_typos, QUERIES),
        "peer": score(always_right, QUERIES),
    }
    row = cells(list(difference_table("ours", scores))[2])
    assert row[:2] == ["peer", "-0.167"]
    assert row[3] == "no"
    assert row[4:] == [*["+0.000"] * 5, "**-1.000**"]


def test_worst_queries_come_first() -> None:
    lines = list(worst(score(right_but_for_typos, QUERIES), 2))
    assert len(lines) == 2
    assert lines[0].startswith("0.000  typo  first useful  – of  1")


def test_explanation_shows_grades_and_what_was_missed() -> None:
    documents = {
        "good": ListingDocument("good", 1, "りんごの輸出"),
        "bad": ListingDocument("bad", 1, "りんごの皮"),
        "missed": ListingDocument("missed", 1, "海外の市場"),
    }
    query = replace(QUERIES[0], text="りんご", grades={"good": 3, "missed": 2})
    with open_ours("memory", list(documents.values())) as index:
        results = search(index, query.text, query.filters, SynonymTable())
    lines = list(explain(query, results, documents))
    assert any("[3]" in line and "good" in line for line in lines)
    assert any("[0]" in line and "bad" in line for line in lines)
    after = lines[lines.index("not among them:") + 1 :]
    assert [line.split() for line in after] == [["[2]", "missed", "海外の市場"]]
