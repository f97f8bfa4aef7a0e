"""Where the time of a search goes, and how far it is from what memory allows.

``python -m bench.profile SIZE`` asks our engine the questions of ``make bench-search``, in one
process, over the index that run has built. Cold is a snapshot that nothing was asked of yet; warm
is the same question again. The limit is the time it takes to read once the stored bytes a question
needs, at the speed this machine reads memory.
"""

import cProfile
import pstats
import time
from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from statistics import median

import numpy as np

from bench.corpus import DEFAULT_FOLDER, Corpus
from bench.ours import to_search_query
from bench.queries import Mode, draw_queries
from search_index import SearchQuery
from search_index.answer import answer
from search_index.segments.layout import FACET_NAMES
from search_index.segments.segment import Segment
from search_index.snapshot import Snapshot
from search_index.storage.generations import Generations
from search_index.storage.index_folder import IndexFolder
from search_index.terms.document_terms import TermKind
from search_index.understanding.understand import understand

_BYTES_PER_ENTRY = 4 + 1 + 2  # the entry, its count, the length of its text
_BYTES_PER_POSITION = 4
_FUNCTIONS = 12
_COPIED = 2**27


def main() -> None:
    """Print the table and the profile."""
    parser = ArgumentParser(prog="bench.profile", description=__doc__)
    parser.add_argument("size", type=int, nargs="?", default=100_000)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    options = parser.parse_args()
    folder = IndexFolder(Generations(options.folder / f"index-{options.size}" / "ours").current())
    speed = _reading_speed()
    print(f"{options.size:,} listings; memory is read at {speed / 1e9:.1f} GB/s\n")
    print("| mode | cold p50 ms | warm p50 ms | kB to read, cold | limit ms | cold ÷ limit |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    profiles: dict[str, cProfile.Profile] = defaultdict(cProfile.Profile)
    for mode, queries in draw_queries(Corpus(options.folder, options.size)).items():
        _report(mode, [to_search_query(query) for query in queries], folder, speed, profiles)
    for name, profile in profiles.items():
        print(f"\n{name}: functions by their own time\n")
        _print_functions(profile)


def _report(
    mode: Mode,
    queries: list[SearchQuery],
    folder: IndexFolder,
    speed: float,
    profiles: dict[str, cProfile.Profile],
) -> None:
    cold, warm, needed = [], [], []
    for query in queries:
        snapshot = _fresh(folder, query)
        profiles["cold"].enable()
        cold.append(_milliseconds(snapshot, query))
        profiles["cold"].disable()
        profiles["warm"].enable()
        warm.append(_milliseconds(snapshot, query))
        profiles["warm"].disable()
        needed.append(_bytes_needed(snapshot, query))
    limit = median(needed) / speed * 1e3
    print(
        f"| {mode} | {median(cold):.2f} | {median(warm):.2f} | {median(needed) / 1e3:,.0f} "
        f"| {limit:.3f} | {median(cold) / limit:,.0f} |"
    )


def _fresh(folder: IndexFolder, query: SearchQuery) -> Snapshot:
    """A snapshot that knows its day, but no word yet."""
    _, snapshot = folder.read_newest()
    answer(snapshot, SearchQuery(on=query.on, sort=query.sort, limit=1))
    return snapshot


def _milliseconds(snapshot: Snapshot, query: SearchQuery) -> float:
    start = time.perf_counter()
    answer(snapshot, query)
    return (time.perf_counter() - start) * 1e3


def _bytes_needed(snapshot: Snapshot, query: SearchQuery) -> int:
    """The stored bytes that have to be looked at, each once: entries of words and grams, positions
    where grams follow each other, facet bits where they are counted, and one bit a document."""
    needed = snapshot.slots // 8
    for chunk in understand(snapshot, query).parsed.required:
        words = {word for unit in chunk.units for word in unit.words}
        grams = {gram.term for gram in chunk.grams}
        needed += sum(_postings_bytes(snapshot, TermKind.WORDS, word) for word in words)
        needed += sum(_postings_bytes(snapshot, TermKind.GRAMS, gram) for gram in grams)
        if len(grams) > 1:
            needed += sum(_position_bytes(snapshot, gram) for gram in grams)
    if query.with_facets:
        needed += sum(
            segment.facets[name].rows.nbytes
            for segment in snapshot.segments
            for name in FACET_NAMES
        )
    return needed


def _postings_bytes(snapshot: Snapshot, kind: TermKind, term: str) -> int:
    counts = (_count(segment, kind, term) for segment in snapshot.segments)
    return _BYTES_PER_ENTRY * sum(counts)


def _count(segment: Segment, kind: TermKind, term: str) -> int:
    postings = segment.postings[kind]
    number = postings.dictionary.number(term)
    return 0 if number is None else postings.entry_count(number)


def _position_bytes(snapshot: Snapshot, gram: str) -> int:
    found = 0
    for segment in snapshot.segments:
        postings = segment.postings[TermKind.GRAMS]
        number = postings.dictionary.number(gram)
        found += 0 if number is None else len(postings.positions_of(number))
    return _BYTES_PER_POSITION * found


def _reading_speed() -> float:
    """Bytes per second that one core reads from memory."""
    numbers = np.ones(_COPIED // 8, np.int64)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        numbers.sum()
        times.append(time.perf_counter() - start)
    return numbers.nbytes / min(times)


def _print_functions(profile: cProfile.Profile) -> None:
    stats = pstats.Stats(profile)
    entries = stats.stats.items()  # type: ignore[attr-defined]  # typeshed leaves it out
    total = sum(own for _, (_, _, own, _, _) in entries)
    print("| share | calls | function |")
    print("| ---: | ---: | --- |")
    for (path, line, name), (_, calls, own, _, _) in sorted(entries, key=lambda e: -e[1][2])[
        :_FUNCTIONS
    ]:
        place = f"{Path(path).name}:{line} {name}" if line else name.strip("{}")
        print(f"| {own / total:.0%} | {calls:,} | `{place}` |")


if __name__ == "__main__":
    main()
