from dataclasses import replace
from pathlib import Path

import pytest

from bench.engines import NEW_TEXTS
from bench.http_publishing import PagePhase, PagePublishing
from bench.memory import WorkerMemory
from bench.publishing import Phase, Publishing
from bench.queries import Mode
from bench.report import MissingMarkersError, page_publishing, search_tables, write_between_markers
from bench.results import WARM, EngineResult, SizeResult, Timing, load_all, save


def result(size: int = 1000) -> SizeResult:
    phases = (
        Phase("nothing else", 100, 1.0, 2.0, 2.0, 4.0, 5.0),
        Phase("a rebuild", 50, 1.5, 5.0, 2.4, 6.0, 9.0),
    )
    return SizeResult(
        size=size,
        measured_on="2026-11-21",
        machine="a machine",
        rounds=7,
        engines=[
            EngineResult(name, name, "1.0", 2.0, 3.0, 0.1, 500.0, 1.0, 1.0)
            for name in ("ours", "tantivy")
        ],
        timings=[
            Timing(Mode.TERM.value, WARM, "ours", 0.5, 0.9, 36, 0.5),
            Timing(Mode.TERM.value, WARM, "tantivy", 1.5, 2.9, 12, 0.6),
        ],
        missing={"groonga": "no groonga: apt-get install groonga-bin"},
        highlights_ms=(2.0, 3.0),
        memory=WorkerMemory(150.0, 190.0, 300.0),
        publishing=Publishing(0.1, 0.3, 80, 0, phases),
    )


def test_ratio_is_taken_on_the_questions_both_were_asked() -> None:
    assert "1.50 / 2.90 (× 2.5)" in search_tables([result()])


def test_without_ours_there_is_no_ratio() -> None:
    timing = Timing(Mode.TERM.value, WARM, "tantivy", 1.5, 2.9, 12, None)
    assert "| 1 term | – | 1.50 / 2.90 |" in search_tables([replace(result(), timings=[timing])])


def test_new_texts_are_told_beside_ours() -> None:
    timings = [*result().timings, Timing(Mode.TERM.value, WARM, NEW_TEXTS, 0.75, 1.0, 36, 0.5)]
    tables = search_tables([replace(result(), timings=timings)])
    assert "| mode | ours | ours, new text | tantivy |" in tables
    assert "| 1 term | 0.50 / 0.90 | 0.75 / 1.00 (× 1.5) | 1.50 / 2.90 (× 2.5) |" in tables


def test_what_was_left_out_is_said() -> None:
    assert "Left out: groonga, no groonga: apt-get install groonga-bin." in search_tables(
        [result()]
    )


def test_latency_beside_other_work_is_told_as_a_multiple_of_quiet() -> None:
    known, new = "1.50 (× 1.5) | 5.00 (× 2.5)", "2.40 (× 1.2) | 6.00 (× 1.5)"
    assert f"| a rebuild | 50 | 9.0 | {known} | {new} |" in search_tables([result()])


def test_the_page_beside_publishing_is_told_as_a_multiple_of_quiet() -> None:
    phases = (
        PagePhase("nothing else", 250, 0, 0, 5.0, 8.0, 20.0),
        PagePhase("a rebuild", 1500, 2, 64, 30.5, 12.0, 30.0),
    )
    text = "\n".join(page_publishing(PagePublishing(0.15, 0.4, 84, 1, phases)))
    assert "0.150 s after its transaction (p95 0.400 s). Of 84 changes 1 were lost" in text
    assert "| nothing else | 250 | 0 | 0 | 5.0 | 8.00 (× 1.0) | 20.0 (× 1.0) |" in text
    assert "| a rebuild | 1,500 | 2 | 64 | 30.5 | 12.0 (× 1.5) | 30.0 (× 1.5) |" in text


def test_growth_is_shown_from_two_sizes_on() -> None:
    assert "### Growth" not in search_tables([result()])
    grown = search_tables([result(), result(10_000)])
    assert "| mode | 1,000 | 10,000 |" in grown
    assert "| 1 term | 0.50 / 1.50 | 0.50 / 1.50 |" in grown


def test_results_are_kept_by_size_and_read_in_order(tmp_path: Path) -> None:
    for size in (10_000, 1000, 10_000):
        save(result(size), tmp_path)
    assert load_all(tmp_path) == [result(1000), result(10_000)]


def test_tables_replace_what_stands_between_their_markers(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text("# A\n<!-- x -->\nold\n<!-- /x -->\nend\n", encoding="utf-8")
    write_between_markers(document, "x", "new\n")
    write_between_markers(document, "x", "newer\n")
    assert document.read_text("utf-8") == "# A\n<!-- x -->\n\nnewer\n\n<!-- /x -->\nend\n"


def test_a_document_without_markers_is_left_alone(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text("# A\n", encoding="utf-8")
    with pytest.raises(MissingMarkersError):
        write_between_markers(document, "x", "new")
    assert document.read_text("utf-8") == "# A\n"
