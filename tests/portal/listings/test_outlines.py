"""A listing in outline says what the whole one says."""

from dataclasses import asdict
from datetime import date

from sqlalchemy.orm import Session, sessionmaker

from portal.listings import outline_queries, queries
from portal.listings.content import EventContent, RoundContent
from portal.listings.outlines import Outline, outline_of
from tests.factories import make_draft, make_listing


def sorted_codes(outline: Outline) -> dict[str, object]:
    """An outline with its codes, whose order means nothing, in one order."""
    fields = asdict(outline)
    return {
        name: sorted(value) if name.endswith("_codes") else value for name, value in fields.items()
    }


def test_outline_read_by_itself_is_that_of_the_whole_listing(
    database: sessionmaker[Session],
) -> None:
    with database() as session:
        listing = make_listing(
            session,
            kind="seminar",
            date_state="window",
            industries=("E", "A"),
            regions=("chunan", "02201"),
            region_exceptions=("02202",),
            purposes=("startup",),
            opens_on=date(2026, 4, 1),
            closes_on=date(2026, 5, 1),
            rounds=(
                RoundContent(date(2026, 9, 1), None, "第3回"),
                RoundContent(None, date(2026, 8, 1)),
            ),
            events=(EventContent(date(2026, 12, 2)), EventContent(date(2026, 12, 1))),
            fiscal_years=(2024, 2023),
            source=({"document": "一覧", "line": 3},),
            tel="017-000-0000",
        )
        make_listing(session, title="同じページの別の支援")
        listing_id, public_id = listing.id, listing.public_id
    with database() as session:
        (found,) = outline_queries.published_by_public_ids(session, [public_id])
        whole = outline_of(queries.get_public(session, public_id))
    assert found.listing_id == listing_id
    assert found.event_days == (date(2026, 12, 1), date(2026, 12, 2))
    assert {window.label for window in found.rounds} == {"第3回", None}
    assert sorted_codes(found) == sorted_codes(whole)


def test_outlines_of_an_agency_are_its_published_listings(
    database: sessionmaker[Session],
) -> None:
    with database() as session:
        listing = make_listing(session)
        make_draft(session)
        (found,) = outline_queries.published_of_agency(session, listing.agency_id)
    assert found.public_id == listing.public_id
