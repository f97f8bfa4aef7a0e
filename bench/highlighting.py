"""A page of our engine with everything marked that a card shows: title and summary."""

from collections.abc import Mapping
from pathlib import Path

from bench.corpus import Corpus
from bench.ours import Ours
from bench.peers.peer import PeerAnswer, PeerQuery
from bench.queries import HIGHLIGHTED_HITS, Mode
from bench.timing import time_warm

_SECONDS = 8.0


class HighlightingOurs(Ours):
    """Our engine, marking the hits it found in texts that are at hand."""

    def __init__(self, folder: Path, texts: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(folder)
        self._texts = texts

    def search(self, query: PeerQuery) -> PeerAnswer:
        results = self.find(query)
        for hit in results.hits:
            for text in self._texts[hit.id]:
                results.highlighter.spans(text)
        return PeerAnswer(results.total, tuple(hit.id for hit in results.hits))


def time_highlights(
    folder: Path, corpus: Corpus, queries: Mapping[Mode, tuple[PeerQuery, ...]], *, rounds: int
) -> tuple[float, float]:
    """p50 and p95 in milliseconds of searches for one term and for several, each with marks in up
    to 20 hits."""
    asked = [query for mode in (Mode.TERM, Mode.ALL_OF) for query in queries[mode]]
    plain = Ours(folder)
    plain.open()
    found = {key for query in asked for key in plain.search(query).ids[:HIGHLIGHTED_HITS]}
    texts = {d.id: (d.title, d.summary) for d in corpus.documents() if d.id in found}
    plain.close()
    marking = HighlightingOurs(folder, texts)
    marking.open()
    times = time_warm({"ours": marking}, asked, rounds=rounds, seconds=_SECONDS)["ours"]
    marking.close()
    return times.quantile(0.5), times.quantile(0.95)
