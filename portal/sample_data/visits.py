"""Made-up visits: somebody comes, searches, looks at listings, presses a link.

A visit is a row of raw lines as a worker would have written them, each with its agent and
marked as a sample.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from portal.pageviews.kinds import ClickKind, Device, OtherReason, PageKind, RequestClass
from portal.pageviews.lines import ClickLine, PageLine

# An agent as its header says it, and the line that is to name it.
SampleLine = tuple[str, PageLine | ClickLine]

_UNNUMBERED = 0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SampleListing:
    """A listing that people look at."""

    id: int
    version_id: int
    published_on: date
    weight: float
    """How often, beside the others."""
    clicks: tuple[ClickKind, ...]
    """What there is to press on its page."""


@dataclass(frozen=True, slots=True)
class SampleSearch:
    """A search that people make, and what the index answers."""

    conditions: str
    weight: float
    """How often, beside the others."""
    months: frozenset[int]
    """In which months of the calendar."""
    found: int
    listings: tuple[SampleListing, ...]
    """The first of its results."""


class Choice(Generic[T]):
    """One of many at a time, the heavier the more often."""

    def __init__(self, options: Sequence[T], weights: Sequence[float]) -> None:
        self._options = options
        self._sums = list(accumulate(weights))

    def __bool__(self) -> bool:
        return bool(self._options)

    def take(self, rng: Random) -> T:
        """One of them; there has to be one."""
        return rng.choices(self._options, cum_weights=self._sums)[0]


@dataclass(slots=True)
class Visitor:
    """Somebody, or something, that asks for one page after the other."""

    rng: Random
    agent: str
    device: Device
    at: datetime
    """When the next page is asked for."""
    request_class: RequestClass = RequestClass.PAGE
    lines: list[SampleLine] = field(default_factory=list)

    def look(
        self,
        page_kind: PageKind,
        listing: SampleListing | None = None,
        *,
        reason: OtherReason | None = None,
        searched: SampleSearch | None = None,
        led_by: SampleSearch | None = None,
    ) -> None:
        """Ask for a page, and read it for a while."""
        line = PageLine(
            at=self.at,
            page_kind=page_kind,
            request_class=self.request_class,
            device=self.device,
            agent=_UNNUMBERED,
            reason=reason,
            listing_id=listing.id if listing else 0,
            version_id=listing.version_id if listing else 0,
            searched=searched.conditions if searched else None,
            found=searched.found if searched else 0,
            led_by=led_by.conditions if led_by else None,
            is_sample=True,
        )
        self._keep(line)

    def press(self, click_kind: ClickKind, listing: SampleListing) -> None:
        """Press a link on the page of a listing."""
        line = ClickLine(
            at=self.at,
            click_kind=click_kind,
            listing_id=listing.id,
            request_class=self.request_class,
            device=self.device,
            agent=_UNNUMBERED,
            is_sample=True,
        )
        self._keep(line)

    def _keep(self, line: PageLine | ClickLine) -> None:
        self.lines.append((self.agent, line))
        self.at += timedelta(seconds=int(8 + 130 * self.rng.random() ** 2))


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to look at on a day."""

    listings: Choice[SampleListing]
    searches: Choice[SampleSearch]


_ASIDE = Choice(
    (
        PageKind.AGENCY,
        PageKind.CHECK,
        PageKind.CONSULTATION,
        PageKind.RANKING,
        PageKind.GUIDE,
        PageKind.FAVORITES,
        PageKind.COMPARISON,
        PageKind.ALERTS,
        PageKind.ACCOUNT,
    ),
    (20, 18, 14, 12, 12, 10, 6, 5, 3),
)


def visit(visitor: Visitor, offer: Offer) -> None:
    """What one person does: most search, many come to a listing from elsewhere."""
    rng = visitor.rng
    way = rng.random()
    if way < 0.28 and offer.listings:
        _read(visitor, offer.listings.take(rng), None)
    elif way < 0.38:
        visitor.look(_ASIDE.take(rng))
    else:
        if rng.random() < 0.7:
            visitor.look(PageKind.HOME)
        _search(visitor, offer)
    if rng.random() < 0.16:
        visitor.look(_ASIDE.take(rng))


def _search(visitor: Visitor, offer: Offer) -> None:
    rng, today = visitor.rng, visitor.at.date()
    search = offer.searches.take(rng)
    visitor.look(PageKind.SEARCH, searched=search)
    results = [listing for listing in search.listings if listing.published_on <= today]
    if results and rng.random() < 0.7:
        # The first results are read most.
        reached = min(int(rng.expovariate(0.4)), len(results) - 1)
        _read(visitor, results[reached], search)
        if rng.random() < 0.35:
            _read(visitor, rng.choice(results), search)
    elif rng.random() < 0.25:
        _search(visitor, offer)


def _read(visitor: Visitor, listing: SampleListing, led_by: SampleSearch | None) -> None:
    rng = visitor.rng
    visitor.look(PageKind.LISTING, listing, led_by=led_by)
    if listing.clicks and rng.random() < 0.45:
        visitor.press(rng.choice(listing.clicks), listing)
    if rng.random() < 0.04:
        visitor.look(PageKind.LISTING_MORE, listing)
