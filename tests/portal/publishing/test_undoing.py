"""A publication is taken back, for a while, on both databases."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal import change_log
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.agencies.models import Agency
from portal.audit.models import AuditEvent
from portal.errors import InvalidInputError, InvalidTransitionError, NotAllowedError, NotFoundError
from portal.listings import queries
from portal.listings.models import ChangeState, Listing, ListingState
from portal.publishing import due, editing, publication, undoing
from portal.publishing.acts import Act
from portal.publishing.publication import END_TAKEN_AWAY
from portal.publishing.standing import standing_of
from tests.conftest import NOW
from tests.factories import make_agency, make_content, make_draft, make_listing
from tests.portal.publishing.desk_people import make_person

WHOLE = {"tel": "017-000-0000"}
LATER = NOW + timedelta(days=3)


class Office:
    """A clerk and an approver, and a listing that was submitted."""

    def __init__(self, session: Session, listing: Listing | None = None) -> None:
        self.session = session
        self.agency = make_agency(session, "m02201", name="青森市")
        self.clerk = make_person(session, Role.STAFF, self.agency)
        self.approver = make_person(session, Role.APPROVER, self.agency)
        self.listing = listing or make_draft(session, agency=self.agency, **WHOLE)

    def do(self, act, *more, by=None, now=NOW) -> None:
        seen = self.listing.versions[-1].number
        act(self.session, self.listing, *more, by=by or self.approver, seen=seen, now=now)

    def change(self, title: str) -> None:
        editing.save(
            self.session,
            self.listing,
            make_content(**WHOLE, title=title),
            by=self.clerk,
            seen=self.listing.versions[-1].number,
            now=NOW,
        )
        self.do(publication.submit, by=self.clerk)

    @property
    def place(self) -> tuple[str, str | None]:
        self.session.flush()
        return self.listing.state, self.listing.change_state

    def public_title(self) -> str:
        found = queries.get_public(self.session, self.listing.public_id).public_version
        assert found is not None
        return found.title


@pytest.fixture
def office(database: sessionmaker[Session]):
    with database() as session:
        yield Office(session)


def test_first_publication_taken_back_waits_again_and_was_never_public(office: Office) -> None:
    office.do(publication.submit, by=office.clerk)
    office.do(publication.publish)
    revision = office.listing.revision
    office.do(undoing.undo_publication, now=NOW + undoing.UNDO_WITHIN)
    assert office.place == (ListingState.IN_REVIEW, None)
    assert (office.listing.public_version_id, office.listing.published_at) == (None, None)
    assert office.listing.revision == revision + 1
    with pytest.raises(NotFoundError):
        office.public_title()
    assert change_log.listing_ids_after(office.session, 0) == {office.listing.id}
    events = office.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert events[-2:] == ["listing_published", "listing_unpublished"]


def test_change_taken_back_shows_the_version_before(office: Office) -> None:
    office.do(publication.publish)
    office.change("変わった題名")
    for _ in range(2):
        office.do(publication.publish)
        assert office.public_title() == "変わった題名"
        office.do(undoing.undo_publication)
        assert office.place == (ListingState.PUBLISHED, ChangeState.IN_REVIEW)
        assert office.public_title() == "店舗改装の補助金"


def test_change_of_an_imported_listing_taken_back_shows_what_was_imported(
    database: sessionmaker[Session],
) -> None:
    with database() as session:
        agency = make_agency(session, "m02201", name="青森市")
        office = Office(session, make_listing(session, agency=agency, **WHOLE))
        office.change("変わった題名")
        office.do(publication.publish)
        office.do(undoing.undo_publication)
        assert office.public_title() == "店舗改装の補助金"


def test_returned_listing_taken_back_still_says_what_to_mend(office: Office) -> None:
    office.do(publication.submit)
    office.do(publication.send_back, "締切を確かめてください。")
    office.do(publication.publish)
    office.do(undoing.undo_publication)
    assert office.place == (ListingState.DRAFT, None)
    assert office.listing.return_comment == "締切を確かめてください。"


def test_withdrawn_listing_is_withdrawn_again_for_the_same_reason(office: Office) -> None:
    office.do(publication.publish)
    office.do(publication.withdraw, "予算がなくなりました。")
    office.change("また始まる補助金")
    office.do(publication.publish)
    office.do(undoing.undo_publication)
    assert office.place == (ListingState.WITHDRAWN, ChangeState.IN_REVIEW)
    assert office.listing.withdraw_reason == "予算がなくなりました。"
    assert office.listing.withdrawn_at == NOW


def test_nothing_is_taken_back_later_nor_after_anything_else_was_done(office: Office) -> None:
    office.do(publication.submit, by=office.clerk)
    office.do(publication.publish)
    with pytest.raises(InvalidTransitionError):
        office.do(undoing.undo_publication, now=NOW + undoing.UNDO_WITHIN + timedelta(seconds=1))
    with pytest.raises(NotAllowedError):
        office.do(undoing.undo_publication, by=office.clerk)
    office.do(publication.set_end, LATER)
    with pytest.raises(InvalidTransitionError):
        office.do(undoing.undo_publication)
    assert office.place == (ListingState.PUBLISHED, None)


def test_only_what_somebody_published_just_now_is_offered_to_them(office: Office) -> None:
    office.do(publication.submit, by=office.clerk)
    office.do(publication.publish)

    def found(by: User, *, at: datetime = NOW, agency: Agency | None = None) -> list[Listing]:
        agency_id = (agency or office.agency).id
        rows = undoing.find_undoable(office.session, by, agency_id=agency_id, now=at)
        return [listing for listing, _ in rows]

    assert found(office.approver) == [office.listing]
    assert found(office.clerk) == []
    assert found(office.approver, agency=make_agency(office.session, "m02202")) == []
    assert found(office.approver, at=NOW + timedelta(minutes=11)) == []
    office.change("直している題名")
    assert found(office.approver) == []


def test_end_is_set_met_and_taken_away(office: Office) -> None:
    office.do(publication.publish)
    office.do(publication.set_end, LATER)
    assert due.has_due(office.session, LATER)
    office.do(publication.set_end, None)
    assert not due.has_due(office.session, LATER)
    for wrong in (NOW, NOW + timedelta(days=3_000)):
        with pytest.raises(InvalidInputError, match="5年以内"):
            office.do(publication.set_end, wrong)


def test_what_is_shown_again_after_its_end_stays(office: Office) -> None:
    office.do(publication.publish)
    office.do(publication.set_end, LATER)
    office.do(publication.withdraw, "予算に達しました。")
    office.do(publication.restore, now=LATER + timedelta(days=1))
    assert office.listing.unpublish_at is None
    assert undoing.list_acts(office.session, office.listing.id)[-1].comment == END_TAKEN_AWAY
    assert not publication.withdraw_due(office.session, office.listing, LATER + timedelta(days=2))


def test_draft_that_is_published_after_its_end_stays(office: Office) -> None:
    office.do(publication.set_end, LATER)
    office.do(publication.publish, now=LATER)
    assert not publication.withdraw_due(office.session, office.listing, LATER)
    assert office.place == (ListingState.PUBLISHED, None)


def test_listing_does_not_end_before_it_is_shown(office: Office) -> None:
    office.do(publication.schedule, LATER)
    with pytest.raises(InvalidInputError, match="公開する日時よりあと"):
        office.do(publication.set_end, LATER)
    office.do(publication.set_end, LATER + timedelta(days=1))
    with pytest.raises(InvalidInputError, match="掲載を終える日時より前"):
        office.do(publication.schedule, LATER + timedelta(days=1))


def test_listing_that_ends_comes_back_with_the_change_that_waits(office: Office) -> None:
    office.do(publication.publish)
    office.do(publication.set_end, LATER)
    office.change("来年度の補助金")
    next_year = LATER + timedelta(days=120)
    office.do(publication.schedule, next_year)
    # Nobody was there at the end: the job runs once, when both times are past.
    assert publication.publish_due(office.session, office.listing, next_year)
    assert not publication.withdraw_due(office.session, office.listing, next_year)
    assert office.public_title() == "来年度の補助金"


SAY = {Act.RETURN: ("締切を書いてください。",), Act.WITHDRAW: ("予算がなくなりました。",)}
DO = {
    Act.CONFIRM: publication.confirm,
    Act.RETURN: publication.send_back,
    Act.WITHDRAW: publication.withdraw,
    Act.ARCHIVE: publication.archive,
}


def begun(office: Office, act: Act) -> None:
    """Where the act begins, with as much to lose as there can be."""
    if act is Act.RETURN:
        office.do(publication.schedule, LATER)
        return
    office.do(publication.publish, now=NOW - timedelta(days=200))
    if act is Act.ARCHIVE:
        office.do(publication.withdraw, "予算がなくなりました。")
        office.change("新しい題名")
        office.do(publication.send_back, "締切を書いてください。")


@pytest.mark.parametrize("act", DO, ids=str)
def test_what_was_done_is_taken_back_to_the_letter(office: Office, act: Act) -> None:
    begun(office, act)
    office.session.flush()
    before = standing_of(office.listing), office.listing.public_version_id
    revision = office.listing.revision
    office.do(DO[act], *SAY.get(act, ()))
    assert standing_of(office.listing) != before[0]
    found = undoing.undoable_act(office.session, office.listing, now=NOW + undoing.UNDO_WITHIN)
    assert found is act
    office.do(undoing.undo, now=NOW + undoing.UNDO_WITHIN)
    office.session.expire_all()
    assert (standing_of(office.listing), office.listing.public_version_id) == before
    # The index has to hear of what the public saw and sees again.
    assert office.listing.revision == revision + (2 if act is Act.WITHDRAW else 0)
    last = office.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert last is not None
    assert (last.action, json.loads(last.detail)["undone"]) == ("listing_act_undone", act.value)
    assert undoing.undoable_act(office.session, office.listing, now=NOW) is None


@pytest.mark.parametrize("act", DO, ids=str)
def test_only_for_ten_minutes_and_while_nothing_was_written(office: Office, act: Act) -> None:
    begun(office, act)
    office.do(DO[act], *SAY.get(act, ()))
    with pytest.raises(InvalidTransitionError):
        office.do(undoing.undo, now=NOW + undoing.UNDO_WITHIN + timedelta(seconds=1))
    if act is not Act.ARCHIVE:
        editing.save(
            office.session,
            office.listing,
            make_content(**WHOLE, title="あとから"),
            by=office.clerk,
            seen=office.listing.versions[-1].number,
            now=NOW,
        )
    else:
        office.do(publication.unarchive)
    with pytest.raises(InvalidTransitionError):
        office.do(undoing.undo)


def test_who_may_not_do_it_may_not_take_it_back(office: Office) -> None:
    begun(office, Act.WITHDRAW)
    office.do(publication.withdraw, "予算がなくなりました。")
    with pytest.raises(NotAllowedError):
        office.do(undoing.undo, by=office.clerk)
    office.do(undoing.undo)
    office.do(publication.confirm, by=office.clerk)
    office.do(undoing.undo, by=office.clerk)


def test_what_the_clock_ended_is_not_offered_to_be_taken_back(office: Office) -> None:
    office.do(publication.publish)
    office.do(publication.set_end, LATER)
    assert publication.withdraw_due(office.session, office.listing, LATER)
    assert undoing.undoable_act(office.session, office.listing, now=LATER) is None
    with pytest.raises(InvalidTransitionError):
        office.do(undoing.undo, now=LATER)


def test_history_after_what_was_taken_back_goes_on_as_if_it_never_was(office: Office) -> None:
    office.do(publication.publish)
    for act in (Act.CONFIRM, Act.WITHDRAW):
        office.do(DO[act], *SAY.get(act, ()))
        office.do(undoing.undo)
    office.change("新しい題名")
    office.do(publication.send_back, "締切を書いてください。")
    office.do(undoing.undo)
    office.do(publication.publish)
    office.do(undoing.undo)
    # Neither withdrawn nor returned: what was submitted waits again.
    assert office.place == (ListingState.PUBLISHED, ChangeState.IN_REVIEW)


def test_publishing_vouches_and_taking_it_back_does_not(office: Office) -> None:
    office.listing.confirmed_on = NOW.date() - timedelta(days=300)
    office.session.flush()
    office.do(publication.publish)
    assert office.listing.confirmed_on == NOW.date()
    assert office.listing.is_confirmed_by_agency
    office.do(undoing.undo)
    assert office.listing.confirmed_on == NOW.date() - timedelta(days=300)
    assert not office.listing.is_confirmed_by_agency


def test_what_is_published_by_the_clock_is_confirmed_as_of_the_day_it_was_looked_at(
    office: Office,
) -> None:
    office.do(publication.schedule, LATER)
    assert publication.publish_due(office.session, office.listing, LATER)
    assert office.listing.confirmed_on == NOW.date()
    assert office.listing.is_confirmed_by_agency
