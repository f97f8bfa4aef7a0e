"""Results as Markdown tables, and their place in the documentation."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench.comparison import COLD_MODES
from bench.engines import NEW_TEXTS, OURS
from bench.http_clients import PACE_S
from bench.http_publishing import PagePublishing
from bench.ours import OursNewTexts
from bench.queries import Mode
from bench.results import COLD, WARM, SizeResult, Timing

_GROWING = (OURS, "tantivy")


class MissingMarkersError(Exception):
    """The document has no place for the tables; the message names the markers."""


def search_tables(results: Sequence[SizeResult]) -> str:
    """All tables of ``make bench-search``, the smallest corpus first."""
    parts: list[str] = []
    for result in results:
        parts += _size_tables(result)
    parts += _growth(results)
    return "\n".join(parts) + "\n"


def page_publishing(found: PagePublishing) -> list[str]:
    """The part of ``make bench-http`` on the page while towns publish."""
    quiet = found.phases[0]
    head = ["beside", "requests", "failed", "changes", "in s", "p50 ms", "p95 ms"]
    rows = [
        [
            *(phase.name, f"{phase.requests:,}", str(phase.failed), f"{phase.changes:,}"),
            *(f"{phase.seconds:.1f}", beside(phase.p50_ms, quiet.p50_ms)),
            beside(phase.p95_ms, quiet.p95_ms),
        ]
        for phase in found.phases
    ]
    return [
        f"Every worker shows a change on `/search` {found.visible_p50_s:.3f} s after its"
        f" transaction (p95 {found.visible_p95_s:.3f} s). Of {found.published:,} changes"
        f" {found.lost} were lost. The page for one owner who asks every"
        f" {1000 * PACE_S:.0f} ms meanwhile:",
        "",
        *table(head, rows),
    ]


def write_between_markers(document: Path, name: str, text: str) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->``.

    :raises MissingMarkersError: they are not there.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = document.read_text("utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found and found_end):
        raise MissingMarkersError(f"{document} has no {begin} … {end}")
    document.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table and an empty line."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return [*lines, ""]


def milliseconds(value: float) -> str:
    """Three digits that matter."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _size_tables(result: SizeResult) -> Iterator[str]:
    yield f"### {result.size:,} listings"
    yield ""
    yield f"{result.measured_on}; {result.machine}; {result.rounds} alternated rounds."
    yield ""
    labels = {engine.name: engine.label for engine in result.engines}
    if any(timing.engine == NEW_TEXTS for timing in result.timings):
        warm = {OURS: labels[OURS], NEW_TEXTS: OursNewTexts.name} | labels
    else:
        warm = labels
    yield "p50 / p95 in ms, and × = how many times as long as ours, on the same questions."
    yield ""
    yield from _mode_table(result, WARM, list(Mode), warm)
    yield "Just opened, nothing of the engine's own in memory:"
    yield ""
    yield from _mode_table(result, COLD, COLD_MODES, labels)
    yield from _engine_table(result)
    for name, reason in result.missing.items():
        yield f"Left out: {name}, {reason}."
        yield ""
    yield from _ours(result)


def _mode_table(
    result: SizeResult, cache: str, modes: Sequence[Mode], labels: dict[str, str]
) -> list[str]:
    of = {(t.mode, t.engine): t for t in result.timings if t.cache == cache}
    rows = [[mode, *(_cell(of.get((mode, engine)), engine) for engine in labels)] for mode in modes]
    return table(["mode", *labels.values()], rows)


def _cell(timing: Timing | None, engine: str) -> str:
    if timing is None:
        return "–"
    times = f"{milliseconds(timing.p50_ms)} / {milliseconds(timing.p95_ms)}"
    if engine == OURS or timing.ratio is None:
        return times
    return f"{times} (× {_ratio(timing.ratio)})"


def _ratio(value: float) -> str:
    """Two digits that matter, never as a power of ten."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _engine_table(result: SizeResult) -> list[str]:
    head = ["", "version", "built in s", "MB", "opened in s", "questions/s", "same totals"]
    rows = [
        [
            *(engine.label, engine.version),
            f"{engine.build_seconds:,.1f}" if engine.build_seconds else "stopped, went on",
            *(f"{engine.index_mb:,.0f}", f"{engine.open_seconds:.3f}"),
            *(f"{engine.queries_per_second:,.0f}", f"{engine.same_totals:.0%}"),
            f"{engine.same_facets:.0%}",
        ]
        for engine in result.engines
    ]
    return table([*head, "same counts"], rows)


def _ours(result: SizeResult) -> Iterator[str]:
    told = []
    if result.words_seconds is not None:
        told.append(
            f"cutting 1,000 listings into words, which the peers are spared, takes"
            f" {result.words_seconds:.2f} s on one core"
        )
    if result.one_core_build_seconds is not None:
        told.append(f"built from text on one core in {result.one_core_build_seconds:.1f} s")
    if result.highlights_ms is not None:
        p50, p95 = map(milliseconds, result.highlights_ms)
        told.append(f"a search with highlights in 20 hits takes {p50} / {p95} ms")
    if result.memory is not None:
        told.append(
            f"a worker keeps {result.memory.private_mb:.0f} MB to itself (USS),"
            f" {result.memory.shared_mb:.0f} MB by its share of all (PSS of two), and"
            f" {result.memory.resident_mb:.0f} MB with all that workers share (RSS)"
        )
    if told:
        yield "Ours: " + "; ".join(told) + "."
        yield ""
    if result.publishing is not None:
        changes = result.publishing
        yield (
            f"A change is seen by another process after {changes.visible_p50_s:.3f} s"
            f" (p95 {changes.visible_p95_s:.3f} s). Of {changes.published} changes"
            f" {changes.lost} were lost. Searches meanwhile:"
        )
        yield ""
        quiet = changes.phases[0]
        rows = [
            [
                *(phase.name, f"{phase.searches:,}", f"{phase.seconds:.1f}"),
                beside(phase.p50_ms, quiet.p50_ms),
                beside(phase.p95_ms, quiet.p95_ms),
                beside(phase.new_text_p50_ms, quiet.new_text_p50_ms),
                beside(phase.new_text_p95_ms, quiet.new_text_p95_ms),
            ]
            for phase in changes.phases
        ]
        header = ["beside", "searches", "in s", "p50 ms", "p95 ms"]
        yield from table([*header, "new text p50 ms", "p95 ms"], rows)


def beside(time_ms: float, quiet_ms: float) -> str:
    return f"{milliseconds(time_ms)} (× {time_ms / quiet_ms:.1f})"


def _growth(results: Sequence[SizeResult]) -> Iterator[str]:
    sizes = [result.size for result in results]
    if len(sizes) < 2:
        return
    yield "### Growth"
    yield ""
    yield "Warm p50 in ms, ours / tantivy."
    yield ""
    p50 = {
        (timing.mode, result.size, timing.engine): milliseconds(timing.p50_ms)
        for result in results
        for timing in result.timings
        if timing.cache == WARM
    }

    def cell(mode: Mode, size: int) -> str:
        return " / ".join(p50.get((mode, size, name), "–") for name in _GROWING)

    rows = [[mode, *(cell(mode, size) for size in sizes)] for mode in Mode]
    yield from table(["mode", *(f"{size:,}" for size in sizes)], rows)
