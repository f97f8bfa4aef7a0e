"""What members keep and what is taken over from a browser: once, however many are at it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.db import write_transaction
from portal.errors import InvalidInputError, NotFoundError
from portal.favorites import changes, queries, services
from portal.favorites.changes import Change
from portal.favorites.kept import Kept
from portal.favorites.models import LONGEST_NOTE, MOST_OF_MEMBER, Favorite
from portal.listings import services as listing_services
from portal.listings.models import Listing
from portal.listings.vocabulary import Vocabulary
from tests.conftest import NOW
from tests.factories import make_agency, make_content, make_listing
from tests.portal.publishing.desk_people import make_person
from tests.racing import race

Sessions = sessionmaker[Session]
EARLIER, TODAY = NOW - timedelta(days=9), NOW.date()


def make_member(sessions: Sessions) -> int:
    with write_transaction(sessions) as session:
        return make_person(session, Role.MEMBER, make_agency(session)).id


def make_listings(sessions: Sessions, count: int) -> list[Kept]:
    """Published listings, as somebody keeps them who saves them now."""
    with sessions() as session:
        found = [make_listing(session, title=f"支援{number}") for number in range(count)]
        return [services.first_kept(listing, now=NOW) for listing in found]


def hold_the_member(session: Session) -> None:
    session.execute(select(User).with_for_update())


def publish_again(session: Session, listing: Listing, **content: object) -> None:
    """The public sees another version."""
    listing_services.save_version(session, listing, make_content(**content), now=NOW)
    listing_services.publish(session, listing, now=NOW)
    session.commit()


def test_what_two_browsers_kept_is_taken_over_once_however_often(database: Sessions) -> None:
    user_id = make_member(database)
    first, second, third, restored = make_listings(database, 4)
    early = Kept(second.listing_id, second.known_version_id, EARLIER)
    # A database that was put back lacks listings, and versions of others.
    gone = [Kept(999, 1, NOW), replace(first, known_version_id=999)]
    gone += [replace(restored, known_version_id=first.known_version_id)]

    def take(*kept: Kept) -> tuple[Kept, ...]:
        with write_transaction(database) as session:
            return services.take_over(session, user_id, kept)

    one, other = [first, second, *gone], [early, third]
    acts = [lambda: take(*one), lambda: take(*other), lambda: take(*one)]
    assert race(database, acts, until=hold_the_member) == [(), (), ()]
    with write_transaction(database) as session:
        services.write_note(session, user_id, early.listing_id, "商工会に聞く")
    assert take(*one, *other) == ()
    with database() as session:
        kept = queries.list_kept(session, user_id)
    noted = Kept(early.listing_id, early.known_version_id, EARLIER, "商工会に聞く")
    assert kept == (noted, first, third, restored)


def test_two_browsers_of_a_member_save_the_same_at_once(database: Sessions) -> None:
    user_id = make_member(database)
    (kept,) = make_listings(database, 1)

    def save() -> None:
        with write_transaction(database) as session:
            services.add_favorites(session, user_id, [kept, kept])

    assert race(database, [save, save], until=hold_the_member) == [None, None]
    with write_transaction(database) as session:
        assert queries.listing_ids_of(session, user_id) == {kept.listing_id}
        assert services.remove_favorite(session, user_id, kept.listing_id) == kept
        assert services.remove_favorite(session, user_id, kept.listing_id) is None
        assert not queries.listing_ids_of(session, user_id)


def test_what_an_account_has_no_room_for_is_given_back(
    database: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_OF_MEMBER", 2)
    assert MOST_OF_MEMBER >= 100
    user_id = make_member(database)
    first, second, third = make_listings(database, 3)
    with write_transaction(database) as session:
        assert services.add_favorites(session, user_id, [third]) == ()
        assert services.take_over(session, user_id, [second, first]) == (second,)
        assert services.add_favorites(session, user_id, [third, second, first]) == (second,)
        assert queries.listing_ids_of(session, user_id) == {first.listing_id, third.listing_id}


def test_note_is_tidied_bounded_and_goes_with_the_account(database: Sessions) -> None:
    user_id = make_member(database)
    first, second = make_listings(database, 2)
    with write_transaction(database) as session:
        services.add_favorites(session, user_id, [first])
        longest = "あ" * (LONGEST_NOTE - 2) + "\r\nい"
        services.write_note(session, user_id, first.listing_id, f" {longest} \r\n")
        (row,) = queries.list_kept(session, user_id)
        assert row.note == longest.replace("\r\n", "\n")
        with pytest.raises(InvalidInputError, match="2文字減らして"):
            services.write_note(session, user_id, first.listing_id, longest + "うえ")
        with pytest.raises(NotFoundError):
            services.write_note(session, user_id, second.listing_id, "x")
        session.delete(session.get_one(User, user_id))
        session.flush()
        assert session.scalars(select(Favorite)).all() == []
        with pytest.raises(NotFoundError):
            services.take_over(session, user_id, [first])


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """What is sent to the database from here on."""
    sent: list[str] = []
    engine = session.get_bind()

    def note(*told: object) -> None:
        sent.append(str(told[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_changes_are_told_in_words_and_white_space_is_none(
    session: Session, vocabulary: Vocabulary
) -> None:
    window = {"date_state": "window", "opens_on": date(2026, 9, 1), "body": "一つ目。\n二つ目。"}
    before = window | {"closes_on": date(2026, 9, 30), "documents": ("申請書", "決算書")}
    changed = make_listing(session, **before)
    known = changed.public_version_id or 0
    after = window | {"closes_on": date(2026, 10, 15), "body": "一つ目。  二つ目。\r\n"}
    publish_again(session, changed, **after, documents=("申請書 ", "見積書"))

    def told(known_version_id: int) -> tuple[Change, ...]:
        known = {changed.id: known_version_id}
        found = changes.changes_of(session, [changed], known, vocabulary=vocabulary, today=TODAY)
        return found[changed.id]

    assert told(known) == (
        Change("closes_on", "締切：9月30日（水） → 10月15日（木）"),
        Change("documents", "必要な書類：見積書を追加、決算書を外した"),
    )
    assert told(changed.public_version_id or 0) == told(999) == ()
    # What somebody is only writing is nobody's business yet.
    listing_services.save_version(session, changed, make_content(title="下書き"), now=NOW)
    assert [change.field for change in told(known)] == ["closes_on", "documents"]


def test_changed_back_is_unchanged_and_many_cost_no_more_than_one(
    session: Session, vocabulary: Vocabulary, statements: list[str]
) -> None:
    listings = [make_listing(session, title=f"支援{number}") for number in range(6)]
    kept = [services.first_kept(listing, now=NOW) for listing in listings]
    for listing in listings:
        publish_again(session, listing, title=f"新しい{listing.id}", summary="店の改装。")
    publish_again(session, listings[0], title="支援0")
    session.expunge_all()

    def told(asked: list[Kept]) -> list[list[str]]:
        rows = queries.with_listings(session, asked)
        found = changes.changes_of_kept(session, rows, vocabulary=vocabulary, today=TODAY)
        return [[change.words for change in found[one.listing_id]] for one in asked]

    del statements[:]
    one = told(kept[1:2])
    sent = len(statements)
    session.expunge_all()
    many = told(kept)
    assert len(statements) <= 2 * sent
    assert (many[0], many[1:2]) == ([], one)
    assert one == [["制度の名前：支援1 → 新しい2", "概要：文章を変更"]]
