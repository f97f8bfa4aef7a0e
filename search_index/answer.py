"""A whole search over one snapshot, the same for every engine: text, filters, counts, order."""

import re
from collections.abc import Iterable, Iterator

from search_index.bits import Bits, count, unpack
from search_index.chunks import Chunk
from search_index.days import Day
from search_index.facets import narrow
from search_index.highlight import Highlighter
from search_index.interpretation import interpret
from search_index.matching import TextMatch, find, find_alike
from search_index.query import parse
from search_index.snapshot import Snapshot
from search_index.suggest import suggest
from search_index.types import Interpretation, SearchHit, SearchQuery, SearchResults, Sort

_NOISE = re.compile(".|[ぁ-ん]{2}")


def answer(snapshot: Snapshot, query: SearchQuery) -> SearchResults:
    """Answer a query from a snapshot."""
    parsed = interpret(snapshot, parse(query.text, query.synonyms))
    match = find(snapshot, parsed)
    correction = suggest(snapshot, parsed) if match.may_be_misspelt else None
    if correction and correction.parsed:
        parsed = correction.parsed
        match = find(snapshot, parsed)
    elif parsed.required and not match.bits.any():
        match = find_alike(snapshot, parsed) or match
    day = snapshot.day(query.on)
    narrowed = narrow(snapshot, day, query, match.all_bits)
    strict_total = count(narrowed.documents & match.bits) if match.further else None
    return SearchResults(
        total=narrowed.total,
        hits=_page(snapshot, day, query, match, narrowed.documents),
        facets=narrowed.facets,
        interpretation=Interpretation(
            synonyms=parsed.expansions,
            suggestion=correction.text if correction else None,
            corrected=bool(correction and correction.parsed),
            relaxed=match.is_relaxed or (strict_total == 0 and narrowed.total > 0),
            strict_total=strict_total,
        ),
        highlighter=Highlighter(tuple(dict.fromkeys(_surfaces(snapshot, parsed.required)))),
        amount_unknown=narrowed.amount_unknown,
    )


def _page(
    snapshot: Snapshot, day: Day, query: SearchQuery, match: TextMatch, found: Bits
) -> tuple[SearchHit, ...]:
    """The hits asked for, of all documents that were found; those of ``match.further`` last."""
    until = query.offset + query.limit
    first = _first(day, query, match, found & match.bits, until) if query.limit else []
    if match.further and len(first) < until:
        rest = until - len(first)
        first += _first(day, query, match.further, found & match.further.bits, rest)
    return tuple(
        SearchHit(snapshot.id_of(document), score) for document, score in first[query.offset :]
    )


def _first(
    day: Day, query: SearchQuery, match: TextMatch, found: Bits, limit: int
) -> list[tuple[int, float]]:
    """The first documents of those found with their scores, in the order asked for."""
    if query.sort is Sort.RELEVANCE and match.scored:
        documents = unpack(found)
        scores = match.scores_of(documents)
        first = day.first_by_relevance(documents, scores, limit)
        documents, scores = documents[first], scores[first]
    else:
        order = Sort.NEW if query.sort is Sort.RELEVANCE else query.sort
        documents = day.first_by(order, found, limit)
        scores = match.scores_of(documents)
    return list(zip(documents.tolist(), scores.tolist(), strict=True))


def _surfaces(snapshot: Snapshot, chunks: Iterable[Chunk]) -> Iterator[str]:
    """What to mark: the text of each chunk and of its synonyms, and the forms of their words."""
    for chunk in chunks:
        yield chunk.text
        if chunk.is_phrase:
            continue
        content = (word.surface for word in chunk.words if word.is_content)
        yield from (surface for surface in content if _is_telling(surface, chunk))
        for unit in chunk.units:
            yield from (synonym.text for synonym in unit.all_synonyms())
            single = [each.words[0] for each in unit.all_synonyms() if len(each.words) == 1]
            for normal in (*unit.words, *single):
                forms = snapshot.forms(normal)
                yield from (form.surface for form in forms if _is_telling(form.surface, chunk))
        yield from _surfaces(snapshot, chunk.variants)


def _is_telling(surface: str, chunk: Chunk) -> bool:
    """Whether a word of a chunk is worth marking: 金 of 補助金 or ため of a sentence is noise."""
    return len(chunk.words) == 1 or _NOISE.fullmatch(surface) is None
