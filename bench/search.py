"""``make bench-search``: our engine beside its peers, and what it costs to build, hold and change.

Corpora, indexes and results are kept in a folder, so a stopped run goes on where it was and sizes
can be measured one at a time.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bench import results
from bench.comparison import (
    Effort,
    compare_answers,
    compare_modes,
    compare_throughput,
    time_opening,
)
from bench.corpus import DEFAULT_FOLDER, Corpus, raw_texts, tokenised
from bench.engines import (
    NEW_TEXTS,
    OURS,
    Built,
    build_apart,
    ensure_built,
    index_folder,
    make_engine,
    progress,
)
from bench.highlighting import time_highlights
from bench.memory import measure_workers
from bench.peers.peer import Engine, PeerMissingError
from bench.publishing import measure_publishing
from bench.queries import draw_queries, mixed_queries
from bench.report import search_tables, write_between_markers
from bench.results import EngineResult, SizeResult
from bench.site import ChangeLog, Site
from bench.timing import ROUNDS

SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
DOCUMENT = Path("docs/benchmarks.md")

_EVERYWHERE = ("tantivy", "tantivy-one-field", "groonga", "fts5", "postgresql")
# Beyond these sizes an engine is not asked: it would take hours and tell nothing new.
_LARGEST = {"whoosh": 10_000, "groonga": 100_000, "fts5": 100_000, "postgresql": 100_000}
_ENGINES = (OURS, *_EVERYWHERE, "whoosh")
# Built on one core too.
_ONE_CORE_SIZE = 10_000
# Changed while they are searched.
_CHANGED_SIZES = (10_000, 100_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, keep, and with ``--write`` put the tables into the documentation."""
    options = _parse(arguments)
    sizes = options.sizes or [*SIZES, *([MILLION] if options.million else [])]
    if not options.only_write:
        for size in sizes:
            corpus = Corpus(options.folder, size)
            result = measure_size(corpus, options)
            results.save(result, options.folder)
            if OURS in options.engines:
                results.save(measure_ours(result, corpus, options), options.folder)
    tables = search_tables(results.load_all(options.folder))
    print(tables)
    if options.write or options.only_write:
        write_between_markers(DOCUMENT, "bench-search", tables)
    return 0


def measure_size(corpus: Corpus, options: argparse.Namespace) -> SizeResult:
    """All engines side by side over one corpus."""
    _tell(f"{corpus.size:,} listings")
    corpus.prepare(progress("listings made"))
    queries = draw_queries(corpus)
    effort = Effort(options.rounds, options.seconds)
    result = SizeResult(corpus.size, results.today(), results.machine(), options.rounds)
    with ExitStack() as opened:
        built, engines = _open_engines(corpus, options, opened, result.missing)
        opening = {name: time_opening(engine) for name, engine in engines.items()}
        agreement = compare_answers(engines, queries)
        _tell("answers compared")
        new_texts = _open_new_texts(corpus, opened) if OURS in engines else {}
        result.timings.extend(compare_modes(engines, new_texts, queries, effort))
        _tell("modes timed")
        speed = compare_throughput(engines, queries, effort)
    result.engines.extend(
        EngineResult(
            name=name,
            label=engine.name,
            version=engine.version,
            build_seconds=built[name].seconds,
            index_mb=built[name].bytes / 1e6,
            open_seconds=opening[name],
            queries_per_second=speed[name],
            same_totals=agreement[name].same_totals,
            same_facets=agreement[name].same_facets,
        )
        for name, engine in engines.items()
    )
    return result


def _open_engines(
    corpus: Corpus, options: argparse.Namespace, opened: ExitStack, missing: dict[str, str]
) -> tuple[dict[str, Built], dict[str, Engine]]:
    """The engines wanted for a size, built and open until ``opened`` ends; notes in ``missing``
    which of them cannot be run here and why."""
    built: dict[str, Built] = {}
    engines: dict[str, Engine] = {}
    for name in options.engines:
        if corpus.size > _LARGEST.get(name, MILLION):
            continue
        try:
            built[name] = ensure_built(name, corpus, keep=options.keep)
            engine = make_engine(name, index_folder(name, corpus))
        except PeerMissingError as error:
            missing[name] = str(error)
            _tell(f"{name} is left out: {error}")
            continue
        engine.open()
        opened.callback(engine.close)
        engines[name] = engine
        _tell(f"{name} is built")
    return built, engines


def _open_new_texts(corpus: Corpus, opened: ExitStack) -> dict[str, Engine]:
    """Our engine once more, open until ``opened`` ends."""
    engine = make_engine(NEW_TEXTS, index_folder(NEW_TEXTS, corpus))
    engine.open()
    opened.callback(engine.close)
    return {NEW_TEXTS: engine}


def measure_ours(result: SizeResult, corpus: Corpus, options: argparse.Namespace) -> SizeResult:
    """What only our engine is asked: highlights, memory, one core, changes."""
    folder = index_folder(OURS, corpus)
    queries = draw_queries(corpus)
    mix = mixed_queries(queries)
    result = replace(
        result,
        highlights_ms=time_highlights(folder, corpus, queries, rounds=options.rounds),
        memory=measure_workers(folder, mix),
        words_seconds=_time_words(corpus),
    )
    _tell("highlights and memory measured")
    if corpus.size == _ONE_CORE_SIZE:
        with tempfile.TemporaryDirectory(dir=corpus.folder) as aside:
            seconds = build_apart(OURS, corpus, Path(aside) / "index", cores=1)
        result = replace(result, one_core_build_seconds=seconds)
        _tell("built on one core")
    if corpus.size in _CHANGED_SIZES and not options.no_changes:
        with tempfile.TemporaryDirectory(dir=corpus.folder) as aside:
            copy = Path(aside) / "index"
            shutil.copytree(folder, copy)
            site = Site(corpus, f"whoosh:{copy}", ChangeLog(Path(aside) / "changes"))
            result = replace(result, publishing=measure_publishing(site, mix))
        _tell("changes measured")
    return result


def _time_words(corpus: Corpus) -> float:
    """Seconds to cut a thousand listings into words, as peers get them: the median of three."""
    texts = [raw_texts(document) for document in islice(corpus.documents(), 1000)]

    def cut() -> float:
        start = time.perf_counter()
        for fields in texts:
            for text in fields.values():
                tokenised(text)
        return time.perf_counter() - start

    return statistics.median(cut() for _ in range(3))


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.search", description=__doc__)
    parser.add_argument(
        "sizes", nargs="*", type=int, help=f"listings, in thousands; {SIZES} if none"
    )
    parser.add_argument("--million", action="store_true", help="a million too: ours and tantivy")
    parser.add_argument("--engines", type=_names, default=_ENGINES, help=",".join(_ENGINES))
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="what is kept")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=5.0, help="per engine and mode")
    parser.add_argument("--keep", action="store_true", help="keep indexes built by older code")
    parser.add_argument("--no-changes", action="store_true", help="leave out publishing")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {DOCUMENT}")
    parser.add_argument("--only-write", action="store_true", help="the same, measuring nothing")
    return parser.parse_args(arguments)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - set(_ENGINES):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    sys.exit(main())
