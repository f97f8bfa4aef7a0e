"""Sends the made-up requests of ``days`` the way that real ones go: by the writer of the workers
into a spool file, from there by the roll-up into the daily totals.

``searches.jsonl`` holds what is searched for, in words that owners type. The index answers each as
it is now: what the demo says to find little finds little when somebody tries it.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict

from portal.clock import in_japan
from portal.fiscal_year import FiscalYear
from portal.listings.models import Listing, ListingState, ListingVersion, public_id_of
from portal.listings.vocabulary import Vocabulary
from portal.pageviews import queries, rollup
from portal.pageviews.folders import Folders
from portal.pageviews.kinds import ClickKind
from portal.pageviews.lines import ClickLine, PageLine
from portal.pageviews.spool import Spool
from portal.sample_data.days import make_lines
from portal.sample_data.loader import rows
from portal.sample_data.visits import SampleLine, SampleListing, SampleSearch
from portal.search.params import SearchParams, parse
from search_index import SearchHit

Answer = Callable[[SearchParams], tuple[str, int, tuple[SearchHit, ...]]]
"""Says of a search how lines tell it, how many listings it finds, and which come first."""

_TIMEOUT_S = 30.0
_LARGEST_WEIGHT = 30.0
_EVERY_MONTH = range(1, 13)


def load(
    sessions: sessionmaker[Session],
    folders: Folders,
    answer: Answer,
    *,
    vocabulary: Vocabulary,
    now: datetime,
) -> int:
    """Make up requests from the first day of the fiscal year to yesterday and count them, unless
    anything was counted before; returns how many.

    Interrupted anywhere, all of them are there or none, and the next call does the rest.

    :raises BusyError: another process counts, and did not end.
    """
    with rollup.turn(folders, timeout=_TIMEOUT_S):
        rollup.roll_up_here(sessions, folders, now=now)
        with sessions() as session:
            if queries.has_any(session):
                return 0
            listings = {public_id_of(listing.id): listing for listing in _listings(session)}
        searches = tuple(_searches(vocabulary, answer, listings))
        today = in_japan(now).date()
        first_day, yesterday = FiscalYear.containing(today).starts_on, today - timedelta(days=1)
        lines = make_lines(tuple(listings.values()), searches, first_day, yesterday)
        written = _write(lines, sessions, folders, now)
        rollup.roll_up_here(sessions, folders, now=now)
    return written


def _listings(session: Session) -> Iterator[SampleListing]:
    shown = (
        select(Listing, ListingVersion)
        .join(ListingVersion, ListingVersion.id == Listing.public_version_id)
        .where(Listing.state == ListingState.PUBLISHED)
        .order_by(Listing.id)
    )
    for listing, version in session.execute(shown):
        rng = Random(listing.id)  # noqa: S311  (made-up visits, no secrets)
        yield SampleListing(
            id=listing.id,
            version_id=version.id,
            published_on=in_japan(listing.published_at or listing.updated_at).date(),
            # A few are read by many, most by few.
            weight=min(rng.paretovariate(1.2), _LARGEST_WEIGHT),
            clicks=tuple(_clicks(version)),
        )


def _clicks(version: ListingVersion) -> Iterator[ClickKind]:
    if version.apply_url:
        yield ClickKind.APPLY
    if version.tel or version.email:
        yield ClickKind.CONTACT
    if version.url:
        yield ClickKind.SITE


def _searches(
    vocabulary: Vocabulary, answer: Answer, listings: Mapping[str, SampleListing]
) -> Iterator[SampleSearch]:
    for row in rows("searches.jsonl"):
        params = parse(MultiDict(row["search"]), vocabulary=vocabulary, agency_codes=())
        if params.problems:
            # It names a place that is none of this portal's.
            continue
        conditions, found, first = answer(params)
        yield SampleSearch(
            conditions=conditions,
            weight=row["weight"],
            months=frozenset(row.get("months", _EVERY_MONTH)),
            found=found,
            listings=tuple(listings[hit.id] for hit in first if hit.id in listings),
        )


def _write(
    lines: Iterable[SampleLine], sessions: sessionmaker[Session], folders: Folders, now: datetime
) -> int:
    # Beside the spool until the file is whole: the roll-up counts all that it sees.
    aside = Folders(folders.root / "samples")
    shutil.rmtree(aside.data_dir, ignore_errors=True)
    spool = Spool(aside, sessions)
    written = 0
    for agent, line in lines:
        spool.write(agent, partial(_numbered, line), now=now)
        written += 1
    spool.close()
    for path in aside.files():
        path.rename(folders.spool / path.name)
    shutil.rmtree(aside.data_dir, ignore_errors=True)
    return written


def _numbered(line: PageLine | ClickLine, agent: int) -> PageLine | ClickLine:
    return replace(line, agent=agent)
