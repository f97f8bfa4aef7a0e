"""Publishing and withdrawing: what the public sees, and what the change log says of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from portal import change_log
from portal.change_log import IndexChange
from portal.db import write_transaction
from portal.errors import (
    InvalidTransitionError,
    NotFoundError,
    UnknownAgencyError,
    WithdrawnError,
)
from portal.listings import outline_queries, queries, services
from portal.listings.models import Listing, ListingState, listing_id_of
from tests.conftest import NOW
from tests.factories import make_content, make_draft, make_listing


def test_draft_is_not_public(database: sessionmaker[Session]) -> None:
    with database() as session:
        draft = make_draft(session)
        with pytest.raises(NotFoundError):
            queries.get_public(session, draft.public_id)
        assert change_log.latest_seq(session) == 0


def test_publish_shows_the_listing_and_records_the_change(database: sessionmaker[Session]) -> None:
    with database() as session:
        listing = make_listing(session, title="新しい補助金")
        found = queries.get_public(session, listing.public_id)
        assert found.public_version is not None
        assert found.public_version.title == "新しい補助金"
        assert change_log.listing_ids_after(session, 0) == {listing.id}


def test_pending_version_stays_hidden_until_published(database: sessionmaker[Session]) -> None:
    with database() as session:
        listing = make_listing(session, title="はじめの題名")
        services.save_version(session, listing, make_content(title="直した題名"), now=NOW)
        session.commit()
        public_id, before = listing.public_id, change_log.latest_seq(session)
    with database() as session:
        shown = queries.get_public(session, public_id)
        assert shown.public_version is not None
        assert shown.public_version.title == "はじめの題名"
        services.publish(session, shown, now=NOW)
        session.commit()
    with database() as session:
        shown = queries.get_public(session, public_id)
        assert shown.public_version is not None
        assert (shown.public_version.title, shown.public_version.number) == ("直した題名", 2)
        assert [version.title for version in shown.versions] == ["はじめの題名", "直した題名"]
        assert change_log.latest_seq(session) > before


def test_rolled_back_publication_leaves_neither_listing_nor_change(
    database: sessionmaker[Session],
) -> None:
    with database() as session:
        listing = make_draft(session)
        services.publish(session, listing, now=NOW)
        session.rollback()
        assert queries.count_all(session) == 0
        assert change_log.latest_seq(session) == 0


def test_publishing_again_keeps_the_first_day_of_publication(
    database: sessionmaker[Session],
) -> None:
    with database() as session:
        listing = make_listing(session)
        services.publish(session, listing, now=NOW + timedelta(days=5))
        assert listing.published_at == NOW
        assert listing.updated_at == NOW + timedelta(days=5)
        assert listing.revision == 2


def test_withdrawn_listing_says_whom_to_ask(database: sessionmaker[Session]) -> None:
    with database() as session:
        listing = make_listing(session)
        services.withdraw(session, listing, reason="制度の終了", now=NOW)
        with pytest.raises(WithdrawnError) as raised:
            queries.get_public(session, listing.public_id)
        assert raised.value.agency_name == "青森県"
        assert outline_queries.published_by_public_ids(session, [listing.public_id]) == []


def test_only_a_published_listing_can_be_withdrawn(database: sessionmaker[Session]) -> None:
    with database() as session, pytest.raises(InvalidTransitionError):
        services.withdraw(session, make_draft(session), reason="誤り", now=NOW)


def test_archived_listing_cannot_be_published(database: sessionmaker[Session]) -> None:
    with database() as session:
        draft = make_draft(session)
        draft.state = ListingState.ARCHIVED
        with pytest.raises(InvalidTransitionError):
            services.publish(session, draft, now=NOW)


def test_unknown_partner_is_refused_by_name(database: sessionmaker[Session]) -> None:
    with database() as session, pytest.raises(UnknownAgencyError, match="nobody"):
        make_draft(session, partners=("nobody",))


@pytest.mark.parametrize("text", ["L7", "L0000007", "l000007", "000007", "L00000７", "L", ""])
def test_only_the_one_spelling_of_a_public_id_is_known(text: str) -> None:
    assert listing_id_of(text) is None


def test_hits_keep_their_order_and_lose_what_is_not_published(
    database: sessionmaker[Session],
) -> None:
    with database() as session:
        ids = [make_listing(session, title=f"{n}").public_id for n in range(3)]
        hidden = make_draft(session).public_id
        found = outline_queries.published_by_public_ids(
            session, [ids[2], hidden, ids[0], "L999999"]
        )
        assert [listing.public_id for listing in found] == [ids[2], ids[0]]


class StatementCount:
    """How many statements a session sent."""

    total = 0


@contextmanager
def counted_statements(session: Session) -> Iterator[StatementCount]:
    """Counts what a session sends to the database while the block lasts."""
    count = StatementCount()

    def note(*_: object) -> None:
        count.total += 1

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_whole_page_of_listings_takes_a_fixed_number_of_statements(
    database: sessionmaker[Session],
) -> None:
    with database() as session:
        ids = [make_listing(session, title=f"{n}").public_id for n in range(20)]
    with database() as session, counted_statements(session) as counted:
        for listing in outline_queries.published_by_public_ids(session, ids):
            assert listing.agency_name
            assert listing.region_codes
    assert counted.total <= 3  # the beginning of the transaction is one


def test_smaller_seq_never_becomes_visible_after_a_larger_one(
    database: sessionmaker[Session],
) -> None:
    with write_transaction(database) as session:
        first, second = make_draft(session).id, make_draft(session).id
    has_first_seq, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with write_transaction(database) as session:
            change_log.record_change(session, first, now=NOW)
            has_first_seq.set()
            may_commit.wait(timeout=10)

    def quick_writer() -> None:
        with write_transaction(database) as session:
            change_log.record_change(session, second, now=NOW)

    slow = threading.Thread(target=slow_writer)
    slow.start()
    assert has_first_seq.wait(timeout=10)
    quick = threading.Thread(target=quick_writer)
    quick.start()
    quick.join(timeout=0.3)
    with database() as session:
        seen_early = session.scalars(select(IndexChange.listing_id)).all()
    may_commit.set()
    slow.join(timeout=10)
    quick.join(timeout=10)
    with database() as session:
        in_order = session.scalars(select(IndexChange.listing_id).order_by(IndexChange.seq)).all()
        assert session.scalar(select(Listing.id).where(Listing.id == first)) == first
    assert seen_early == []
    assert in_order == [first, second]
