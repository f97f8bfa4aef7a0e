"""Looking closely at single queries: what was found, what was missed, where it went worst."""

from collections.abc import Iterator, Mapping, Sequence

from bench.quality.measures import Scored
from bench.quality.metrics import CUTOFF, USEFUL, ndcg
from bench.quality.queries import JudgedQuery
from search_index import ListingDocument, SearchResults


def explain(
    query: JudgedQuery, results: SearchResults, documents: Mapping[str, ListingDocument]
) -> Iterator[str]:
    """Our first ten with their grades, what the text was taken for, and what useful is missing."""
    ranking = [hit.id for hit in results.hits][:CUTOFF]
    yield f"{query.id}  {query.type}, {query.half}  「{query.text}」  {dict(query.filters) or ''}"
    yield f"need: {query.need}"
    yield f"nDCG@10 {ndcg(ranking, query.grades):.3f}, {results.total} found"
    yield from _interpretation(results)
    for rank, hit in enumerate(results.hits[:CUTOFF], start=1):
        grade = query.grades.get(hit.id, 0)
        yield f"{rank:3} [{grade}] {hit.score:7.2f}  {hit.id}  {documents[hit.id].title}"
    missed = [id_ for id_ in query.grades if id_ not in ranking]
    if missed:
        yield "not among them:"
    for id_ in missed:
        yield f"    [{query.grades[id_]}]          {id_}  {documents[id_].title}"


def _interpretation(results: SearchResults) -> Iterator[str]:
    understood = results.interpretation
    for synonym in understood.synonyms:
        yield f"also: {synonym.term} = {'、'.join(synonym.added)}"
    if understood.relaxed:
        yield "relaxed: any of the words sufficed"
    if understood.suggestion:
        yield f"suggested: {understood.suggestion}"


def worst(scores: Sequence[Scored], count: int) -> Iterator[str]:
    """The queries with the lowest nDCG@10, and where their first useful listing stood."""
    for scored in sorted(scores, key=lambda scored: scored.ndcg)[:count]:
        query = scored.query
        useful = sum(grade >= USEFUL for grade in query.grades.values())
        first = f"{1 / scored.reciprocal_rank:.0f}" if scored.reciprocal_rank else "–"
        filters = " ".join(f"{name}={','.join(codes)}" for name, codes in query.filters.items())
        yield (
            f"{scored.ndcg:.3f}  {query.id}  first useful {first:>2} of {useful:2}"
            f"  「{query.text}」 {filters}"
        )
