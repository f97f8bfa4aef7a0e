"""What of a search's hits is news to its owner: rules without database or clock.

``docs/alerts.md`` tells them so that mails can be foretold from it alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from portal.listings.date_state import Dated, status_on

_UPCOMING, _CLOSED = "upcoming", "closed"
_CAN_BE_USED = frozenset({"open", "closing", "always"})


class Hit(Dated, Protocol):
    """A published listing that a search finds."""

    @property
    def updated_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Memory:
    """What an owner has been told, as row ids of listings; attributes as of ``SavedSearch``."""

    known: frozenset[int]
    awaited: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """When a search is looked at and when it was before.

    ``is_understood_anew`` if synonyms or labels changed between: it may find other listings though
    none of them changed.
    """

    today: date
    before_at: datetime
    before_on: date
    is_understood_anew: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told, in the order of the hits, and what is known once that is done."""

    new: tuple[int, ...]
    opened: tuple[int, ...]
    """Told before while one could not apply yet; now one can."""
    memory: Memory

    @property
    def count(self) -> int:
        """How many listings are to be told."""
        return len(self.new) + len(self.opened)


def candidates(found: Sequence[int], memory: Memory) -> tuple[int, ...]:
    """The hits that may be news; all others need not be loaded."""
    return tuple(
        id_
        for id_ in found
        if id_ not in memory.excluded and (id_ not in memory.known or id_ in memory.awaited)
    )


def find_news(found: Sequence[int], memory: Memory, hits: Mapping[int, Hit], look: Look) -> News:
    """What of a search's hits is to be told.

    :param found: row ids of all that the search finds now.
    :param hits: the candidates among them; one that is missing is not published any more.
    """
    new: list[int] = []
    opened: list[int] = []
    absorbed: list[int] = []
    awaited = set(memory.awaited)
    for id_ in candidates(found, memory):
        hit = hits.get(id_)
        status = status_on(hit, look.today).code if hit is not None else _CLOSED
        if hit is None or status == _CLOSED:
            continue
        if id_ in memory.known:
            if status in _CAN_BE_USED:
                opened.append(id_)
                awaited.discard(id_)
        elif _is_only_understood(hit, status, look):
            absorbed.append(id_)
        else:
            new.append(id_)
            if status == _UPCOMING:
                awaited.add(id_)
    known = memory.known.union(new, absorbed)
    after = replace(memory, known=known, awaited=frozenset(awaited))
    return News(tuple(new), tuple(opened), after)


def _is_only_understood(hit: Hit, status: str, look: Look) -> bool:
    """Whether a hit is found because words mean something else by now, and for no other reason."""
    is_unchanged = hit.updated_at <= look.before_at
    is_of_same_status = status_on(hit, look.before_on).code == status
    return look.is_understood_anew and is_unchanged and is_of_same_status
