"""Saving and what follows from it are one step, on both databases, whoever else writes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal import change_log
from portal.accounts.letters import Letterhead
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.agencies.models import Agency
from portal.audit.models import AuditEvent
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError
from portal.listings.models import Listing, ListingState
from portal.publishing.acts import Act
from portal.publishing.writing import Plan, write, write_new
from tests.conftest import NOW
from tests.factories import make_agency, make_content
from tests.portal.publishing.desk_people import make_person

WHOLE = make_content(tel="017-000-0000")
ROUNDS = 10
HEAD = Letterhead("あおビズサーチ", "http://localhost", "http://localhost/staff/listings/")


@pytest.fixture
def approver_id(database: sessionmaker[Session]) -> int:
    with write_transaction(database) as session:
        return make_person(session, Role.APPROVER, make_agency(session, "m02201")).id


def make(database: sessionmaker[Session], approver_id: int, plan: Plan, **content: object) -> int:
    """A new listing of the approver's agency."""
    with write_transaction(database) as session:
        agency = session.scalars(select(Agency)).one()
        by = session.get_one(User, approver_id)
        said = make_content(**({"tel": "017-000-0000"} | content))
        return write_new(session, agency, said, plan, by=by, letterhead=HEAD, now=NOW).id


def test_new_listing_is_public_recorded_and_in_the_change_log_at_once(
    database: sessionmaker[Session], approver_id: int
) -> None:
    listing_id = make(database, approver_id, Plan(Act.PUBLISH))
    with database() as session:
        assert session.get_one(Listing, listing_id).state == ListingState.PUBLISHED
        assert change_log.listing_ids_after(session, 0) == {listing_id}
        recorded = session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
        assert recorded == ["listing_created", "listing_published"]


def test_nothing_is_saved_where_it_cannot_be_published(
    database: sessionmaker[Session], approver_id: int
) -> None:
    with pytest.raises(InvalidInputError):
        make(database, approver_id, Plan(Act.PUBLISH), regions=())
    with database() as session:
        assert session.scalars(select(Listing)).all() == []
        assert session.scalars(select(AuditEvent)).all() == []


def test_listing_that_waits_does_not_end_before_it_is_shown(
    database: sessionmaker[Session], approver_id: int
) -> None:
    shown_from = NOW + timedelta(days=3)
    listing_id = make(database, approver_id, Plan(Act.SCHEDULE, publish_at=shown_from))
    with database() as session:
        listing = session.get_one(Listing, listing_id)
        by = session.get_one(User, approver_id)
        plan = Plan(unpublish_at=shown_from)
        with pytest.raises(InvalidInputError, match="公開する日時よりあと"):
            write(session, listing, WHOLE, plan, by=by, seen=1, letterhead=HEAD, now=NOW)


def test_of_two_writers_at_the_same_moment_one_is_told_of_the_other(
    database: sessionmaker[Session], approver_id: int
) -> None:
    listing_id = make(database, approver_id, Plan())
    start = Barrier(2)

    def save(title: str, seen: int) -> bool:
        start.wait(timeout=10)
        try:
            with write_transaction(database) as session:
                listing = session.get_one(Listing, listing_id)
                by = session.get_one(User, approver_id)
                said = make_content(title=title)
                write(session, listing, said, Plan(), by=by, seen=seen, letterhead=HEAD, now=NOW)
        except ChangedMeanwhileError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        for number in range(1, ROUNDS + 1):
            tries = [pool.submit(save, f"{side} {number}", number) for side in ("一人目", "二人目")]
            assert sorted(done.result(timeout=30) for done in tries) == [False, True]
    with database() as session:
        listing = session.get_one(Listing, listing_id)
        assert [row.number for row in listing.versions] == list(range(1, ROUNDS + 2))
