"""What a search finds on a day, by plain predicates over plain data.

Written from ``docs/alerts.md`` and the public description of the search parameters alone: nothing
of the portal is imported, so that an error there cannot repeat itself here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bench.year.places import is_local, is_usable
from bench.year.plain import Place, Said, Wanted

_CLOSING_DAYS = 14
_UNDATED = {"always": "always", "budget": "open", "soon": "upcoming", "unknown": "unknown"}
_ON_A_DAY = ("seminar", "matching")
_RANKS = {"unknown": 1, "closed": 2}
"""In the order of what is new: those that can be used come first."""


@dataclass(slots=True)
class Shown:
    """A listing as the public sees it."""

    number: int
    place: Place
    said: Said
    published_at: datetime
    updated_at: datetime
    is_public: bool = True


def current_window(said: Said, day: date) -> tuple[str, date | None]:
    """Status on a day and, where one can apply by some day, that day: its end in Japan is the
    deadline."""
    if said.date_state != "window":
        if said.kind in _ON_A_DAY and said.event_days and max(said.event_days) < day:
            return "closed", None
        return _UNDATED[said.date_state], None
    begun = [
        (opens_on or date.min, closes_on or date.max)
        for opens_on, closes_on in ((said.opens_on, said.closes_on), *said.rounds)
    ]
    for opens_on, closes_on in sorted(begun):
        if opens_on <= day <= closes_on:
            if closes_on == date.max:
                return "open", None
            is_closing = closes_on - day <= timedelta(days=_CLOSING_DAYS)
            return "closing" if is_closing else "open", closes_on
    return ("upcoming" if any(opens_on > day for opens_on, _ in begun) else "closed"), None


def status(said: Said, day: date) -> str:
    """The status on a day."""
    return current_window(said, day)[0]


@dataclass(slots=True)
class Meaning:
    """Which words mean the same by now."""

    groups: list[tuple[str, str]]

    def of(self, word: str) -> tuple[str, ...]:
        """All that are searched for with a word."""
        return next((group for group in self.groups if word in group), (word,))


def is_found(wanted: Wanted, shown: Shown, day: date, meaning: Meaning) -> bool:
    """Whether a search finds a listing on a day."""
    said = shown.said
    if not shown.is_public or not _is_of_status(wanted.choices.get("status", ()), said, day):
        return False
    if not all(any(same in said.words for same in meaning.of(word)) for word in wanted.words):
        return False
    if any(word in said.words for word in wanted.without):
        return False
    if wanted.amount_min is not None and (said.amount_max_yen or -1) < wanted.amount_min:
        return False
    return _is_chosen(wanted, shown)


def _is_of_status(chosen: Collection[str], said: Said, day: date) -> bool:
    now = status(said, day)
    if now == "closed":
        return False
    return not chosen or now in chosen or (now == "closing" and "open" in chosen)


def _is_chosen(wanted: Wanted, shown: Shown) -> bool:
    said = shown.said
    has = {
        "purpose": said.purposes,
        "kind": (said.kind,),
        "level": (shown.place.level,),
        "agency": (shown.place.agency,),
    }
    for name, codes in wanted.choices.items():
        if name in has and not set(codes).intersection(has[name]):
            return False
    industries = wanted.choices.get("industry", ())
    if industries and "*" not in said.industries and not set(industries) & set(said.industries):
        return False
    is_there = is_local if wanted.local_only else is_usable
    regions = wanted.choices.get("region", ())
    return not regions or any(is_there(code, said.regions, said.exceptions) for code in regions)


def in_order(found: Collection[Shown], day: date) -> list[Shown]:
    """The newest first; what nobody can use comes last."""
    return sorted(
        found,
        key=lambda shown: (
            _RANKS.get(status(shown.said, day), 0),
            -shown.published_at.timestamp(),
            shown.number,
        ),
    )
