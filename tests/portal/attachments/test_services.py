"""Files of a listing go the way of its versions."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.permissions import Role
from portal.attachments import queries, services
from portal.attachments.storage import AttachmentStore
from portal.audit.models import AuditEvent
from portal.db import write_transaction
from portal.errors import (
    ChangedMeanwhileError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
    NotFoundError,
)
from portal.listings.attachment_models import Attachment, AttachmentState
from portal.listings.models import ChangeState, ListingState
from portal.listings.version_content import content_of
from portal.publishing import editing, publication
from tests.conftest import NOW
from tests.factories import make_agency, make_content, make_draft, make_listing
from tests.portal.attachments.people import attach, file_of, numbers_of
from tests.portal.publishing.desk_people import make_person


@pytest.fixture
def store(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore(tmp_path)


def test_added_file_is_in_a_new_version_and_told_in_the_record(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        added = attach(session, store, listing, file_of(pages=3))
        assert numbers_of(session, listing) == [[], [1]]
        assert (added.file_name, added.pages, added.state) == ("募集要項.pdf", 3, "clean")
        path = store.find(added.sha256)
        assert path is not None
        assert path.stat().st_size == added.size
        event = session.query(AuditEvent).one()
        assert (event.action, event.target_id) == ("attachment_added", listing.public_id)
        assert "募集要項.pdf" in event.detail


def test_file_of_a_change_is_not_public_before_the_change_is(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with database() as session:
        public_id = make_listing(session, tel="017-000-0000").public_id
    with write_transaction(database) as session:
        approver = make_person(session, Role.APPROVER, make_agency(session))
        listing = queries.get_writable(session, public_id, by=approver)
        attach(session, store, listing, file_of())
        assert listing.change_state == ChangeState.DRAFT
        with pytest.raises(NotFoundError):
            queries.get_public(session, public_id, 1, "募集要項.pdf")
        publication.publish(session, listing, by=approver, seen=2, now=NOW)
        assert queries.get_public(session, public_id, 1, "募集要項.pdf").number == 1
        with pytest.raises(NotFoundError):
            queries.get_public(session, public_id, 1, "別の名前.pdf")
        services.remove(session, listing, 1, by=approver, now=NOW)
        assert queries.get_public(session, public_id, 1, "募集要項.pdf").number == 1
        publication.publish(session, listing, by=approver, seen=3, now=NOW)
        with pytest.raises(NotFoundError):
            queries.get_public(session, public_id, 1, "募集要項.pdf")


def test_numbers_are_never_used_twice(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        attach(session, store, listing, file_of("一.pdf", pages=1))
        attach(session, store, listing, file_of("二.pdf", pages=2))
        approver = make_person(session, Role.APPROVER, listing.agency)
        services.remove(session, listing, 2, by=approver, now=NOW)
        attach(session, store, listing, file_of("三.pdf", pages=3))
        assert numbers_of(session, listing) == [[], [1], [1, 2], [1], [1, 3]]


def test_saved_texts_keep_the_files(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        attach(session, store, listing, file_of())
        clerk = make_person(session, Role.STAFF, listing.agency)
        editing.save(session, listing, make_content(title="新しい"), by=clerk, seen=2, now=NOW)
        assert numbers_of(session, listing) == [[], [1], [1]]
        assert (
            editing.save(session, listing, make_content(title="新しい"), by=clerk, seen=3, now=NOW)
            is None
        )


def test_file_added_while_somebody_writes_is_no_conflict(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        clerk = make_person(session, Role.STAFF, listing.agency)
        attach(session, store, listing, file_of())
        saved = editing.save(session, listing, make_content(title="い"), by=clerk, seen=1, now=NOW)
        assert saved is not None
        assert [file.number for file in queries.of_version(saved)] == [1]
        assert saved.title == "い"


@pytest.mark.parametrize("seen", [0, 1, 9])
def test_text_changed_beside_the_file_is_a_conflict(
    database: sessionmaker[Session], store: AttachmentStore, seen: int
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        clerk = make_person(session, Role.STAFF, listing.agency)
        editing.save(session, listing, make_content(title="あ"), by=clerk, seen=1, now=NOW)
        attach(session, store, listing, file_of())
        with pytest.raises(ChangedMeanwhileError):
            editing.save(session, listing, make_content(title="い"), by=clerk, seen=seen, now=NOW)


def test_whoever_names_files_has_to_have_seen_the_newest(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        clerk = make_person(session, Role.STAFF, listing.agency)
        older = replace(content_of(listing.versions[0]), title="い")
        attach(session, store, listing, file_of())
        with pytest.raises(ChangedMeanwhileError):
            editing.save(session, listing, older, by=clerk, seen=1, now=NOW)
        editing.save(session, listing, older, by=clerk, seen=2, now=NOW)
        assert numbers_of(session, listing) == [[], [1], []]


def test_copy_of_a_listing_has_none_of_its_files(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        attach(session, store, listing, file_of())
        clerk = make_person(session, Role.STAFF, listing.agency)
        copied = content_of(listing.versions[-1])
        other = editing.create(session, listing.agency, copied, by=clerk, now=NOW)
        assert numbers_of(session, other) == [[]]


def test_sixth_file_is_refused(database: sessionmaker[Session], store: AttachmentStore) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        for number in range(1, 6):
            attach(session, store, listing, file_of(f"{number}.pdf", pages=number))
        with pytest.raises(InvalidInputError, match="5つまで"):
            attach(session, store, listing, file_of("6.pdf", pages=6))
        assert len(listing.versions) == 6


def test_same_file_twice_is_refused(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        attach(session, store, listing, file_of("一.pdf"))
        with pytest.raises(InvalidInputError, match="「一.pdf」が、もう付いています"):
            attach(session, store, listing, file_of("二.pdf"))


def test_quota_counts_all_files_of_the_agency_and_of_no_other(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        first, second = make_draft(session), make_draft(session)
        elsewhere = make_draft(session, agency=make_agency(session, "cci", name="商工会議所"))
        quota = attach(session, store, first, file_of("一.pdf")).size + 1
        with pytest.raises(InvalidInputError, match="入りきりません"):
            attach(session, store, second, file_of("二.pdf"), quota=quota)
        attach(session, store, elsewhere, file_of("三.pdf"), quota=quota)
        assert queries.bytes_of_agency(session, first.agency_id) == quota - 1


@pytest.mark.parametrize("role", [Role.STAFF, Role.APPROVER])
def test_another_agency_neither_adds_nor_removes(
    database: sessionmaker[Session], store: AttachmentStore, role: Role
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        attach(session, store, listing, file_of())
        other = make_person(session, role, make_agency(session, "cci", name="商工会議所"))
        with pytest.raises(NotFoundError):
            queries.get_writable(session, listing.public_id, by=other)
        with pytest.raises(NotAllowedError):
            services.remove(session, listing, 1, by=other, now=NOW)
        assert numbers_of(session, listing) == [[], [1]]


def test_listing_that_is_put_away_takes_no_file(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        listing.state = ListingState.ARCHIVED
        with pytest.raises(InvalidTransitionError):
            attach(session, store, listing, file_of())


def test_file_that_waits_for_the_scanner_opens_for_all_when_it_is_clean(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        listing = make_draft(session)
        added = attach(session, store, listing, file_of(), is_to_be_scanned=True)
        assert (added.state, queries.is_open(added)) == (AttachmentState.PENDING, False)
        with pytest.raises(NotFoundError):
            queries.get_of_listing(session, listing, 1, "募集要項.pdf")
        services.conclude_scan(session, added.sha256, None, now=NOW)
        assert queries.get_of_listing(session, listing, 1, "募集要項.pdf") is added


def test_what_the_scanner_finds_is_refused_wherever_the_same_bytes_are(
    database: sessionmaker[Session], store: AttachmentStore
) -> None:
    with write_transaction(database) as session:
        first, second = make_draft(session), make_draft(session)
        earlier = attach(session, store, first, file_of())
        later = attach(session, store, second, file_of("別の名前.pdf"), is_to_be_scanned=True)
        other = attach(session, store, second, file_of("三.pdf", pages=3))
        services.conclude_scan(session, later.sha256, "Eicar-Signature", now=NOW)
        assert [file.state for file in (earlier, later, other)] == ["refused", "refused", "clean"]
        assert (later.finding, later.removed_at) == ("Eicar-Signature", NOW)
        told = session.query(AuditEvent).filter_by(action="attachment_refused").all()
        assert [event.target_id for event in told] == [first.public_id, second.public_id]
        assert queries.bytes_of_agency(session, first.agency_id) == other.size
        # It makes room for a good one.
        attach(session, store, second, file_of("四.pdf", pages=4))
        assert session.query(Attachment).count() == 4
