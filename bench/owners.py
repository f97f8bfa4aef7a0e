"""How long our engine takes for what owners type: sentences, slips, readings, beginnings of words.

``python -m bench.owners SIZE`` asks over the index that ``make bench-search`` has built, with the
synonyms that ship with the portal. Peers have nothing to set beside it.

- *opened*: a process that has just opened the index and met no word of it, for every text anew.
- *running*: one process that is asked every text once, those of other kinds too.
- *again*: the same text once more.
"""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from bench.corpus import DEFAULT_FOLDER
from bench.material import DAY
from bench.owner_questions import QUESTIONS, Kind
from bench.timing import quantile
from portal.search.synonyms import default_synonyms
from search_index import SearchQuery, Sort, SynonymTable
from search_index.answer import answer
from search_index.completions import complete
from search_index.query.chunks import searchable
from search_index.snapshot import Snapshot
from search_index.storage.generations import Generations
from search_index.storage.index_folder import IndexFolder

_COMPLETIONS = 10


def main() -> None:
    """Print the table, and with ``--each`` the time of every text."""
    parser = ArgumentParser(prog="bench.owners", description=__doc__)
    parser.add_argument("size", type=int, nargs="?", default=100_000)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--each", action="store_true", help="print the time of every text too")
    options = parser.parse_args()
    path = Generations(options.folder / f"index-{options.size}" / "ours").current()
    print(owner_table(path, show=_show if options.each else None))


def owner_table(path: Path, *, show: Callable[[Kind, str, float, float], None] | None) -> str:
    """The table, of the index in a folder. ``show`` is told every text and its milliseconds in a
    process that has just opened the index, and in a running one."""
    synonyms = default_synonyms()
    # Whatever is asked first compiles the table and loads the dictionary.
    _milliseconds(_opened(path, synonyms), Kind.SENTENCE, "補助", synonyms)
    running = _opened(path, synonyms)
    lines = [
        "| asked as | texts | opened p50 / p95 / most ms | running p50 / p95 / most ms "
        "| again p50 / p95 ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for kind, texts in QUESTIONS.items():
        opened, first, again = [], [], []
        for text in texts:
            opened.append(_milliseconds(_opened(path, synonyms), kind, text, synonyms))
            searchable.cache_clear()
            first.append(_milliseconds(running, kind, text, synonyms))
            again.append(_milliseconds(running, kind, text, synonyms))
            if show:
                show(kind, text, opened[-1], first[-1])
        lines.append(
            f"| {kind} | {len(texts)} | {_spread(opened)} / {max(opened):.1f} "
            f"| {_spread(first)} / {max(first):.1f} | {_spread(again)} |"
        )
    return "\n".join(lines)


def _opened(path: Path, synonyms: SynonymTable) -> Snapshot:
    """A snapshot of files just opened. It knows its day, as any search before has seen to."""
    searchable.cache_clear()
    _, snapshot = IndexFolder(path).read_newest()
    answer(snapshot, SearchQuery(on=DAY, sort=Sort.RELEVANCE, limit=1, synonyms=synonyms))
    return snapshot


def _milliseconds(snapshot: Snapshot, kind: Kind, text: str, synonyms: SynonymTable) -> float:
    query = SearchQuery(on=DAY, text=text, sort=Sort.RELEVANCE, synonyms=synonyms)
    start = time.perf_counter()
    if kind is Kind.COMPLETION:
        complete(snapshot, text, _COMPLETIONS)
    else:
        answer(snapshot, query)
    return (time.perf_counter() - start) * 1e3


def _spread(times: Sequence[float]) -> str:
    return f"{median(times):.1f} / {quantile(times, 0.95):.1f}"


def _show(kind: Kind, text: str, opened: float, running: float) -> None:
    print(f"{kind:14} {opened:8.1f} {running:8.1f}  {text[:60]}")


if __name__ == "__main__":
    main()
