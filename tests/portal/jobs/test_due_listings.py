"""What the clock does to listings is told to whoever wrote them, once, whatever befalls the job."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.accounts.permissions import Role
from portal.agencies.models import Approval
from portal.audit.models import AuditEvent
from portal.clock import Clock
from portal.db import write_transaction
from portal.extensions import Resources
from portal.jobs.context import JobFailedError
from portal.jobs.registry import publish_listings
from portal.listings.models import Listing, ListingState, listing_id_of
from portal.mail.models import OutgoingMail
from portal.publishing import publication
from tests.conftest import NOW
from tests.factories import make_agency, make_draft
from tests.portal.publishing.desk_people import make_person

AT = NOW + timedelta(days=3)
TEL = {"tel": "017-000-0000"}


@pytest.fixture
def coming_and_going(held: Resources) -> tuple[str, str]:
    """A listing that is to become public, and one that is to end; their author set the time."""
    with write_transaction(held.sessions) as session:
        agency = make_agency(session)
        author = make_person(session, Role.APPROVER, agency)
        coming, going = (
            make_draft(session, agency=agency, title=title, **TEL) for title in ("始まる", "終わる")
        )
        for listing in (coming, going):
            listing.versions[-1].author_id = author.id
        publication.schedule(session, coming, AT, by=author, seen=1, now=NOW)
        publication.publish(session, going, by=author, seen=1, now=NOW)
        publication.set_end(session, going, AT, by=author, seen=1, now=NOW)
        return coming.public_id, going.public_id


def run(held: Resources) -> str:
    return publish_listings(replace(held.job_context(), clock=Clock(AT)))


def mails(held: Resources) -> list[OutgoingMail]:
    with held.sessions() as session:
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def states(held: Resources) -> list[str]:
    with held.sessions() as session:
        return list(session.scalars(select(Listing.state).order_by(Listing.id)))


def test_author_is_told_once_of_either_with_a_link(
    held: Resources, coming_and_going: tuple[str, str]
) -> None:
    assert run(held) == "公開1件、掲載終了1件"
    assert run(held) == "公開0件、掲載終了0件"
    published, ended = mails(held)
    assert published.subject == "【あおビズサーチ】予約した日時に公開されました: 始まる"
    assert ended.subject == "【あおビズサーチ】掲載が終わりました: 終わる"
    for mail, public_id in zip((published, ended), coming_and_going, strict=True):
        assert f"{held.settings.base_url}/staff/listings/{public_id}" in mail.text
        assert f"{held.settings.base_url}/staff/listings/{public_id}" in mail.html
    assert "予約した日時になったので、支援情報「始まる」を公開しました。" in published.text
    assert "支援情報「終わる」の掲載を終えました。" in ended.html
    assert "さんが" not in published.text


@pytest.mark.usefixtures("coming_and_going")
def test_record_names_the_job(held: Resources) -> None:
    run(held)
    with held.sessions() as session:
        newest = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(2)).all()
    assert [found.action for found in newest] == ["listing_withdrawn", "listing_published"]
    for found in newest:
        assert (found.actor_id, found.actor_role) == (None, "portal")
        assert json.loads(found.detail)["job"] == "listing-publish"


@pytest.mark.usefixtures("coming_and_going")
@pytest.mark.parametrize("dies_at", ["INSERT INTO outgoing_mail", "INSERT INTO audit_event"])
def test_job_that_dies_in_between_is_done_again_and_tells_once(
    held: Resources, dies_at: str
) -> None:
    die = _dying(dies_at)
    event.listen(held.engine, "before_cursor_execute", die)
    with pytest.raises(InterruptedError):
        run(held)
    event.remove(held.engine, "before_cursor_execute", die)
    assert states(held) == [ListingState.SCHEDULED, ListingState.PUBLISHED]
    assert mails(held) == []
    assert run(held) == "公開1件、掲載終了1件"
    assert len(mails(held)) == 2


def test_one_that_cannot_be_done_keeps_no_other_waiting(
    held: Resources, coming_and_going: tuple[str, str]
) -> None:
    first = listing_id_of(coming_and_going[0])

    def refuse(session: Session, *_more) -> None:
        if any(isinstance(row, Listing) and row.id == first for row in session.dirty):
            raise OperationalError("UPDATE listing", {}, Exception("lock timeout"))

    event.listen(Session, "before_flush", refuse)
    try:
        with pytest.raises(JobFailedError, match="公開0件、掲載終了1件。できなかったもの: 1件"):
            run(held)
    finally:
        event.remove(Session, "before_flush", refuse)
    assert states(held) == [ListingState.SCHEDULED, ListingState.WITHDRAWN]
    assert run(held) == "公開1件、掲載終了0件"


def test_what_came_to_need_an_approval_waits_for_it_when_its_time_comes(held: Resources) -> None:
    with write_transaction(held.sessions) as session:
        agency = make_agency(session, approval=Approval.NONE)
        clerk = make_person(session, Role.STAFF, agency)
        approver = make_person(session, Role.APPROVER, agency)
        by_clerk, by_approver = (
            make_draft(session, agency=agency, title=title, **TEL) for title in ("担当", "承認者")
        )
        publication.schedule(session, by_clerk, AT, by=clerk, seen=1, now=NOW)
        publication.schedule(session, by_approver, AT, by=approver, seen=1, now=NOW)
        agency.approval = Approval.REQUIRED
        address = approver.email
    assert run(held) == "公開1件、掲載終了0件、承認が必要になり確認を依頼1件"
    assert states(held) == [ListingState.IN_REVIEW, ListingState.PUBLISHED]
    assert run(held) == "公開0件、掲載終了0件"
    (asked,) = mails(held)
    assert (asked.recipient, asked.subject) == (address, "【あおビズサーチ】確認のお願い: 担当")
    assert "公開前の承認が必要になりました" in asked.text


def _dying(at: str) -> Callable[..., None]:
    def die(_connection, _cursor, statement: str, *_more) -> None:
        if statement.startswith(at):
            raise InterruptedError

    return die
