"""A listing as a card in a list of many, the same in every list of the portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.formats import yen
from portal.listings import wording
from portal.listings.date_state import Status, status_on
from portal.listings.outlines import Outline
from portal.listings.vocabulary import Vocabulary
from portal.listings.wording import Described

EXCERPT_LENGTH = 90

_MOST_PRESSING_FIRST = ("closing", "open", "upcoming", "always", "unknown")

_RATE_NAMES = {
    "subsidy": "補助率",
    "rnd-support": "補助率",
    "benefit": "支給のしかた",
    "employment": "支援の額・割合",
    "loan": "利率・保証料",
    "tax": "優遇の内容",
}


class Highlighter(Protocol):
    """Knows what was searched for, and so what to mark in a text."""

    def spans(self, raw: str) -> Sequence[tuple[int, int]]:
        """The (start, end) of what to mark, ascending."""
        ...

    def snippet(self, raw: str, width: int) -> tuple[int, int] | None:
        """The (start, end) of the part of a long text that shows most of it; none if none does."""
        ...


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text, marked or not."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """The status of a listing; ``code`` picks its shape and colour."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what it is: 上限 — 300万円."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a card prints."""

    id: str
    status: Badge
    deadline: str
    is_urgent: bool
    title: tuple[Segment, ...]
    name: str
    """The title without marks."""
    agency_name: str
    summary: tuple[Segment, ...]
    excerpt: tuple[Segment, ...]
    """From the body, if the words searched for are neither in title nor summary."""
    facts: tuple[Fact, ...]
    labels: tuple[Fact, ...]
    confirmed: str | None
    last_offered: str | None


def badge(status: Status, vocabulary: Vocabulary) -> Badge:
    """A status as it is shown."""
    return Badge(status.code, vocabulary.statuses[status.code])


def card(
    listing: Outline,
    *,
    today: date,
    vocabulary: Vocabulary,
    highlighter: Highlighter | None = None,
) -> Card:
    """A published listing as a card."""
    status = status_on(listing, today)
    title, summary = marked(listing.title, highlighter), marked(listing.summary, highlighter)
    is_explained = any(segment.is_marked for segment in (*title, *summary))
    is_vouched = wording.is_vouched_this_year(
        listing.confirmed_on, is_by_agency=listing.is_confirmed_by_agency, today=today
    )
    return Card(
        id=listing.public_id,
        status=badge(status, vocabulary),
        deadline=wording.deadline(listing, status, today),
        is_urgent=wording.is_urgent(status),
        title=title,
        name=listing.title,
        agency_name=listing.agency_name,
        summary=summary,
        excerpt=() if is_explained else _excerpt(listing, highlighter),
        facts=money(listing),
        labels=_labels(listing, vocabulary),
        confirmed=wording.confirmed(
            listing,
            listing.confirmed_on,
            is_by_agency=listing.is_confirmed_by_agency,
            agency_name=listing.agency_name,
            today=today,
        ),
        last_offered=None if is_vouched else wording.last_offered(listing, today),
    )


def cards(
    listings: Sequence[Outline],
    *,
    today: date,
    vocabulary: Vocabulary,
    highlighter: Highlighter | None = None,
) -> tuple[Card, ...]:
    """Published listings as cards, in the same order."""
    return tuple(
        card(listing, today=today, vocabulary=vocabulary, highlighter=highlighter)
        for listing in listings
    )


def marked(text: str, highlighter: Highlighter | None) -> tuple[Segment, ...]:
    """A text cut where it is marked."""
    segments = []
    position = 0
    for start, end in highlighter.spans(text) if highlighter else ():
        segments += [Segment(text[position:start]), Segment(text[start:end], is_marked=True)]
        position = end
    segments.append(Segment(text[position:]))
    return tuple(segment for segment in segments if segment.text)


def money(version: Described) -> tuple[Fact, ...]:
    """How much there is, as far as it is known."""
    facts = []
    if version.amount_max_yen is not None:
        facts.append(Fact("上限額", yen(version.amount_max_yen)))
    if version.rate:
        facts.append(Fact(_RATE_NAMES.get(version.kind, "費用"), version.rate))
    return tuple(facts)


def _excerpt(listing: Outline, highlighter: Highlighter | None) -> tuple[Segment, ...]:
    if highlighter is None:
        return ()
    for text in (listing.eligibility or "", listing.body):
        if shown := highlighter.snippet(text, EXCERPT_LENGTH):
            return marked(" ".join(text[slice(*shown)].split()), highlighter)
    return ()


def _labels(version: Described, vocabulary: Vocabulary) -> tuple[Fact, ...]:
    labels = (
        Fact("支援の種類", vocabulary.kinds[version.kind]),
        Fact("地域", wording.regions(version, vocabulary)),
        Fact("業種", wording.first_few(wording.industries(version, vocabulary))),
    )
    return tuple(label for label in labels if label.value)


def by_currency(
    listings: Sequence[Outline], today: date
) -> tuple[tuple[Outline, ...], tuple[Outline, ...]]:
    """What is or may be on offer, the most pressing first, and what is over."""

    def urgency(listing: Outline) -> tuple[int, date]:
        found = status_on(listing, today)
        return _MOST_PRESSING_FIRST.index(found.code), found.closes_on or date.max

    current = [listing for listing in listings if status_on(listing, today).code != "closed"]
    closed = [listing for listing in listings if status_on(listing, today).code == "closed"]
    return tuple(sorted(current, key=urgency)), tuple(closed)
