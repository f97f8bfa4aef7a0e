"""One corpus, all engines: the questions of every mode, warm and cold, and who agrees."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.engines import OURS
from bench.peers.peer import Engine, PeerAnswer, PeerQuery
from bench.queries import Mode, mixed_queries
from bench.results import COLD, WARM, Timing
from bench.timing import Times, reopen, time_cold, time_warm

COLD_MODES = (Mode.TERM, Mode.ALL_OF, Mode.PHRASE, Mode.FILTERED)
_OPENINGS = 3
# Counted on so many questions of each mode, because some engines take their time.
_CHECKED = 6


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: ``seconds`` for each engine in each mode."""

    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Shares of questions on which an engine gives the number of hits, and the counts, that most
    peers give."""

    same_totals: float
    same_facets: float


def compare_modes(
    engines: Mapping[str, Engine],
    new_texts: Mapping[str, Engine],
    queries: Mapping[Mode, Sequence[PeerQuery]],
    effort: Effort,
) -> list[Timing]:
    """Every mode warm, and those that read postings cold as well; ours is asked new texts too."""
    timings = []
    for mode, asked in queries.items():
        times = time_warm(
            {**engines, **new_texts}, asked, rounds=effort.rounds, seconds=effort.seconds
        )
        timings += _timings(mode, WARM, times)
    for mode in COLD_MODES:
        times = time_cold(engines, queries[mode], rounds=effort.rounds, seconds=effort.seconds)
        timings += _timings(mode, COLD, times)
    return timings


def compare_throughput(
    engines: Mapping[str, Engine],
    queries: dict[Mode, tuple[PeerQuery, ...]],
    effort: Effort,
) -> dict[str, float]:
    """Questions of all modes in turn, per second in one process."""
    mix = mixed_queries(queries)
    times = time_warm(engines, mix, rounds=effort.rounds, seconds=effort.seconds)
    return {name: each.per_second for name, each in times.items()}


def time_opening(engine: Engine) -> float:
    """Seconds from opening to the first answer, the files being in the system's cache."""
    return statistics.median(reopen(engine) for _ in range(_OPENINGS))


def compare_answers(
    engines: Mapping[str, Engine], queries: Mapping[Mode, Sequence[PeerQuery]]
) -> dict[str, Agreement]:
    """Hold the answers of all engines against those that most peers give."""
    totals: dict[str, list[bool]] = {name: [] for name in engines}
    facets: dict[str, list[bool]] = {name: [] for name in engines}
    for asked in queries.values():
        for query in asked[:_CHECKED]:
            answers = {name: engine.search(query) for name, engine in engines.items()}
            usual = _usual(answers)
            for name, answer in answers.items():
                totals[name].append(answer.total == usual.total)
                if query.with_facets and answer.total == usual.total:
                    facets[name].append(answer.facets == usual.facets)
    return {name: Agreement(_share(totals[name]), _share(facets[name])) for name in engines}


def _usual(answers: Mapping[str, PeerAnswer]) -> PeerAnswer:
    """What most peers answer; ours has no vote where there are peers."""
    voters = [answer for name, answer in answers.items() if name != OURS] or [*answers.values()]
    total = statistics.mode(answer.total for answer in voters)
    agreeing = [answer for answer in voters if answer.total == total]
    return max(agreeing, key=lambda answer: sum(a.facets == answer.facets for a in agreeing))


def _share(outcomes: Sequence[bool]) -> float:
    return sum(outcomes) / len(outcomes) if outcomes else 0.0


def _timings(mode: Mode, cache: str, times: Mapping[str, Times]) -> list[Timing]:
    ours = times.get(OURS)
    return [
        Timing(
            mode=mode.value,
            cache=cache,
            engine=name,
            p50_ms=each.quantile(0.5),
            p95_ms=each.quantile(0.95),
            queries=each.queries,
            ours_p50_ms=ours.quantile(0.5, queries=each.queries) if ours else None,
        )
        for name, each in times.items()
    ]
