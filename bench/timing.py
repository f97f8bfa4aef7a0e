"""Times of questions, engine beside engine in alternating rounds."""

import gc
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.peers.peer import Engine, PeerQuery

ROUNDS = 7
_FEWEST_QUERIES = 6
# An engine that opens more slowly is reopened less often.
_SLOW_OPEN_S = 2.0
_ROUNDS_OF_SLOW_OPENERS = 3


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each question in each round; rounds are equally long."""

    rounds: tuple[tuple[float, ...], ...]

    @property
    def queries(self) -> int:
        """How many questions were asked in a round, the first of their set."""
        return len(self.rounds[0])

    def quantile(self, share: float, *, queries: int | None = None) -> float:
        """The median over all rounds of the quantile in each, of the first ``queries`` if given."""
        return statistics.median(quantile(each[:queries], share) for each in self.rounds)

    @property
    def per_second(self) -> float:
        """Questions answered per second, one after the other: the median round."""
        return statistics.median(1000 * len(each) / sum(each) for each in self.rounds)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def time_warm(
    engines: Mapping[str, Engine], queries: Sequence[PeerQuery], *, rounds: int, seconds: float
) -> dict[str, Times]:
    """All engines in turn, round after round, on questions asked once before.

    An engine that would take longer than ``seconds`` for its rounds is asked the first of the
    questions only, at least six.
    """
    asked = {}
    for name, engine in engines.items():
        first_pass = _time_all(engine, queries[:_FEWEST_QUERIES])
        expected = statistics.mean(first_pass) / 1000 * rounds
        allowed = max(_FEWEST_QUERIES, min(len(queries), int(seconds / expected)))
        _time_all(engine, queries[_FEWEST_QUERIES:allowed])
        asked[name] = queries[:allowed]
    times: dict[str, list[tuple[float, ...]]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, engine in engines.items():
            gc.collect()
            times[name].append(_time_all(engine, asked[name]))
    return {name: Times(tuple(each)) for name, each in times.items()}


def time_cold(
    engines: Mapping[str, Engine], queries: Sequence[PeerQuery], *, rounds: int, seconds: float
) -> dict[str, Times]:
    """As ``time_warm``, each round on an engine just opened anew: its own caches are empty, those
    of the operating system are not. One question for everything comes first, untimed."""
    opening = {name: reopen(engine) for name, engine in engines.items()}
    times: dict[str, list[tuple[float, ...]]] = {name: [] for name in engines}
    for number in range(rounds):
        for name, engine in engines.items():
            if opening[name] > _SLOW_OPEN_S and number >= _ROUNDS_OF_SLOW_OPENERS:
                continue
            reopen(engine)
            gc.collect()
            times[name].append(_time_within(engine, queries, seconds / rounds))
    return {name: Times(_equally_long(each)) for name, each in times.items()}


def reopen(engine: Engine) -> float:
    """Close and open an engine; returns the seconds until its first answer to anything."""
    engine.close()
    start = time.perf_counter()
    engine.open()
    engine.search(PeerQuery(limit=1))
    return time.perf_counter() - start


def _time_all(engine: Engine, queries: Sequence[PeerQuery]) -> tuple[float, ...]:
    return _time_within(engine, queries, float("inf"))


def _time_within(engine: Engine, queries: Sequence[PeerQuery], seconds: float) -> tuple[float, ...]:
    """As many questions as fit into ``seconds``, at least six."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    for query in queries:
        start = time.perf_counter()
        if start > end and len(times) >= _FEWEST_QUERIES:
            break
        engine.search(query)
        times.append(1000 * (time.perf_counter() - start))
    return tuple(times)


def _equally_long(rounds: Sequence[tuple[float, ...]]) -> tuple[tuple[float, ...], ...]:
    shortest = min(map(len, rounds))
    return tuple(each[:shortest] for each in rounds)
