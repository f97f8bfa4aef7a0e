"""A changed agency: the record tells of it once, and the index follows where it has to."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.agencies import services as agencies
from portal.agencies.details import AgencyDetails, Places
from portal.agencies.queries import get_by_code
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.change_log import IndexChange, record_change
from portal.clock import Clock
from portal.db import write_transaction
from portal.errors import InvalidInputError
from portal.extensions import Resources
from portal.listings import agency_services
from portal.listings import services as listings
from portal.listings.models import Listing, listing_id_of
from search_index import SearchQuery
from tests.conftest import NOW
from tests.factories import make_agency, make_draft, publish_and_index
from tests.racing import race

TODAY = Clock(NOW).today()
PLACES = Places({"pref", "02201"}, {"02201"})


@pytest.fixture
def public_id(held: Resources) -> str:
    """A published listing of the agency ``aomori-pref``."""
    return publish_and_index(held)


def change(held: Resources, **fields: str) -> bool:
    with write_transaction(held.sessions) as session:
        agency = get_by_code(session, "aomori-pref")
        wanted = replace(agencies.details_of(agency), **fields)
        return agency_services.change_agency(
            session, agency, wanted, places=PLACES, actor=OPERATOR, now=NOW
        )


def events(held: Resources) -> list[AuditEvent]:
    with held.sessions() as session:
        return list(session.scalars(select(AuditEvent)))


def changed_listings(held: Resources) -> list[int]:
    with held.sessions() as session:
        applied = held.index.applied_seq()
        wanted = select(IndexChange.listing_id).where(IndexChange.seq > applied)
        return list(session.scalars(wanted.order_by(IndexChange.seq)))


def found(held: Resources, words: str) -> list[str]:
    return [hit.id for hit in held.index.search(SearchQuery(on=TODAY, text=words)).hits]


def test_new_name_finds_the_listings_and_the_old_one_does_not(
    held: Resources, public_id: str
) -> None:
    assert change(held, name="県立水産局")
    assert changed_listings(held) == [listing_id_of(public_id)]
    held.indexer.drain(timeout=1)
    assert found(held, "県立水産局") == [public_id]
    assert held.indexer.differences().total == 0


def test_listings_it_only_shares_in_follow_too(held: Resources) -> None:
    with held.sessions.begin() as session:
        make_agency(session)
        city = make_agency(session, "m02201", name="青森市", level="municipality")
        session.flush()
    public_id = publish_and_index(held, agency=city, partners=("aomori-pref",))
    assert change(held, name="県立水産局")
    assert changed_listings(held) == [listing_id_of(public_id)]


def test_what_the_public_does_not_see_is_left_alone(held: Resources, public_id: str) -> None:
    with held.sessions.begin() as session:
        make_draft(session)
        listings.withdraw(
            session,
            session.get_one(Listing, listing_id_of(public_id)),
            reason="終了",
            now=NOW,
        )
    held.indexer.drain(timeout=1)
    assert change(held, name="県立水産局")
    assert changed_listings(held) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"level": "organization"},
        {"region": ""},
        {"section_mailbox": "ka@pref.example.jp"},
        {"approval": "none"},
    ],
)
def test_what_the_index_does_not_know_leaves_the_listings_as_they_are(
    held: Resources, public_id: str, fields: dict[str, str]
) -> None:
    assert change(held, **fields)
    assert changed_listings(held) == []
    assert held.indexer.differences().total == 0
    assert len(events(held)) == 1


def test_change_is_recorded_once_with_what_was_and_what_is(held: Resources, public_id: str) -> None:
    assert change(held, name="県立水産局", tel="017-000-0000")
    (event,) = events(held)
    assert (event.action, event.target_id, event.agency_code) == (
        "agency_changed",
        "aomori-pref",
        "aomori-pref",
    )
    assert json.loads(event.detail) == {
        "name_before": "青森県",
        "name_after": "県立水産局",
        "tel_before": "",
        "tel_after": "017-000-0000",
    }


def test_no_change_leaves_no_trace(held: Resources, public_id: str) -> None:
    assert not change(held, name=" 青森県 ")
    assert (events(held), changed_listings(held)) == ([], [])


def test_refused_change_leaves_no_trace(held: Resources, public_id: str) -> None:
    with pytest.raises(InvalidInputError):
        change(held, name="県立水産局", email="?")
    with held.sessions() as session:
        assert get_by_code(session, "aomori-pref").name == "青森県"
    assert (events(held), changed_listings(held)) == ([], [])


def test_every_detail_can_be_changed_and_recorded(held: Resources, public_id: str) -> None:
    other = AgencyDetails(
        name="青森市",
        level="municipality",
        kana="あおもりし",
        region="02201",
        department="商工課",
        tel="017-000-0000",
        email="a@city.example.jp",
        url="https://city.example.jp/",
        section_mailbox="b@city.example.jp",
        approval="none",
    )
    names = AgencyDetails.__dataclass_fields__
    assert change(held, **{name: getattr(other, name) for name in names})
    with held.sessions() as session:
        assert agencies.details_of(get_by_code(session, "aomori-pref")) == other
    (event,) = events(held)
    assert len(json.loads(event.detail)) == 2 * len(names)


def test_change_that_several_ask_for_at_once_is_made_once(held: Resources, public_id: str) -> None:
    outcomes = race(held.sessions, [lambda: change(held, name="県立水産局")] * 4)
    assert sorted(map(str, outcomes)) == ["False"] * 3 + ["True"]
    assert [event.action for event in events(held)] == ["agency_changed"]
    assert changed_listings(held) == [listing_id_of(public_id)]


def test_listings_are_written_while_their_agency_is_changed(
    held: Resources, public_id: str
) -> None:
    def write_some() -> None:
        with write_transaction(held.sessions) as session:
            record_change(session, listing_id_of(public_id), now=NOW)
            audit.record(session, AuditAction.DATA_EXPORTED, actor=OPERATOR, now=NOW)
            make_draft(session)

    # The change holds its agency and comes to the turn that the other one has.
    written, changed = race(held.sessions, [write_some, lambda: change(held, name="県立水産局")])
    assert (written, changed) == (None, True)
