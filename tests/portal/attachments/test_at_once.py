"""Files that arrive at one moment share the room of their agency."""

from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.attachments import queries
from portal.attachments.inspection import Inspected
from portal.attachments.storage import AttachmentStore
from portal.db import write_transaction
from portal.errors import InvalidInputError
from tests.factories import make_agency, make_draft
from tests.portal.attachments.people import attach, file_of
from tests.portal.publishing.desk_people import make_person
from tests.racing import race

FILES = [file_of(f"{pages}枚.pdf", pages=pages) for pages in (1, 2, 3)]


def test_files_for_several_listings_find_room_one_after_the_other(
    database: sessionmaker[Session], tmp_path: Path
) -> None:
    store = AttachmentStore(tmp_path)
    with write_transaction(database) as session:
        agency = make_agency(session)
        clerk_id = make_person(session, Role.STAFF, agency).id
        public_ids = [make_draft(session, agency=agency).public_id for _ in FILES]
    # For any one of them, and for no two.
    quota = max(len(file.content) for file in FILES)

    def send(public_id: str, file: Inspected) -> str:
        with write_transaction(database) as session:
            by = session.get_one(User, clerk_id)
            listing = queries.get_writable(session, public_id, by=by)
            attach(session, store, listing, file, quota=quota, by=by)
            return "taken"

    sent = zip(public_ids, FILES, strict=True)
    outcomes = race(database, [partial(send, *one) for one in sent])
    told = [str(outcome) for outcome in outcomes if isinstance(outcome, InvalidInputError)]
    assert outcomes.count("taken") == 1
    assert ["入りきりません" in text for text in told] == [True, True]
    with database() as session:
        assert 0 < queries.bytes_of_agency(session, agency.id) <= quota
