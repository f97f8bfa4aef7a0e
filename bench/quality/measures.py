"""What each engine scored on each query, and the tables made of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from bench.quality.metrics import ndcg, paired_difference, reciprocal_rank
from bench.quality.queries import TYPES, JudgedQuery
from bench.quality.rankers.ranking import Rank

BEHIND = 0.02
"""How far ours may be behind a peer on one type before the table says so."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What one engine scored on one query."""

    query: JudgedQuery
    ndcg: float
    reciprocal_rank: float
    is_empty: bool
    """Whether it found nothing at all."""


def score(rank: Rank, queries: Sequence[JudgedQuery]) -> list[Scored]:
    """Ask an engine every query."""
    return [_score_one(query, rank(query.text, query.filters)) for query in queries]


def _score_one(query: JudgedQuery, ranking: Sequence[str]) -> Scored:
    return Scored(
        query, ndcg(ranking, query.grades), reciprocal_rank(ranking, query.grades), not ranking
    )


Measure = Callable[[Scored], float]

MEASURES: Mapping[str, Measure] = {
    "nDCG@10": lambda scored: scored.ndcg,
    "MRR@10": lambda scored: scored.reciprocal_rank,
    "no result": lambda scored: float(scored.is_empty),
}


def mean(measure: Measure, scores: Sequence[Scored], type_: str | None = None) -> float:
    """The mean of a measure over all queries, or those of one type."""
    return fmean(measure(scored) for scored in scores if type_ in (None, scored.query.type))


def measure_table(name: str, scores: Mapping[str, Sequence[Scored]]) -> Iterator[str]:
    """One measure of every engine, over all queries and by type, as a Markdown table."""
    yield _row(name, "all", *TYPES)
    yield _row("---", *["---:"] * (1 + len(TYPES)))
    show = "{:.1%}" if name == "no result" else "{:.3f}"
    for engine, scored in scores.items():
        values = (mean(MEASURES[name], scored, type_) for type_ in (None, *TYPES))
        yield _row(engine, *map(show.format, values))


def difference_table(ours: str, scores: Mapping[str, Sequence[Scored]]) -> Iterator[str]:
    """nDCG@10 of ours less that of each peer; a type on which ours is too far behind is in bold."""
    yield _row(f"{ours} −", "all", "95 % interval", "ahead", *TYPES)
    yield _row("---", "---:", "---", "---", *["---:"] * len(TYPES))
    own = scores[ours]
    for engine, scored in scores.items():
        if engine == ours:
            continue
        difference = paired_difference([one.ndcg for one in own], [one.ndcg for one in scored])
        types = (_type_difference(own, scored, type_) for type_ in TYPES)
        interval = f"{difference.low:+.3f} … {difference.high:+.3f}"
        ahead = "yes" if difference.is_ahead else "no"
        yield _row(engine, f"{difference.mean:+.3f}", interval, ahead, *types)


def _type_difference(ours: Sequence[Scored], theirs: Sequence[Scored], type_: str) -> str:
    measure = MEASURES["nDCG@10"]
    difference = mean(measure, ours, type_) - mean(measure, theirs, type_)
    shown = f"{difference:+.3f}"
    return f"**{shown}**" if difference < -BEHIND else shown


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
