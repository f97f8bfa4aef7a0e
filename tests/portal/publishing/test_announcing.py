"""Who gets a mail when a listing moves, and that nobody's address is in the way."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.letters import Letterhead
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.listings.models import Listing
from portal.mail.models import OutgoingMail
from portal.publishing import announcing, publication
from portal.publishing.acts import Act
from tests.conftest import NOW
from tests.factories import make_agency, make_draft
from tests.portal.publishing.desk_people import make_person

BASE = "https://portal.example.jp"
HEAD = Letterhead("あおビズサーチ", BASE, f"{BASE}/staff/listings/")
MAILBOX = "shoko@city.example.jp"


class Office:
    """A listing that a clerk wrote, and those around it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.agency = make_agency(session, "m02201", name="青森市", section_mailbox=MAILBOX)
        self.clerk = make_person(session, Role.STAFF, self.agency)
        self.listing = make_draft(session, agency=self.agency, tel="017-000-0000", title="<補助>")
        self.listing.versions[-1].author_id = self.clerk.id

    def add(self, role: Role) -> User:
        return make_person(self.session, role, self.agency)

    def do(self, kind: Act, act: Any, *more: Any, by: User) -> None:
        act(self.session, self.listing, *more, by=by, seen=1, now=NOW)
        announcing.announce(self.session, self.listing, kind, by=by, letterhead=HEAD, now=NOW)

    def submit(self) -> None:
        self.do(Act.SUBMIT, publication.submit, by=self.clerk)

    @property
    def mails(self) -> Sequence[OutgoingMail]:
        return self.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()

    @property
    def addressees(self) -> list[str]:
        return [mail.recipient for mail in self.mails]


@pytest.fixture
def office(database: sessionmaker[Session]):
    with database() as session:
        yield Office(session)


def listing_link(listing: Listing) -> str:
    return f"{BASE}/staff/listings/{listing.public_id}"


def test_what_is_submitted_is_told_to_approvers_and_the_section(office: Office) -> None:
    approvers = [office.add(Role.APPROVER) for _ in range(3)]
    office.add(Role.ADMIN)
    approvers[2].disabled_at = NOW
    office.submit()
    assert office.addressees == [approvers[0].email, approvers[1].email, MAILBOX]
    mail = office.mails[0]
    assert mail.subject == "【あおビズサーチ】確認のお願い: <補助>"
    assert office.clerk.name in mail.text
    # Straight to where it is looked at and decided.
    assert f"\n{listing_link(office.listing)}/review\n" in mail.text
    assert f'href="{listing_link(office.listing)}/review"' in mail.html
    assert "&lt;補助&gt;" in mail.html


def test_prefecture_is_told_where_the_agency_has_no_approver(office: Office) -> None:
    admin = office.add(Role.ADMIN)
    office.agency.section_mailbox = admin.email.upper()
    office.submit()
    assert [address.casefold() for address in office.addressees] == [admin.email]


def test_approver_who_submits_is_not_told_by_themselves(office: Office) -> None:
    one, other = office.add(Role.APPROVER), office.add(Role.APPROVER)
    office.do(Act.SUBMIT, publication.submit, by=one)
    assert office.addressees == [other.email, MAILBOX]


def test_author_is_told_why_it_was_returned(office: Office) -> None:
    approver = office.add(Role.APPROVER)
    office.submit()
    comment = "締切を書いてください。\n<b>早めに</b>"
    office.do(Act.RETURN, publication.send_back, comment, by=approver)
    mail = office.mails[-1]
    assert mail.recipient == office.clerk.email
    assert comment in mail.text
    assert "<b>早めに" not in mail.html
    assert "差し戻しました" in mail.text
    assert f"\n{listing_link(office.listing)}\n" in mail.text


def test_author_is_told_that_it_is_published_or_when_it_will_be(office: Office) -> None:
    approver = office.add(Role.APPROVER)
    at = NOW.replace(month=12)
    office.do(Act.SCHEDULE, publication.schedule, at, by=approver)
    assert "公開する日時: 12月20日（日）12:00" in office.mails[-1].text
    office.do(Act.PUBLISH, publication.publish, by=approver)
    assert office.addressees == [office.clerk.email] * 2
    assert "公開しました" in office.mails[-1].text


@pytest.mark.parametrize("gone", ["publishes it", "was stopped", "moved", "was deleted", "nobody"])
def test_nobody_is_told_who_need_not_be(office: Office, gone: str) -> None:
    by = office.add(Role.ADMIN)
    version = office.listing.versions[-1]
    match gone:
        case "publishes it":
            version.author_id = by.id
        case "was stopped":
            office.clerk.disabled_at = NOW
        case "moved":
            office.clerk.agency = make_agency(office.session, "m02202", name="弘前市")
        case "was deleted":
            version.author_id = 9999
        case "nobody":
            version.author_id = None
    office.session.flush()
    office.do(Act.PUBLISH, publication.publish, by=by)
    assert office.listing.state == "published"
    assert office.mails == []


def test_mailbox_that_is_no_address_keeps_nothing_back(office: Office) -> None:
    office.agency.section_mailbox = "not an address"
    office.submit()
    assert office.listing.state == "in_review"
    assert office.mails == []


def test_other_acts_are_told_to_nobody(office: Office) -> None:
    office.do(Act.ARCHIVE, publication.archive, by=office.add(Role.APPROVER))
    assert office.mails == []
