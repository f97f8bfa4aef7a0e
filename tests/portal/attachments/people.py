"""Those who give files to listings, and the files they give."""

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.attachments import queries, services
from portal.attachments.inspection import Inspected
from portal.attachments.storage import AttachmentStore
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings.attachment_models import Attachment
from portal.listings.models import Listing
from tests.accounts import Visitor, signed_in
from tests.conftest import NOW
from tests.factories import make_agency, make_draft, make_listing
from tests.portal.attachments.pdfs import pdf
from tests.portal.publishing.desk_people import make_person

CLERK = "clerk@city.example.jp"
QUOTA = 10**9
_BOUNDARY = "end-of-part"


def file_of(name: str = "募集要項.pdf", *, pages: int = 1) -> Inspected:
    """A file that passed every check; each number of pages is another file."""
    return Inspected(name, pdf(pages=pages), pages)


def attach(
    session: Session,
    store: AttachmentStore,
    listing: Listing,
    file: Inspected,
    *,
    is_to_be_scanned: bool = False,
    quota: int = QUOTA,
    by: User | None = None,
) -> Attachment:
    """Give a file to a listing, as an approver of its agency who is made for it."""
    return services.add(
        session,
        listing,
        file,
        store.put(file.content),
        by=by or make_person(session, Role.APPROVER, listing.agency),
        quota=quota,
        is_to_be_scanned=is_to_be_scanned,
        now=NOW,
    )


def own_listing(held: Resources, *, is_public: bool = True, agency: str = "m02201") -> str:
    """A listing of a municipality; returns its public id."""
    with write_transaction(held.sessions) as session:
        place = {"name": f"機関 {agency}", "level": "municipality", "region_code": None}
        found = make_agency(session, agency, **place)
        if not is_public:
            return make_draft(session, agency=found).public_id
    with held.sessions() as session:
        return make_listing(session, agency=make_agency(session, agency)).public_id


def signed_in_clerk(app: Flask, agency: str = "m02201") -> Visitor:
    """Somebody who writes for a municipality."""
    return signed_in(app, f"{agency}-{CLERK}", role=Role.STAFF, agency=agency)


def page_of(public_id: str) -> str:
    """Where files are added and removed."""
    return f"/staff/listings/{public_id}/attachments"


def send_file(
    visitor: Visitor, public_id: str, content: bytes, name: str = "募集要項.pdf"
) -> TestResponse:
    """Choose a file and send it."""
    token = visitor.token(page_of(public_id))
    # Written by hand: of a large one, the library would leave a file open.
    parts = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n",
        f"\r\n--{_BOUNDARY}--\r\n",
    )
    return visitor.client.post(
        page_of(public_id),
        data=parts[0].encode() + content + parts[1].encode(),
        content_type=f"multipart/form-data; boundary={_BOUNDARY}",
        base_url=visitor.base_url,
    )


def numbers_of(session: Session, listing: Listing) -> list[list[int]]:
    """The files of each version, by their numbers."""
    session.refresh(listing)
    return [[file.number for file in queries.of_version(v)] for v in listing.versions]
