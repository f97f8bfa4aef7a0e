"""The values that go into an index and come out of it.

They speak of codes and days only. What a code means, and which dates make a listing open, is the
caller's business: a document carries its whole future as ``StatusPeriod`` values, so an index never
stores "is open", which would rot at midnight.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from search_index.analysis.synonyms import SynonymTable
from search_index.highlight import Highlighter

FACETS = ("industry", "region", "purpose", "kind", "level", "agency")
"""Facets whose codes a document lists. ``status`` is the one more that is derived from the day."""

LOCAL_REGION = "local_region"
"""Codes that stand in for ``region`` when a query asks for ``local_only``."""

STATUSES = ("open", "closing", "upcoming", "always", "unknown", "closed")


class Sort(StrEnum):
    """Orders of hits. Ties end by status (current, unknown, closed) and then by id.

    Relevance is coarse first: hits about as good as the best come before the others, and among
    them what is current before what nobody has confirmed; only then do scores decide.
    """

    RELEVANCE = "relevance"
    NEW = "new"
    DEADLINE = "deadline"
    POPULAR = "popular"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class StatusPeriod:
    """The status a document has from one day on, until its next period begins.

    ``from_on`` is ``date.min`` in the first period. ``opens_on`` and ``closes_on`` are the current
    or next round of applications as seen in this period, inclusive, where known.
    """

    from_on: date
    status: str
    opens_on: date | None = None
    closes_on: date | None = None


@dataclass(frozen=True, slots=True)
class ListingDocument:
    """One published listing as an index sees it.

    ``revision`` rises with every change of what the public sees. ``codes`` maps each of ``FACETS``
    and ``LOCAL_REGION`` to the codes a query may choose to find this document, already expanded
    (all industries as each industry, an area as its municipalities less the exceptions).
    """

    id: str
    revision: int
    title: str
    summary: str = ""
    keywords: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Names around the listing worth finding it by: its agency, places, kind and purposes."""
    body: str = ""
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    periods: tuple[StatusPeriod, ...] = (StatusPeriod(date.min, "unknown"),)
    last_known_on: date | None = None
    """The last day the listing is known to be on offer, where nobody knows what came after."""
    published_at: int = 0
    """Seconds since 1970 UTC; the ``new`` sort."""
    amount_max_yen: int | None = None
    popularity: int = 0
    """Human page views of the last 90 days; the ``popular`` sort."""

    def __post_init__(self) -> None:
        """Refuse what no index could hold as it is.

        :raises ValueError: an id that is empty or has a zero character, text that is no UTF-8, a
            negative amount, a number beyond 64 bits, an unknown status, or days without a status.
        """
        if not self.id or "\0" in self.id:
            raise ValueError(f"{self.id!r} is no id")
        codes = (code for of_facet in self.codes.values() for code in of_facet)
        for text in (self.id, *self.texts(), *codes):
            text.encode()
        numbers = (self.revision, self.published_at, self.popularity, self.amount_max_yen or 0)
        if any(not -(2**63) <= number < 2**63 for number in numbers) or numbers[-1] < 0:
            raise ValueError(f"{self.id} has a number that cannot be kept: {numbers}")
        unknown = {period.status for period in self.periods} - set(STATUSES)
        if unknown or min((each.from_on for each in self.periods), default=None) != date.min:
            raise ValueError(f"{self.id} has unknown statuses {unknown} or days without one")

    def texts(self) -> Iterator[str]:
        """Every text that is searched."""
        yield from (self.title, self.summary, *self.keywords, *self.names, self.body)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to find. ``on`` is the day in Japan that decides every status.

    ``filters`` maps a facet of ``FACETS`` or ``status`` to chosen codes: OR within a facet, AND
    across facets. ``open`` as a status includes ``closing``. Closed documents are left out unless
    ``include_closed`` is set or ``closed`` is among the chosen statuses.
    """

    on: date
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    include_closed: bool = False
    local_only: bool = False
    amount_min: int | None = None
    """Yen; documents of unknown amount are then left out and counted in ``amount_unknown``."""
    sort: Sort = Sort.NEW
    offset: int = 0
    limit: int = 20
    """0 asks for the counts alone."""
    with_facets: bool = True
    """Without it ``SearchResults.facets`` stays empty, for callers that show none."""
    synonyms: SynonymTable = field(default_factory=SynonymTable)


class SearchHit(NamedTuple):
    """A document found. ``score`` is 0 where no text was searched for."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class SynonymExpansion:
    """A part of the query and the words that were searched for beside it: synonyms, written forms
    of a reading, other writings of a year. In quotes it would have been searched for alone."""

    term: str
    """As the table of synonyms spells it, else normalised."""
    added: tuple[str, ...]


class CompletionKind(StrEnum):
    """What a completion is."""

    KEYWORD = "keyword"
    NAME = "name"
    """One of ``ListingDocument.names``."""
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Completion:
    """A text that one may be about to type, as a document spells it."""

    text: str
    kind: CompletionKind
    id: str | None = None
    """Of the document, for titles."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What the engine made of the text, so that a page can say so and let the user undo it."""

    synonyms: tuple[SynonymExpansion, ...] = ()
    suggestion: str | None = None
    """A corrected text that finds something, or None."""
    corrected: bool = False
    """True if the hits are those of the suggestion, because the text as typed had none."""
    relaxed: bool = False
    """True if no document held all words, or the text was a sentence, so any of them sufficed."""
    is_sentence: bool = False
    """True if the text reads like a sentence, of which some words are enough."""
    strict_total: int | None = None
    """How many hits hold all words, where so few do that those with some of them follow; they come
    first in every order. None where no others follow."""


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of hits with everything around it.

    ``facets`` maps each of ``FACETS`` and ``status`` to the count of every code that any document
    has: what choosing that code would show, given all choices made in other facets and none in its
    own. ``open`` counts include ``closing``.
    """

    total: int
    hits: tuple[SearchHit, ...]
    facets: Mapping[str, Mapping[str, int]]
    interpretation: Interpretation
    highlighter: Highlighter
    amount_unknown: int = 0
    """Documents left out by ``amount_min`` only because their amount is unknown."""
