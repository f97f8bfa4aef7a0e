"""Addresses to ask for: mixed searches as owners make them, each address different from the others.

None comes twice in a run, so that no cache of whole answers helps anybody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

from bench.peers.groonga import select_parameters
from bench.peers.peer import FACET_FIELDS, Match, PeerQuery
from bench.queries import Mode

Questions = Mapping[Mode, tuple[PeerQuery, ...]]

PAGE_SIZE = 20

# What is asked for in a hundred searches.
_MIX = {
    Mode.TERM: 30,
    Mode.ALL_OF: 25,
    Mode.PHRASE: 10,
    Mode.FILTERED: 20,
    Mode.ALL_FACETS: 10,
    Mode.DEADLINE: 5,
}
_LAST_PAGE = 4
_ARRAYS = ("industry", "region", "purpose")
"""Facets of which a listing may have several values, in Datasette's tables."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search of the mix, and the page of its hits that is asked for."""

    query: PeerQuery
    page: int


def mixed_searches(queries: Questions, *, count: int, seed: int) -> list[Search]:
    """So many different searches: the words of the questions with filters that vary."""
    random = Random(seed)
    filters = [query.filters for query in queries[Mode.FILTERED]]
    regions = [chosen["region"] for chosen in filters]
    industries = [chosen["industry"] for chosen in filters]
    found: dict[str, Search] = {}
    while len(found) < count:
        mode = random.choices(tuple(_MIX), tuple(_MIX.values()))[0]
        query = random.choice(queries[mode])
        chosen = {}
        if mode is Mode.FILTERED or random.random() < 0.5:
            chosen = {"region": random.choice(regions), "industry": random.choice(industries)}
        page = 1 if random.random() < 0.8 else random.randint(2, _LAST_PAGE)
        search = Search(
            PeerQuery(
                text=query.text,
                words=query.words,
                match=query.match,
                filters=chosen,
                with_facets=True,
                by_deadline=query.by_deadline,
                limit=PAGE_SIZE,
            ),
            page,
        )
        found.setdefault(portal_path("/search", search), search)
    return list(found.values())


def portal_path(address: str, search: Search) -> str:
    """The portal's own parameters, of its page and its API alike."""
    query = search.query
    text = f"「{query.text}」" if query.match is Match.PHRASE else query.text
    pairs = [("q", text)] if text else []
    pairs += [(facet, code) for facet, codes in query.filters.items() for code in codes]
    if query.by_deadline:
        pairs.append(("sort", "deadline"))
    if search.page > 1:
        pairs.append(("page", str(search.page)))
    return f"{address}?{urlencode([*pairs, ('include_closed', '1')])}"


def datasette_path(search: Search) -> str:
    """A table page of Datasette as JSON, with its facets. It knows pages by their last row only, so
    it is always asked for the first."""
    query = search.query
    pairs = [("_size", str(PAGE_SIZE)), ("_shape", "objects")]
    if query.words:
        words = " ".join(query.words)
        # Only in its raw mode can a phrase be told.
        is_phrase = query.match is Match.PHRASE
        pairs += [("_search", f'"{words}"'), ("_searchmode", "raw")] if is_phrase else []
        pairs += [] if is_phrase else [("_search", words)]
    for facet, codes in query.filters.items():
        operator = "arraycontains" if facet in _ARRAYS else "exact"
        pairs += [(f"{facet}__{operator}", code) for code in codes]
    for facet in FACET_FIELDS:
        pairs.append(("_facet_array" if facet in _ARRAYS else "_facet", facet))
    if query.by_deadline:
        pairs.append(("_sort", "closes_on"))
    return f"/listings/listing.json?{urlencode(pairs, quote_via=quote)}"


def groonga_path(search: Search) -> str:
    """One ``select`` with drilldowns that heed all filters: less than the portal does, whose counts
    leave out a facet's own."""
    page, *counting = select_parameters(search.query)
    # Later commands first, so that the page and all filters win over their lesser ones.
    parameters = {name: value for each in (*counting, page) for name, value in each.items()}
    parameters["offset"] = str((search.page - 1) * PAGE_SIZE)
    parameters["output_columns"] = "_key,title,summary,deadline"
    return f"/d/select?{urlencode(parameters)}"


def lines(paths: Iterable[str]) -> str:
    """As ``cycle_paths.lua`` reads them."""
    return "".join(f"{path}\n" for path in paths)
