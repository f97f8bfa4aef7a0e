"""Running a search: the index answers with ids, the database says what may be shown."""

import logging
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal.listings import outline_queries
from portal.listings.outlines import Outline
from portal.listings.vocabulary import Vocabulary
from portal.search import fallback
from portal.search.params import FACET_PARAMS, SearchParams
from portal.search.places import PlaceNames
from portal.search.results_cache import ResultsCache
from portal.search.synonym_cache import Synonyms
from search_index import (
    SearchHit,
    SearchIndex,
    SearchQuery,
    SearchResults,
    SearchUnavailableError,
    Sort,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loosening:
    """A condition of a search without hits, and how many hits there are without it."""

    name: str
    total: int
    without: SearchParams


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A search with the places its text names as its regions, and how many hits that has."""

    regions: tuple[str, ...]
    total: int
    params: SearchParams


@dataclass(frozen=True, slots=True)
class Answer:
    """What the index says to a search: all of it follows from the index, the day, the synonyms and
    the parameters."""

    results: SearchResults
    loosenings: tuple[Loosening, ...] = ()
    narrowings: tuple[Narrowing, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results. ``listings`` keep the order of the hits."""

    params: SearchParams
    results: SearchResults
    listings: tuple[Outline, ...]
    loosenings: tuple[Loosening, ...] = ()
    narrowings: tuple[Narrowing, ...] = ()
    is_degraded: bool = False
    """True if the database answered by plain matching, because the index could not."""


def run(
    session: Session,
    index: SearchIndex,
    params: SearchParams,
    *,
    today: date,
    vocabulary: Vocabulary,
    places: PlaceNames,
    synonyms: Synonyms,
    cache: ResultsCache[Answer],
) -> Found:
    """Answer a search, by the index or, if that fails, by the database alone."""
    query = params.to_query(today=today, synonyms=synonyms.table)
    is_degraded = False
    try:
        # Read before the search: what is kept may be newer than its key says, never older.
        key = (index.commit_id(), synonyms.revision, today, *params.to_pairs())
        answer = cache.get(key, lambda: _answer(index, query, params, places))
    except SearchUnavailableError as error:
        logger.warning("search index unavailable, answering from the database: %s", error)
        plain = fallback.plain_index(session, params.q, vocabulary)
        # It knows only what holds the names of places, too, so it cannot tell what is without.
        answer = _answer(plain, replace(query, text=""), params, None)
        is_degraded = True
    ids = [hit.id for hit in answer.results.hits]
    listings = outline_queries.published_by_public_ids(session, ids)
    return Found(
        params,
        answer.results,
        tuple(listings),
        answer.loosenings,
        answer.narrowings,
        is_degraded,
    )


def find_ids(
    index: SearchIndex,
    params: SearchParams,
    *,
    today: date,
    synonyms: Synonyms,
    sort: Sort,
    limit: int,
    is_strict: bool = False,
) -> tuple[str, ...]:
    """The public ids of all that a search finds, as many as asked for, whatever its page says.

    :param sort: decides what is left out of a search that finds more.
    :param is_strict: without what holds only some of several words, which a page shows where few
        listings or none hold all of them. Of a sentence some words are always enough.
    :raises SearchUnavailableError: there is no usable index. Plain matching finds other listings,
        which whoever keeps the answer must not take for those of the search.
    """
    query = params.to_query(today=today, synonyms=synonyms.table)
    asked = replace(query, sort=sort, offset=0, limit=limit, with_facets=False)
    results = index.search(asked)
    hits = _strict_hits(results) if is_strict else results.hits
    return tuple(hit.id for hit in hits)


def _strict_hits(results: SearchResults) -> tuple[SearchHit, ...]:
    read = results.interpretation
    if read.is_sentence:
        return results.hits
    # Those that hold all words come first in every order.
    return () if read.relaxed else results.hits[: read.strict_total]


def _answer(
    index: SearchIndex, query: SearchQuery, params: SearchParams, places: PlaceNames | None
) -> Answer:
    results = index.search(query)
    return Answer(
        results,
        () if results.total else _loosenings(index, query, params),
        _narrowings(index, query, params, places) if places else (),
    )


def _narrowings(
    index: SearchIndex, query: SearchQuery, params: SearchParams, places: PlaceNames
) -> tuple[Narrowing, ...]:
    """The places a text names as its regions, in each way they can be meant; none where regions are
    chosen or nothing would be found."""
    found = None if params.choices.get("region") else places.find(params.q)
    if not found:
        return ()
    narrowings: list[Narrowing] = []
    for regions in found.choices:
        choices = {**params.choices, "region": regions}
        narrowed = replace(params, q=found.rest, choices=choices, page=1)
        asked = narrowed.to_query(today=query.on, synonyms=query.synonyms)
        total = index.search(replace(asked, limit=0, with_facets=False)).total
        if total:
            narrowings.append(Narrowing(regions, total, narrowed))
    return tuple(narrowings)


def _loosenings(
    index: SearchIndex, query: SearchQuery, params: SearchParams
) -> tuple[Loosening, ...]:
    """For each condition, what taking it away alone would bring; the most helpful first."""
    candidates = [(name, params.without(name)) for name in FACET_PARAMS if params.choices.get(name)]
    if params.amount_min is not None:
        candidates.append(("amount_min", params.without("amount_min")))
    if params.local_only:
        candidates.append(("local_only", params.without("local_only")))
    if not params.include_closed and not params.choices.get("status"):
        candidates.append(("include_closed", replace(params, include_closed=True, page=1)))
    if params.q and (params.choices or params.amount_min is not None):
        candidates.append(("q", params.without("q")))
    # Last, for when no single condition is to blame.
    candidates.append(("conditions", params.without_conditions()))
    loosenings: list[Loosening] = []
    for name, without in candidates:
        if name == "conditions" and loosenings:
            break
        changed = without.to_query(today=query.on, synonyms=query.synonyms)
        if name != "q":
            changed = replace(changed, text=query.text)
        total = index.search(replace(changed, limit=0)).total
        if total:
            loosenings.append(Loosening(name, total, without))
    return tuple(sorted(loosenings, key=lambda loosening: -loosening.total))
