"""What calendars and feeds read, on both databases."""

from datetime import date, timedelta

from portal import change_log
from portal.extensions import Resources
from portal.feeds import queries, services
from portal.feeds.entries import EntryKind
from portal.listings import services as listing_services
from portal.listings.content import EventContent, RoundContent
from tests.conftest import NOW
from tests.factories import make_draft, make_listing

FIRST, SECOND, THIRD = date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15)
DAYS = {
    "date_state": "window",
    "closes_on": FIRST,
    "rounds": (RoundContent(None, SECOND), RoundContent(THIRD, None)),
    "events": (EventContent(THIRD),),
}


def test_days_are_those_of_public_versions(held: Resources) -> None:
    with held.sessions() as session:
        listing = make_listing(session, **DAYS)
        other = make_listing(session, events=(EventContent(SECOND),))
        draft = make_draft(session, **DAYS)
        withdrawn = make_listing(session, **DAYS)
        listing_services.withdraw(session, withdrawn, reason="終了", now=NOW)
        session.commit()
        asked = [row.id for row in (listing, other, draft, withdrawn)]
        deadlines = queries.days(session, asked, EntryKind.DEADLINE)
        assert sorted(deadlines) == [(FIRST, listing.id), (SECOND, listing.id)]
        events = queries.days(session, asked, EntryKind.EVENT)
        assert sorted(events) == [(SECOND, other.id), (THIRD, listing.id)]
        assert queries.days(session, [other.id], EntryKind.DEADLINE) == []
        assert sorted(queries.changes(session, asked)) == [(NOW, listing.id), (NOW, other.id)]
        assert [row[0] for row in queries.list_addresses(session)] == [listing.id, other.id]


def test_days_of_more_listings_than_one_statement_takes(held: Resources) -> None:
    with held.sessions() as session:
        listing = make_listing(session, **DAYS)
        asked = [*range(10_000, 11_200), listing.id]
        assert len(queries.days(session, asked, EntryKind.DEADLINE)) == 2


def test_last_change_is_of_anything_public_or_the_midnight_before(held: Resources) -> None:
    with held.sessions() as session:
        assert change_log.latest_change_at(session) is None
        midnight = NOW.replace(day=19, hour=15)
        assert services.last_changed(session, today=date(2026, 11, 20)) == midnight
        make_listing(session)
        make_listing(session, now=NOW + timedelta(hours=1))
        assert services.last_changed(session, today=date(2026, 11, 20)) == NOW + timedelta(hours=1)
        assert services.last_changed(session, today=date(2026, 11, 21)) == NOW.replace(hour=15)
