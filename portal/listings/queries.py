"""Reads of whole listings, and counts. Whatever is for the public passes through ``_published``."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Text, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from portal.agencies.models import Agency
from portal.errors import NotFoundError, WithdrawnError
from portal.listings import relation_queries
from portal.listings.facet_models import VersionPartner
from portal.listings.models import (
    Listing,
    ListingState,
    ListingVersion,
    listing_id_of,
    public_id_of,
)

_BATCH = 500

_EVER_PUBLIC = (ListingState.PUBLISHED, ListingState.WITHDRAWN, ListingState.ARCHIVED)

VERSION_PARTS = (
    ListingVersion.industry_rows,
    ListingVersion.region_rows,
    ListingVersion.exception_rows,
    ListingVersion.purpose_rows,
    ListingVersion.fiscal_year_rows,
    ListingVersion.rounds,
    ListingVersion.events,
)
"""What a version says in tables of their own, apart from its partners."""


def _whole() -> tuple[LoaderOption, ...]:
    """Load a listing with all that its public version says, in a fixed number of statements."""
    version = joinedload(Listing.public_version)
    return (
        joinedload(Listing.agency),
        version.selectinload(ListingVersion.partner_rows).joinedload(VersionPartner.agency),
        *(version.options(selectinload(part)) for part in VERSION_PARTS),
    )


def _published() -> Select[Listing]:
    return (
        select(Listing)
        .join(Listing.public_version)
        .where(Listing.state == ListingState.PUBLISHED)
        .options(*_whole())
    )


def hold(session: Session, listing: Listing) -> None:
    """See a listing as it is and keep others from changing it, until the transaction ends. Rows
    that refer to it may be added meanwhile: others may be relating theirs to it."""
    # However it was loaded: what was asked for beside it then is asked for again, and PostgreSQL
    # locks no rows that may be missing.
    session.refresh(listing, with_for_update={"of": Listing, "key_share": True})


def get_public(session: Session, public_id: str) -> Listing:
    """A published listing.

    :raises WithdrawnError: it was public once.
    :raises NotFoundError: it never was, or there is none.
    """
    listing_id = listing_id_of(public_id)
    listing = session.get(Listing, listing_id, options=_whole()) if listing_id is not None else None
    if listing is None or listing.public_version is None:
        raise NotFoundError(public_id)
    if listing.state in (ListingState.WITHDRAWN, ListingState.ARCHIVED):
        found = relation_queries.find_successor(session, listing.id)
        successor = (public_id_of(found[0]), found[1]) if found else None
        raise WithdrawnError(
            public_id, listing.agency.code, listing.agency.name, successor=successor
        )
    if listing.state != ListingState.PUBLISHED:
        raise NotFoundError(public_id)
    return listing


def get_ever_public(session: Session, public_id: str) -> Listing:
    """A listing that is published or was, for whoever has to be told that it is no longer.

    :raises NotFoundError: it never was, or there is none.
    """
    listing_id = listing_id_of(public_id)
    listing = session.get(Listing, listing_id, options=_whole()) if listing_id is not None else None
    if listing is None or listing.public_version is None or listing.state not in _EVER_PUBLIC:
        raise NotFoundError(public_id)
    return listing


def withdrawn_by_ids(session: Session, listing_ids: Sequence[int]) -> list[Listing]:
    """Listings that were taken off the public pages among some row ids, in no order."""
    statement = (
        select(Listing)
        .where(Listing.id.in_(listing_ids), Listing.state == ListingState.WITHDRAWN)
        .options(*_whole())
    )
    return list(session.scalars(statement))


def published_by_ids(session: Session, listing_ids: Sequence[int]) -> list[Listing]:
    """Published listings among some row ids, in no order."""
    found: list[Listing] = []
    for start in range(0, len(listing_ids), _BATCH):
        batch = listing_ids[start : start + _BATCH]
        found.extend(session.scalars(_published().where(Listing.id.in_(batch))))
    return found


def ever_public_by_ids(session: Session, listing_ids: Sequence[int]) -> list[Listing]:
    """Listings that are published or were, among some row ids, in no order."""
    found: list[Listing] = []
    wanted = select(Listing).where(
        Listing.state.in_(_EVER_PUBLIC), Listing.public_version_id.is_not(None)
    )
    for start in range(0, len(listing_ids), _BATCH):
        batch = listing_ids[start : start + _BATCH]
        found.extend(session.scalars(wanted.where(Listing.id.in_(batch)).options(*_whole())))
    return found


def iterate_published(session: Session) -> Iterator[Listing]:
    """All published listings by id, a batch in memory at a time."""
    last_id = 0
    while True:
        statement = _published().where(Listing.id > last_id).order_by(Listing.id).limit(_BATCH)
        batch = list(session.scalars(statement))
        if not batch:
            return
        yield from batch
        last_id = batch[-1].id
        session.expunge_all()


def count_published(session: Session) -> int:
    """How many listings the public can see."""
    return session.scalar(_count().where(Listing.state == ListingState.PUBLISHED)) or 0


def count_all(session: Session) -> int:
    """How many listings there are, in whatever state."""
    return session.scalar(_count()) or 0


def _count() -> Select[int]:
    return select(func.count()).select_from(Listing)


def published_revisions(session: Session) -> dict[int, int]:
    """The revision of every published listing, by row id; to compare with the index."""
    rows = session.execute(
        select(Listing.id, Listing.revision).where(Listing.state == ListingState.PUBLISHED)
    )
    return dict(rows.all())


def count_published_by_agency(session: Session) -> dict[int, int]:
    """How many published listings each agency leads, by its row id."""
    rows = session.execute(
        select(Listing.agency_id, func.count())
        .where(Listing.state == ListingState.PUBLISHED)
        .group_by(Listing.agency_id)
    )
    return dict(rows.all())


def newest_published_containing(
    session: Session, words: Sequence[str], unwanted: Sequence[str], *, limit: int
) -> list[Listing]:
    """Published listings that hold every word literally and none of the unwanted, newest first: a
    plain search for when there is no index."""
    statement = _published().join(Listing.agency)
    for word in words:
        statement = statement.where(_contains(word))
    for word in unwanted:
        statement = statement.where(~_contains(word))
    statement = statement.order_by(Listing.published_at.desc(), Listing.id).limit(limit)
    return list(session.scalars(statement))


def published_titles(session: Session, public_ids: Sequence[str]) -> dict[str, str]:
    """The titles of those listings of some public ids that are published."""
    wanted = [listing_id for listing_id in map(listing_id_of, public_ids) if listing_id is not None]
    rows = session.execute(
        select(Listing.id, ListingVersion.title)
        .join(Listing.public_version)
        .where(Listing.state == ListingState.PUBLISHED, Listing.id.in_(wanted))
    )
    return {public_id_of(row.id): row.title for row in rows}


_KEYWORDS = cast(ListingVersion.keywords, Text)


def published_among(session: Session, listing_ids: Iterable[int]) -> frozenset[int]:
    """Those of some row ids whose listing is published at this moment."""
    ids = list(listing_ids)
    found: set[int] = set()
    for start in range(0, len(ids), _BATCH):
        wanted = Listing.id.in_(ids[start : start + _BATCH])
        published = select(Listing.id).where(Listing.state == ListingState.PUBLISHED, wanted)
        found.update(session.scalars(published))
    return frozenset(found)


def _contains(word: str) -> ColumnElement[bool]:
    texts = (
        ListingVersion.title,
        ListingVersion.summary,
        ListingVersion.body,
        func.coalesce(ListingVersion.eligibility, ""),
        _KEYWORDS,
        Agency.name,
    )
    return _holds(word, texts)


def _holds(word: str, texts: Iterable[SQLColumnExpression[str]]) -> ColumnElement[bool]:
    # People type either width; texts are stored as they were written.
    spellings = {word, unicodedata.normalize("NFKC", word)}
    return or_(
        *(text.icontains(spelling, autoescape=True) for text in texts for spelling in spellings)
    )
