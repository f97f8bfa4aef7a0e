"""Reading attachments."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.db import LARGEST_NUMBER
from portal.errors import NotFoundError
from portal.listings import queries as listing_queries
from portal.listings.attachment_models import Attachment, AttachmentState, VersionAttachment
from portal.listings.models import Listing, ListingVersion, listing_id_of, public_version
from portal.publishing import transitions


def get_writable(session: Session, public_id: str, *, by: User) -> Listing:
    """A listing that somebody may write.

    :raises NotFoundError: there is none, or it is of another agency.
    """
    listing_id = listing_id_of(public_id)
    listing = session.get(Listing, listing_id) if listing_id is not None else None
    if listing is None or not transitions.may_write_for(by, listing.agency_id):
        raise NotFoundError(public_id)
    return listing


def of_version(version: ListingVersion) -> list[Attachment]:
    """The files that a version lists, in order."""
    return [row.attachment for row in version.attachment_rows]


def open_files(version: ListingVersion) -> list[Attachment]:
    """Those of them that people can open."""
    return [file for file in of_version(version) if is_open(file)]


def is_open(file: Attachment) -> bool:
    """Whether the bytes are there and nothing speaks against them."""
    return file.state == AttachmentState.CLEAN and file.removed_at is None


def get_public(session: Session, public_id: str, number: int, file_name: str) -> Attachment:
    """A file of what the public sees.

    :raises WithdrawnError: of a listing that was public once.
    :raises NotFoundError: there is no such file, or not in the public version.
    """
    version = public_version(listing_queries.get_public(session, public_id))
    return _find(open_files(version), number, file_name)


def get_of_listing(session: Session, listing: Listing, number: int, file_name: str) -> Attachment:
    """A file of any version of a listing, for those who write it.

    :raises NotFoundError: there is no such file, or nobody can open it.
    """
    given = (Attachment.listing_id == listing.id, Attachment.number == number)
    wanted = select(Attachment).where(*given)
    found = session.scalars(wanted).one_or_none() if number <= LARGEST_NUMBER else None
    return _find([found] if found and is_open(found) else [], number, file_name)


def _find(files: Sequence[Attachment], number: int, file_name: str) -> Attachment:
    for file in files:
        if (file.number, file.file_name) == (number, file_name):
            return file
    raise NotFoundError(f"no attachment {number} of this name")


def last_number(session: Session, listing: Listing) -> int:
    """The highest number that a file of a listing ever had; 0 for none."""
    of_it = Attachment.listing_id == listing.id
    return session.scalar(select(func.max(Attachment.number)).where(of_it)) or 0


def bytes_of_agency(session: Session, agency_id: int) -> int:
    """What the files of all listings of an agency take, those of older versions included."""
    statement = (
        select(func.coalesce(func.sum(Attachment.size), 0))
        .join(Listing, Listing.id == Attachment.listing_id)
        .where(Listing.agency_id == agency_id, Attachment.removed_at.is_(None))
    )
    return session.scalar(statement) or 0


def has_pending(session: Session, _now: datetime) -> bool:
    """Whether a file waits for the scanner."""
    return session.scalar(_pending().limit(1)) is not None


def list_pending(session: Session) -> list[Attachment]:
    """The files that wait for the scanner, those that wait longest first."""
    return list(session.scalars(_pending()))


def _pending() -> Select[Attachment]:
    waits = Attachment.state == AttachmentState.PENDING
    return select(Attachment).where(waits).order_by(Attachment.id)


def list_of_hash(session: Session, digest: str) -> list[Attachment]:
    """All rows that speak of the bytes of a hash while they are there."""
    statement = select(Attachment).where(
        Attachment.sha256 == digest, Attachment.removed_at.is_(None)
    )
    return list(session.scalars(statement.order_by(Attachment.id)))


def list_unlisted(session: Session) -> list[Attachment]:
    """Files that no version lists and whose bytes are still there."""
    is_listed = exists().where(VersionAttachment.attachment_id == Attachment.id)
    statement = select(Attachment).where(Attachment.removed_at.is_(None), ~is_listed)
    return list(session.scalars(statement.order_by(Attachment.id)))


def hashes_in_use(session: Session) -> set[str]:
    """Hashes of all bytes that a row speaks of."""
    return set(
        session.scalars(select(Attachment.sha256).where(Attachment.removed_at.is_(None)).distinct())
    )
