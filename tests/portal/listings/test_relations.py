"""What listings say of each other: refused where it cannot be, shown from both sides, and never
more than is public. On both databases."""

from collections.abc import Callable
from itertools import product

import pytest
from sqlalchemy.orm import Session, sessionmaker

from portal import change_log
from portal.accounts.letters import Letterhead
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.db import make_engine, make_session_factory, write_transaction
from portal.errors import InvalidInputError, WithdrawnError
from portal.listings import queries, relation_queries, services
from portal.listings.content import RelationContent
from portal.listings.models import Listing, ListingState, public_id_of, public_version
from portal.listings.relation_kinds import EARLIER, LATER, RelationKind, settled
from portal.listings.version_content import relations_of
from portal.publishing import due, editing, publication
from portal.publishing.readiness import lacking
from tests.conftest import NOW
from tests.databases import MakeDatabase
from tests.factories import make_agency, make_content, make_draft
from tests.portal.publishing.desk_people import make_person
from tests.portal.publishing.test_publishing import LATER as AT_LAST
from tests.racing import race

K = RelationKind
WHOLE = {"tel": "017-000-0000"}


class Town:
    """A town whose approver writes and publishes, beside the prefecture."""

    def __init__(self, session: Session) -> None:
        self.session = session
        town = make_agency(session, "m02201", name="青森市", level="municipality")
        prefecture = make_agency(session)
        self.people = {
            agency.id: make_person(session, Role.APPROVER, agency) for agency in (town, prefecture)
        }
        self.mine = make_draft(session, agency=town, title="市の上乗せ補助", **WHOLE)
        self.other = make_draft(session, agency=town, title="市の別の補助", **WHOLE)
        self.theirs = make_draft(session, agency=prefecture, title="県の改装補助", **WHOLE)

    def who(self, listing: Listing) -> User:
        return self.people[listing.agency_id]

    def say(self, listing: Listing, *said: tuple[RelationKind, Listing], **content: object) -> None:
        """Save a version that says so of others, and all else as before."""
        relations = tuple(RelationContent(kind, other.public_id) for kind, other in said)
        title = listing.versions[-1].title
        editing.save(
            self.session,
            listing,
            make_content(**(WHOLE | {"title": title, "relations": relations} | content)),
            by=self.who(listing),
            seen=listing.versions[-1].number,
            now=NOW,
        )

    def do(self, listing: Listing, act: object, *more: object) -> None:
        seen = listing.versions[-1].number
        act(self.session, listing, *more, by=self.who(listing), seen=seen, now=NOW)

    def publish(self, *listings: Listing) -> None:
        for listing in listings:
            self.do(listing, publication.publish)

    def shown(self, listing: Listing) -> list[tuple[RelationKind, str]]:
        self.session.expire_all()
        found = relation_queries.list_shown(self.session, public_version(listing))
        return [(row.kind, row.other.public_id) for row in found]


@pytest.fixture
def town(database: sessionmaker[Session]) -> object:
    with database() as session:
        yield Town(session)


@pytest.mark.parametrize("kind", list(K))
def test_both_sides_show_what_one_of_them_says(town: Town, kind: RelationKind) -> None:
    town.publish(town.theirs)
    town.say(town.mine, (kind, town.theirs))
    assert town.shown(town.theirs) == []
    town.publish(town.mine)
    assert town.shown(town.mine) == [(kind, town.theirs.public_id)]
    assert town.shown(town.theirs) == [(kind.inverse, town.mine.public_id)]


def test_inverse_of_an_inverse_is_the_same() -> None:
    assert all(kind.inverse.inverse is kind for kind in K)
    assert {kind.inverse for kind in LATER} == EARLIER


@pytest.mark.parametrize(("one", "other"), list(product(K, K)), ids=str)
def test_contradictions_are_the_same_from_both_sides(
    one: RelationKind, other: RelationKind
) -> None:
    assert one.contradicts(other) == other.contradicts(one)
    assert one.contradicts(other) == one.inverse.contradicts(other.inverse)
    assert not one.contradicts(one)


def test_what_is_not_public_is_kept_and_not_shown(town: Town) -> None:
    town.say(town.mine, (K.COMBINABLE, town.other))
    town.publish(town.mine)
    assert town.shown(town.mine) == []
    town.publish(town.other)
    assert town.shown(town.mine) == [(K.COMBINABLE, town.other.public_id)]
    town.do(town.other, publication.withdraw, "終了")
    assert town.shown(town.mine) == []
    assert relations_of(town.mine.versions[-1])[0].listing == town.other.public_id


def test_change_in_preparation_is_not_shown_on_the_other_side(town: Town) -> None:
    town.publish(town.theirs, town.mine)
    town.say(town.mine, (K.EXCLUSIVE, town.theirs))
    assert town.shown(town.theirs) == []
    town.do(town.mine, publication.drop_change)
    assert town.shown(town.theirs) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (K.COMBINABLE, K.EXCLUSIVE),
        (K.TOPS_UP, K.EXCLUSIVE),
        (K.TOPS_UP, K.TOPPED_UP_BY),
        (K.SUCCESSOR, K.LAST_YEAR),
        (K.COMBINABLE, K.COMBINABLE),
        (K.COMBINABLE, K.TOPS_UP),
        (K.SUCCESSOR, K.NEXT_YEAR),
    ],
    ids=str,
)
def test_draft_cannot_say_two_things_of_one_listing(
    town: Town, first: RelationKind, second: RelationKind
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        town.say(town.mine, (first, town.other), (second, town.other))
    assert [problem.field for problem in refused.value.problems] == ["relations-1-kind"]


def test_using_and_lineage_are_two_things(town: Town) -> None:
    town.say(town.mine, (K.EXCLUSIVE, town.other), (K.LAST_YEAR, town.other))
    town.publish(town.other, town.mine)
    assert town.shown(town.mine) == [
        (K.EXCLUSIVE, town.other.public_id),
        (K.LAST_YEAR, town.other.public_id),
    ]


def test_draft_is_held_to_what_others_have_published(town: Town) -> None:
    town.publish(town.mine)
    town.say(town.theirs, (K.EXCLUSIVE, town.mine))
    # Nobody at the town knows of that.
    town.say(town.mine, (K.TOPS_UP, town.theirs))
    town.say(town.mine)
    town.publish(town.theirs)
    with pytest.raises(InvalidInputError) as refused:
        town.say(town.mine, (K.TOPS_UP, town.theirs))
    (problem,) = refused.value.problems
    assert problem.field == "relations-0-kind"
    for part in ("県の改装補助", town.theirs.public_id, "一緒には使えない", "青森県に確かめて"):
        assert part in problem.message


def test_draft_is_held_to_the_newest_version_of_its_own_agency(town: Town) -> None:
    town.say(town.other, (K.EXCLUSIVE, town.mine))
    with pytest.raises(InvalidInputError, match="市の別の補助"):
        town.say(town.mine, (K.COMBINABLE, town.other))
    town.say(town.other, (K.COMBINABLE, town.mine))
    town.say(town.mine, (K.COMBINABLE, town.other))


def test_what_becomes_public_is_held_to_what_is_public(town: Town) -> None:
    town.publish(town.mine)
    town.say(town.other, (K.EXCLUSIVE, town.mine))
    town.publish(town.other)
    town.say(town.other)
    town.say(town.mine, (K.COMBINABLE, town.other))
    (problem,) = lacking(town.session, town.mine.versions[-1])
    assert "公開中の内容では「一緒には使えない」" in problem.message
    for act, more in ((publication.publish, ()), (publication.schedule, (AT_LAST,))):
        with pytest.raises(InvalidInputError):
            town.do(town.mine, act, *more)
    town.publish(town.other, town.mine)
    assert town.shown(town.mine) == [(K.COMBINABLE, town.other.public_id)]


def test_withdrawn_listing_is_not_shown_again_beside_what_contradicts_it(town: Town) -> None:
    town.publish(town.theirs)
    town.say(town.mine, (K.COMBINABLE, town.theirs))
    town.publish(town.mine)
    town.do(town.mine, publication.withdraw, "終了")
    town.say(town.theirs, (K.EXCLUSIVE, town.mine))
    town.publish(town.theirs)
    with pytest.raises(InvalidInputError, match="県の改装補助"):
        town.do(town.mine, publication.restore)


def test_relation_that_is_left_alone_keeps_nobody_from_saving(town: Town) -> None:
    town.publish(town.theirs)
    town.say(town.mine, (K.COMBINABLE, town.theirs))
    town.say(town.theirs, (K.EXCLUSIVE, town.mine))
    town.publish(town.theirs)
    town.say(town.mine, (K.COMBINABLE, town.theirs), summary="直した概要")
    with pytest.raises(InvalidInputError):
        town.publish(town.mine)


def test_two_that_come_due_at_one_moment_are_shown_with_care(
    town: Town, database: sessionmaker[Session]
) -> None:
    town.publish(town.mine, town.theirs)
    town.say(town.theirs, (K.EXCLUSIVE, town.mine), (K.LAST_YEAR, town.mine))
    town.say(town.mine, (K.TOPS_UP, town.theirs), (K.LAST_YEAR, town.theirs))
    for listing in (town.mine, town.theirs):
        town.do(listing, publication.schedule, AT_LAST)
    town.session.commit()
    head = Letterhead("見本", "http://localhost", "http://localhost/staff/listings/")
    assert due.do_due(database, letterhead=head, now=AT_LAST).published == 2
    assert town.shown(town.mine) == [(K.EXCLUSIVE, town.theirs.public_id)]
    assert town.shown(town.theirs) == [(K.EXCLUSIVE, town.mine.public_id)]


def test_of_all_that_is_said_of_a_pair_one_is_shown() -> None:
    assert settled([K.COMBINABLE, K.TOPS_UP]) == (K.TOPS_UP,)
    assert settled([K.NEXT_YEAR, K.COMBINABLE, K.SUCCESSOR]) == (K.COMBINABLE, K.SUCCESSOR)
    assert settled([]) == ()


def test_nothing_follows_itself_through_others(town: Town) -> None:
    town.publish(town.mine, town.theirs, town.other)
    town.say(town.mine, (K.SUCCESSOR, town.theirs))
    town.publish(town.mine)
    town.say(town.theirs, (K.NEXT_YEAR, town.other))
    town.publish(town.theirs)
    with pytest.raises(InvalidInputError, match="前にもあとにも|前にも"):
        town.say(town.mine, (K.SUCCESSOR, town.theirs), (K.PREDECESSOR, town.other))
    with pytest.raises(InvalidInputError):
        town.say(town.other, (K.SUCCESSOR, town.mine))
    town.say(town.other, (K.PREDECESSOR, town.theirs))


def test_new_listing_cannot_close_a_circle(town: Town) -> None:
    town.publish(town.theirs, town.other)
    town.say(town.theirs, (K.SUCCESSOR, town.other))
    town.publish(town.theirs)
    relations = (
        RelationContent(K.PREDECESSOR, town.other.public_id),
        RelationContent(K.SUCCESSOR, town.theirs.public_id),
    )
    with pytest.raises(InvalidInputError):
        editing.create(
            town.session,
            town.mine.agency,
            make_content(relations=relations),
            by=town.who(town.mine),
            now=NOW,
        )


def withdrawn(town: Town, listing: Listing) -> WithdrawnError:
    town.session.expire_all()
    with pytest.raises(WithdrawnError) as raised:
        queries.get_public(town.session, listing.public_id)
    return raised.value


def test_withdrawn_listing_names_the_one_that_took_its_place(town: Town) -> None:
    town.publish(town.theirs, town.mine)
    town.do(town.theirs, publication.withdraw, "終了")
    assert withdrawn(town, town.theirs).successor is None
    town.say(town.mine, (K.PREDECESSOR, town.theirs))
    assert withdrawn(town, town.theirs).successor is None
    town.publish(town.mine)
    assert withdrawn(town, town.theirs).successor == (town.mine.public_id, "市の上乗せ補助")
    # And through one that is gone as well.
    town.say(town.mine, (K.PREDECESSOR, town.theirs), (K.NEXT_YEAR, town.other))
    town.publish(town.mine)
    town.do(town.mine, publication.withdraw, "終了")
    assert withdrawn(town, town.theirs).successor is None
    town.publish(town.other)
    for gone in (town.theirs, town.mine):
        assert withdrawn(town, gone).successor == (town.other.public_id, "市の別の補助")


def test_relations_are_part_of_a_version(town: Town) -> None:
    town.publish(town.theirs)
    town.say(town.mine, (K.TOPS_UP, town.theirs))
    before = town.mine.versions[-1]
    town.say(town.mine, (K.COMBINABLE, town.theirs))
    assert [row.kind for row in relations_of(before)] == [K.TOPS_UP]
    assert [row.kind for row in relations_of(town.mine.versions[-1])] == [K.COMBINABLE]
    numbers = len(town.mine.versions)
    town.say(town.mine, (K.COMBINABLE, town.theirs))
    assert len(town.mine.versions) == numbers
    assert town.mine.state == ListingState.DRAFT


def test_of_two_that_contradict_each_other_one_is_published(
    town: Town, database: sessionmaker[Session]
) -> None:
    town.publish(town.mine, town.other)
    town.say(town.mine, (K.COMBINABLE, town.theirs))
    town.publish(town.theirs)
    town.say(town.theirs, (K.EXCLUSIVE, town.mine))
    town.say(town.mine, (K.COMBINABLE, town.theirs), summary="直した概要")
    town.session.commit()

    def publishing_of(listing: Listing) -> Callable[[], None]:
        listing_id, user_id = listing.id, town.who(listing).id

        def act() -> None:
            with write_transaction(database) as session:
                found = session.get_one(Listing, listing_id)
                by = session.get_one(User, user_id)
                seen = found.versions[-1].number
                publication.publish(session, found, by=by, seen=seen, now=NOW)

        return act

    acts = [publishing_of(town.mine), publishing_of(town.theirs)]
    outcomes = race(database, acts, until=change_log.await_turn)
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [InvalidInputError]


@pytest.mark.postgresql
def test_two_who_name_each_other_do_not_wait_for_each_other(
    make_postgresql_database: MakeDatabase,
) -> None:
    engine = make_engine(make_postgresql_database())
    sessions = make_session_factory(engine)
    with sessions() as one, sessions() as two:
        town = Town(one)
        one.commit()
        listings = {one: town.mine, two: two.get_one(Listing, town.other.id)}
        for session, listing in listings.items():
            queries.hold(session, listing)
        for session, listing in listings.items():
            other = town.other if session is one else town.mine
            relation = RelationContent(K.COMBINABLE, public_id_of(other.id))
            services.save_version(session, listing, make_content(relations=(relation,)), now=NOW)
        one.commit()
        two.commit()
        assert relation_queries.said_in_public(one, [town.mine.id]) == []
        assert [len(listing.versions) for listing in listings.values()] == [2, 2]
    engine.dispose()
