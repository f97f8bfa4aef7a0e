"""The job that mails news of saved searches.

Searches with the same conditions are found once. Each that has something to tell is told in a
transaction of its own, which holds its row and decides anew: two who run at once tell nothing
twice, and one that fails keeps no other back.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.letters import Letterhead
from portal.alerts import letters, news, queries
from portal.alerts.criteria import Criteria, UnreadableCriteriaError
from portal.alerts.finding import Finder
from portal.alerts.hits import Hits, gather, memory_of, still_public
from portal.alerts.letters import NewsContent
from portal.alerts.models import AlertState, SavedSearch
from portal.alerts.news import Look, News
from portal.alerts.sealed_links import LinkMaker
from portal.alerts.timing import Frequency, next_due
from portal.alerts.told_listings import ToldListing, told
from portal.clock import in_japan
from portal.db import give_way, write_transaction
from portal.errors import PortalError
from portal.listings.models import public_id_of
from portal.listings.outlines import Outline
from portal.mail import services as mail
from portal.mail.services import Mail

logger = logging.getLogger(__name__)

MOST_TOLD = 20
"""Listings in a mail; of more it says how many, and where they are."""

FAILED_WAITS = timedelta(hours=1)
"""How long a search that cannot be told is left alone."""

_BATCH = 500
_GIVES_WAY_AFTER = 10


@dataclass(slots=True)
class Told:
    """What became of the searches that were due."""

    looked: int = 0
    mailed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """What one run of the job works with."""

    engine: Engine
    sessions: sessionmaker[Session]
    finder: Finder
    letterhead: Letterhead
    links: LinkMaker
    now: datetime

    @property
    def today(self) -> date:
        """The day in Japan."""
        return in_japan(self.now).date()


def tell_due(held: Round) -> Told:
    """Look at the saved searches that are due, and put their mails into the outbox.

    :raises SearchUnavailableError: the index went away meanwhile; what was not looked at is due
        still.
    """
    done = Told()
    with held.sessions() as session:
        due = queries.list_due(session, held.now, held.finder.seq)
        hits = gather(session, held.finder, due)
    quiet: list[SavedSearch] = []
    loud: list[SavedSearch] = []
    for row in due:
        done.looked += 1
        (quiet if _is_quiet(held, row, hits) else loud).append(row)
    _note_quiet(held, quiet)
    for number, row in enumerate(loud, start=1):
        _try(held, row, hits, done)
        if number % _GIVES_WAY_AFTER == 0:
            give_way(held.engine)
    return done


def _is_quiet(held: Round, row: SavedSearch, hits: Hits) -> bool:
    """Whether there is nothing to tell or to learn."""
    if row.known is None or row.criteria_digest not in hits.found:
        return False
    found = _news(held, row, hits)
    return not found.count and found.memory == memory_of(row)


def _news(held: Round, row: SavedSearch, hits: Hits) -> News:
    look = Look(
        today=held.today,
        before_at=row.looked_at or held.now,
        before_on=row.looked_on or held.today,
        is_understood_anew=row.understood_as not in ("", held.finder.understood_as),
    )
    return news.find_news(hits.found[row.criteria_digest], memory_of(row), hits.outlines, look)


def _note_quiet(held: Round, quiet: Sequence[SavedSearch]) -> None:
    """Note of many searches at once that they were looked at."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row in quiet:
        groups.setdefault((row.criteria_digest, row.frequency), []).append(row.id)
    if not groups:
        return
    with write_transaction(held.sessions) as session:
        for (digest, frequency), ids in groups.items():
            for start in range(0, len(ids), _BATCH):
                # Unless its owner changed it at this moment.
                same = update(SavedSearch).where(
                    SavedSearch.id.in_(ids[start : start + _BATCH]),
                    SavedSearch.criteria_digest == digest,
                    SavedSearch.frequency == frequency,
                    SavedSearch.known.is_not(None),
                    queries.is_due(held.now, held.finder.seq),
                )
                due_at = _next_due(Frequency(frequency), held.now)
                session.execute(
                    same.values(**_looked(held), **due_at),
                    execution_options={"synchronize_session": False},
                )


def _looked(held: Round) -> dict[str, object]:
    return {
        "looked_seq": held.finder.seq,
        "looked_at": held.now,
        "looked_on": held.today,
        "understood_as": held.finder.understood_as,
    }


def _next_due(frequency: Frequency, now: datetime) -> dict[str, object]:
    """When to look again; what is told at once stays due, and waits for a change."""
    return {} if frequency is Frequency.AT_ONCE else {"due_at": next_due(frequency, now)}


def _try(held: Round, seen: SavedSearch, hits: Hits, done: Told) -> None:
    try:
        with write_transaction(held.sessions) as session:
            if _tell(session, held, seen, hits):
                done.mailed += 1
    except (PortalError, SQLAlchemyError):
        # The others must not wait for it; the job says how many there were.
        logger.exception("saved search %d cannot be told", seen.id)
        done.failed += 1
        _postpone(held, seen.id)


def _tell(session: Session, held: Round, seen: SavedSearch, hits: Hits) -> bool:
    """Tell what is new to one search; returns whether a mail goes out."""
    row = queries.find_held_due(session, seen.id, held.now, held.finder.seq)
    if row is None or row.criteria_digest != seen.criteria_digest:
        # Told by somebody else, stopped or changed at this moment.
        return False
    if row.criteria_digest not in hits.found:
        raise UnreadableCriteriaError("its conditions cannot be asked")
    found = None
    if row.known is not None:
        found = _news(held, row, still_public(session, hits, row))
        row.known, row.awaited = found.memory.known, found.memory.awaited
    looked = _looked(held) | _next_due(Frequency(row.frequency), held.now)
    for name, value in looked.items():
        setattr(row, name, value)
    if row.known is None:
        _begin(row, hits)
    address = _address(row)
    if found is None or not found.count or address is None:
        return False
    mail.enqueue(session, _letter(held, row, address, found, hits.outlines), now=held.now)
    return True


def _begin(row: SavedSearch, hits: Hits) -> None:
    """Take for known what was there when it was confirmed, while there was no index to ask; the
    next round tells the rest."""
    found = [hits.outlines[id_] for id_ in hits.found[row.criteria_digest] if id_ in hits.outlines]
    row.known = frozenset(
        hit.listing_id
        for hit in found
        if row.watched_from is None or hit.updated_at <= row.watched_from
    )
    if len(row.known) < len(found):
        row.looked_seq = 0


def _address(row: SavedSearch) -> str | None:
    if row.user is not None:
        return None if row.user.is_disabled else row.user.email
    return row.address


def _letter(
    held: Round, row: SavedSearch, address: str, found: News, outlines: Mapping[int, Outline]
) -> Mail:
    reader = held.finder.reader
    conditions = reader.in_words(reader.params(Criteria(row.criteria)))
    opened = found.opened[:MOST_TOLD]
    new = found.new[: MOST_TOLD - len(opened)]
    content = NewsContent(
        new=_told(held, row, new, outlines),
        opened=_told(held, row, opened, outlines),
        total=found.count,
    )
    return letters.news(address, row, conditions, content, held.letterhead, held.links)


def _told(
    held: Round, row: SavedSearch, ids: Collection[int], outlines: Mapping[int, Outline]
) -> tuple[ToldListing, ...]:
    page = held.links.to_page(row.id)
    return tuple(
        told(
            outlines[id_],
            today=held.today,
            base_url=held.letterhead.base_url,
            vocabulary=held.finder.reader.vocabulary,
            exclude_url=f"{page}?listing={public_id_of(id_)}",
        )
        for id_ in ids
    )


def _postpone(held: Round, search_id: int) -> None:
    with write_transaction(held.sessions) as session:
        row = session.get(SavedSearch, search_id, with_for_update=True)
        if row is not None and row.state == AlertState.ACTIVE:
            row.due_at = held.now + FAILED_WAITS
