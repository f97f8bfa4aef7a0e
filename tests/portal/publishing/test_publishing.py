"""From the draft to the public and back, on both databases: what is shown, kept and recorded."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal import change_log
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.audit.models import AuditEvent
from portal.errors import (
    ChangedMeanwhileError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
    WithdrawnError,
)
from portal.listings import queries
from portal.listings.models import ChangeState, Listing, ListingState
from portal.publishing import editing, publication
from portal.publishing.act_models import ListingAct
from portal.publishing.acts import Act
from tests.conftest import NOW
from tests.factories import make_agency, make_content, make_draft
from tests.portal.publishing.desk_people import make_person

WHOLE = {"tel": "017-000-0000"}
LATER = NOW + timedelta(days=3)


class Desk:
    """A clerk and an approver of one agency, and a listing between them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        agency = make_agency(session, "m02201", name="青森市")
        self.clerk = make_person(session, Role.STAFF, agency)
        self.approver = make_person(session, Role.APPROVER, agency)
        self.listing = make_draft(session, agency=agency, **WHOLE)

    def save(self, by: User | None = None, **content: object) -> None:
        editing.save(
            self.session,
            self.listing,
            make_content(**(WHOLE | content)),
            by=by or self.clerk,
            seen=self.listing.versions[-1].number,
            now=NOW,
        )

    def do(self, act: Callable[..., None], *more: object, by: User | None = None) -> None:
        seen = self.listing.versions[-1].number
        act(self.session, self.listing, *more, by=by or self.approver, seen=seen, now=NOW)

    @property
    def place(self) -> tuple[str, str | None]:
        self.session.flush()
        return self.listing.state, self.listing.change_state

    def public_title(self) -> str:
        version = queries.get_public(self.session, self.listing.public_id).public_version
        assert version is not None
        return version.title


@pytest.fixture
def desk(database: sessionmaker[Session]):
    with database() as session:
        yield Desk(session)


def test_clerk_submits_approver_returns_clerk_mends_approver_publishes(desk: Desk) -> None:
    desk.do(publication.submit, by=desk.clerk)
    assert desk.place == (ListingState.IN_REVIEW, None)
    desk.do(publication.send_back, " 締切を書いてください。 ")
    assert desk.place == (ListingState.DRAFT, None)
    assert desk.listing.return_comment == "締切を書いてください。"
    desk.save(title="締切のある補助金")
    desk.do(publication.submit, by=desk.clerk)
    assert desk.listing.return_comment is None
    desk.do(publication.publish)
    assert desk.place == (ListingState.PUBLISHED, None)
    assert desk.public_title() == "締切のある補助金"
    assert change_log.listing_ids_after(desk.session, 0) == {desk.listing.id}


def test_history_and_record_tell_each_act_once(desk: Desk) -> None:
    desk.do(publication.submit, by=desk.clerk)
    desk.do(publication.send_back, "直してください。")
    desk.do(publication.submit, by=desk.clerk)
    desk.do(publication.publish)
    acts = desk.session.scalars(select(ListingAct).order_by(ListingAct.id)).all()
    assert [(row.act, row.actor_id, row.comment) for row in acts] == [
        (Act.SUBMIT, desk.clerk.id, ""),
        (Act.RETURN, desk.approver.id, "直してください。"),
        (Act.SUBMIT, desk.clerk.id, ""),
        (Act.PUBLISH, desk.approver.id, ""),
    ]
    events = desk.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [event.action for event in events] == [
        *("listing_submitted", "listing_returned", "listing_submitted", "listing_published"),
    ]
    assert {(event.target_id, event.agency_code) for event in events} == {
        (desk.listing.public_id, "m02201")
    }


def test_public_keeps_seeing_the_approved_version_while_a_change_is_prepared(desk: Desk) -> None:
    desk.do(publication.publish)
    desk.save(title="変わる題名")
    assert desk.place == (ListingState.PUBLISHED, ChangeState.DRAFT)
    desk.do(publication.submit, by=desk.clerk)
    assert desk.place == (ListingState.PUBLISHED, ChangeState.IN_REVIEW)
    assert desk.public_title() == "店舗改装の補助金"
    desk.do(publication.publish)
    assert desk.place == (ListingState.PUBLISHED, None)
    assert desk.public_title() == "変わる題名"


def test_change_that_is_given_up_stays_among_the_versions(desk: Desk) -> None:
    desk.do(publication.publish)
    desk.save(title="やめる題名")
    desk.do(publication.drop_change, by=desk.clerk)
    assert desk.place == (ListingState.PUBLISHED, None)
    assert desk.public_title() == "店舗改装の補助金"
    assert [version.title for version in desk.listing.versions][-1] == "やめる題名"


def test_scheduled_version_is_shown_at_its_time_and_not_before(desk: Desk) -> None:
    desk.do(publication.schedule, LATER)
    assert desk.place == (ListingState.SCHEDULED, None)
    publication.publish_due(desk.session, desk.listing, LATER - timedelta(seconds=1))
    assert desk.place == (ListingState.SCHEDULED, None)
    for _ in range(2):
        publication.publish_due(desk.session, desk.listing, LATER)
    assert desk.place == (ListingState.PUBLISHED, None)
    assert desk.listing.published_at == LATER
    acts = desk.session.scalars(select(ListingAct).where(ListingAct.act == Act.PUBLISH)).all()
    assert [row.actor_id for row in acts] == [None]


def test_listing_leaves_the_public_pages_at_its_end_and_not_before(desk: Desk) -> None:
    desk.do(publication.publish)
    desk.listing.unpublish_at = LATER
    desk.session.flush()
    publication.withdraw_due(desk.session, desk.listing, LATER - timedelta(seconds=1))
    assert desk.place == (ListingState.PUBLISHED, None)
    for _ in range(2):
        publication.withdraw_due(desk.session, desk.listing, LATER)
    assert desk.place == (ListingState.WITHDRAWN, None)
    assert desk.listing.withdraw_reason == publication.END_OF_TERM


def test_what_a_clerk_changes_is_published_by_nobody_unseen(desk: Desk) -> None:
    desk.do(publication.schedule, LATER)
    desk.save(title="こっそり変えた題名")
    assert (desk.place, desk.listing.publish_at) == ((ListingState.DRAFT, None), None)


def test_what_an_approver_changes_keeps_its_time(desk: Desk) -> None:
    desk.do(publication.schedule, LATER)
    desk.save(by=desk.approver, title="承認者が直した題名")
    assert (desk.place, desk.listing.publish_at) == ((ListingState.SCHEDULED, None), LATER)


def test_what_says_too_little_waits_for_no_time(desk: Desk) -> None:
    desk.do(publication.schedule, LATER)
    desk.save(by=desk.approver, kind=None, regions=())
    assert (desk.place, desk.listing.publish_at) == ((ListingState.DRAFT, None), None)
    assert not publication.publish_due(desk.session, desk.listing, LATER)


def test_change_that_says_too_little_waits_for_no_time(desk: Desk) -> None:
    desk.do(publication.publish)
    desk.save(title="来年度の補助金")
    desk.do(publication.schedule, LATER)
    desk.save(by=desk.approver, tel=None)
    assert desk.place == (ListingState.PUBLISHED, ChangeState.DRAFT)
    assert not publication.publish_due(desk.session, desk.listing, LATER)


def test_withdrawn_listing_is_gone_and_comes_back_as_it_was(desk: Desk) -> None:
    desk.do(publication.publish)
    desk.do(publication.withdraw, "予算がなくなりました。")
    with pytest.raises(WithdrawnError):
        desk.public_title()
    desk.do(publication.restore)
    assert desk.public_title() == "店舗改装の補助金"
    assert desk.listing.withdraw_reason is None


def test_archived_listing_comes_back_where_it_was(desk: Desk) -> None:
    desk.do(publication.archive, by=desk.clerk)
    desk.do(publication.unarchive, by=desk.clerk)
    assert desk.place == (ListingState.DRAFT, None)
    desk.do(publication.publish)
    desk.do(publication.withdraw, "終わりました。")
    desk.do(publication.archive, by=desk.clerk)
    desk.do(publication.unarchive, by=desk.clerk)
    assert desk.place == (ListingState.WITHDRAWN, None)


def test_clerk_may_not_publish(desk: Desk) -> None:
    desk.do(publication.submit, by=desk.clerk)
    with pytest.raises(NotAllowedError):
        desk.do(publication.publish, by=desk.clerk)


def test_incomplete_listing_tells_all_that_is_missing(desk: Desk) -> None:
    desk.save(tel=None, regions=(), purposes=(), summary=" ")
    with pytest.raises(InvalidInputError) as refused:
        desk.do(publication.submit, by=desk.clerk)
    assert [problem.field for problem in refused.value.problems] == [
        *("summary", "regions", "purposes", "tel"),
    ]


@pytest.mark.parametrize("act", [publication.publish, publication.submit])
def test_newer_version_is_not_published_by_who_saw_the_older(
    desk: Desk, act: Callable[..., None]
) -> None:
    desk.save(title="あとから直した題名")
    with pytest.raises(ChangedMeanwhileError):
        act(desk.session, desk.listing, by=desk.approver, seen=1, now=NOW)


def test_second_writer_does_not_overwrite_the_first(desk: Desk) -> None:
    desk.save(title="先に直した題名")
    with pytest.raises(ChangedMeanwhileError):
        editing.save(
            desk.session,
            desk.listing,
            make_content(**WHOLE, title="あとの題名"),
            by=desk.approver,
            seen=1,
            now=NOW,
        )
    assert desk.listing.versions[-1].title == "先に直した題名"


def test_saving_what_is_there_makes_no_version(desk: Desk) -> None:
    desk.do(publication.publish)
    desk.save()
    assert len(desk.listing.versions) == 1
    assert desk.place == (ListingState.PUBLISHED, None)


def test_version_knows_who_wrote_it(desk: Desk) -> None:
    desk.save(title="直した題名")
    assert [version.author_id for version in desk.listing.versions] == [None, desk.clerk.id]


@pytest.mark.parametrize("days", [0, -1, 367])
def test_time_of_publication_lies_in_the_year_to_come(desk: Desk, days: int) -> None:
    with pytest.raises(InvalidInputError):
        desk.do(publication.schedule, NOW + timedelta(days=days))


@pytest.mark.parametrize("text", ["", "  ", "あ" * 2_001])
def test_return_without_a_comment_is_refused(desk: Desk, text: str) -> None:
    desk.do(publication.submit, by=desk.clerk)
    with pytest.raises(InvalidInputError):
        desk.do(publication.send_back, text)


def test_act_that_does_not_begin_here_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidTransitionError):
        desk.do(publication.restore)


def test_other_agency_is_written_by_nobody_else(desk: Desk) -> None:
    other = make_agency(desk.session, "m02202", name="弘前市")
    stranger = make_person(desk.session, Role.APPROVER, other)
    with pytest.raises(NotAllowedError):
        desk.save(by=stranger, title="よその題名")
    with pytest.raises(NotAllowedError):
        editing.create(desk.session, other, make_content(), by=desk.clerk, now=NOW)


def test_new_listing_is_a_draft_of_its_writer_and_recorded(desk: Desk) -> None:
    made: Listing = editing.create(
        desk.session, desk.listing.agency, make_content(), by=desk.clerk, now=NOW
    )
    assert (made.state, made.versions[0].author_id) == (ListingState.DRAFT, desk.clerk.id)
    last = desk.session.scalar(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))
    assert last is not None
    assert (last.action, last.target_id) == ("listing_created", made.public_id)
