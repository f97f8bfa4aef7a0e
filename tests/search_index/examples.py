"""Documents and queries for tests: a few readable ones, and strategies for any number."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from search_index import (
    FACETS,
    LOCAL_REGION,
    STATUSES,
    ListingDocument,
    SearchIndex,
    SearchQuery,
    Sort,
    StatusPeriod,
)

TODAY = date(2026, 11, 20)

WORDS = ("創業", "融資", "補助", "りんご", "販路", "相談")
"""Each is one word to the dictionary, also where they stand without anything between them."""

FIXED = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=100,
    # The index of a test is rebuilt in every example, so nothing leaks from one to the next.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def document(id_: str, title: str = "", **values: object) -> ListingDocument:
    """A document that is open for ever, unless ``values`` say otherwise."""
    defaults = {"revision": 1, "periods": (StatusPeriod(date.min, "open"),)}
    return ListingDocument(id=id_, title=title, **defaults | values)


def find(index: SearchIndex, text: str = "", **values: object) -> list[str]:
    """The ids a query finds, in order."""
    query = SearchQuery(text=text, **{"on": TODAY, "limit": 1000} | values)
    return [hit.id for hit in index.search(query).hits]


def fill(index: SearchIndex, documents: Iterable[ListingDocument], seq: int = 1) -> None:
    """Replace the contents of an index."""
    index.rebuild(documents, seq=seq)


_DAYS = st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))
_TEXTS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(["", "、", " "])), max_size=4
).map(lambda parts: "".join(word + gap for word, gap in parts))
_CODES = st.lists(st.sampled_from("ABC"), unique=True, max_size=2).map(tuple)


@st.composite
def _periods(draw: st.DrawFn) -> tuple[StatusPeriod, ...]:
    later = draw(st.lists(_DAYS, unique=True, max_size=2))
    return tuple(
        StatusPeriod(
            from_on,
            draw(st.sampled_from(STATUSES)),
            closes_on=draw(st.none() | _DAYS),
        )
        for from_on in (date.min, *sorted(later))
    )


def documents(ids: st.SearchStrategy[str]) -> st.SearchStrategy[ListingDocument]:
    """Documents of few words and codes, so that most queries find some and miss some."""
    return st.builds(
        ListingDocument,
        id=ids,
        revision=st.integers(1, 3),
        title=_TEXTS,
        summary=_TEXTS,
        keywords=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
        body=_TEXTS,
        codes=st.fixed_dictionaries(dict.fromkeys((*FACETS[:3], LOCAL_REGION), _CODES)),
        periods=_periods(),
        published_at=st.integers(0, 3),
        amount_max_yen=st.none() | st.integers(0, 3),
        popularity=st.integers(0, 3),
    )


def libraries() -> st.SearchStrategy[list[ListingDocument]]:
    """Lists of documents with distinct ids, in any order."""
    ids = st.integers(0, 99).map("L{:02}".format)
    return st.lists(documents(ids), unique_by=lambda document: document.id, max_size=10)


def queries(texts: st.SearchStrategy[str]) -> st.SearchStrategy[SearchQuery]:
    """Queries with the given texts and any filters, also for codes that nobody has."""
    codes = st.lists(st.sampled_from("ABCX"), unique=True, max_size=2).map(tuple)
    statuses = st.lists(st.sampled_from((*STATUSES, "lost")), unique=True, max_size=2).map(tuple)
    return st.builds(
        SearchQuery,
        on=_DAYS,
        text=texts,
        filters=st.fixed_dictionaries(
            {}, optional=dict.fromkeys(FACETS[:3], codes) | {"status": statuses}
        ),
        include_closed=st.booleans(),
        local_only=st.booleans(),
        amount_min=st.none() | st.integers(0, 3),
        sort=st.sampled_from(Sort),
        limit=st.just(1000),
    )


_CHUNKS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map("".join)
TEXTS = st.lists(
    st.tuples(st.sampled_from(["{}", "{}", '"{}"', "-{}", '-"{}"']), _CHUNKS), max_size=3
).map(lambda items: " ".join(form.format(chunk) for form, chunk in items))
"""Typed texts: words, pairs of words, phrases, exclusions."""
