"""Adding files to a listing and taking them off it again. Callers commit.

Both make a version, as every save does: what the public sees changes when that version is
published, and the history tells of it.
"""

import logging
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.actors import actor_of
from portal.accounts.models import User
from portal.agencies import services as agency_services
from portal.attachments import queries
from portal.attachments.inspection import Inspected, refused
from portal.attachments.sizes import MOST_FILES, size_text
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import PORTAL, Target
from portal.errors import NotAllowedError, NotFoundError
from portal.listings import queries as listing_queries
from portal.listings.attachment_models import LONGEST_FINDING, Attachment, AttachmentState
from portal.listings.content import AttachedFile
from portal.listings.models import Listing
from portal.listings.version_content import content_of
from portal.publishing import editing, transitions
from portal.publishing.acts import Act

logger = logging.getLogger(__name__)

SCAN_JOB = "attachment-scan"
"""The job that has files looked at, as events name it."""


def add(
    session: Session,
    listing: Listing,
    file: Inspected,
    digest: str,
    *,
    by: User,
    quota: int,
    is_to_be_scanned: bool,
    now: datetime,
) -> Attachment:
    """List a file whose bytes are kept under a hash; nobody opens it before it was scanned, where
    there is a scanner.

    :param quota: bytes that the files of an agency may take together.
    :raises InvalidInputError: it is one too many, there already, or more than the quota.
    :raises NotAllowedError: somebody else has to.
    :raises InvalidTransitionError: the listing is put away.
    """
    # Else two files for two listings would both find room for one.
    agency_services.hold(session, listing.agency)
    _lock(session, listing, by)
    _refuse_more(session, listing, file, digest, quota)
    attachment = Attachment(
        listing_id=listing.id,
        number=queries.last_number(session, listing) + 1,
        file_name=file.name,
        size=len(file.content),
        pages=file.pages,
        sha256=digest,
        state=AttachmentState.PENDING if is_to_be_scanned else AttachmentState.CLEAN,
        created_at=now,
        author_id=by.id,
    )
    session.add(attachment)
    session.flush()
    listed = (*_listed(listing), AttachedFile(attachment.number, attachment.file_name))
    _save(session, listing, listed, by=by, now=now)
    _record(session, AuditAction.ATTACHMENT_ADDED, listing, attachment, by=by, now=now)
    return attachment


def remove(
    session: Session, listing: Listing, number: int, *, by: User, now: datetime
) -> Attachment:
    """Take a file off the newest version. Older versions keep it, and so does the public one.

    :raises NotFoundError: the newest version does not list it.
    :raises NotAllowedError: somebody else has to.
    :raises InvalidTransitionError: the listing is put away.
    """
    _lock(session, listing, by)
    files = queries.of_version(listing.versions[-1])
    found = next((file for file in files if file.number == number), None)
    if found is None:
        raise NotFoundError(f"{listing.public_id} lists no attachment {number}")
    rest = tuple(file for file in _listed(listing) if file.number != number)
    _save(session, listing, rest, by=by, now=now)
    _record(session, AuditAction.ATTACHMENT_REMOVED, listing, found, by=by, now=now)
    return found


def conclude_scan(session: Session, digest: str, finding: str | None, *, now: datetime) -> None:
    """Open the files of a hash in which nothing was found, or refuse them all for ever. Their bytes
    are for the caller to throw away."""
    files = queries.list_of_hash(session, digest)
    if finding is None:
        for file in files:
            file.state = AttachmentState.CLEAN
        return
    for file in files:
        file.state = AttachmentState.REFUSED
        file.finding = finding[:LONGEST_FINDING]
        file.removed_at = now
    session.flush()
    for file in files:
        listing = session.get_one(Listing, file.listing_id)
        _record(session, AuditAction.ATTACHMENT_REFUSED, listing, file, by=None, now=now)


def _lock(session: Session, listing: Listing, by: User) -> None:
    if not transitions.may_act(by, listing, Act.SAVE):
        raise NotAllowedError(f"{by.role} may not write {listing.public_id}")
    listing_queries.hold(session, listing)


def _refuse_more(
    session: Session, listing: Listing, file: Inspected, digest: str, quota: int
) -> None:
    there = [
        listed for listed in queries.of_version(listing.versions[-1]) if listed.removed_at is None
    ]
    if len(there) >= MOST_FILES:
        raise refused(
            f"ファイルは{MOST_FILES}つまでです。使わないものを外してから、もう一度選んでください。"
        )
    for listed in there:
        if listed.sha256 == digest:
            raise refused(f"同じ中身のファイル「{listed.file_name}」が、もう付いています。")
    taken = queries.bytes_of_agency(session, listing.agency_id)
    if taken + len(file.content) > quota:
        raise refused(
            f"{listing.agency.name}のファイルが、合わせて{size_text(quota)}までの置き場に"
            "入りきりません。画像を小さくして保存し直すか、県の担当者にお知らせください。"
        )


def _listed(listing: Listing) -> tuple[AttachedFile, ...]:
    return content_of(listing.versions[-1]).attachments or ()


def _save(
    session: Session,
    listing: Listing,
    files: tuple[AttachedFile, ...],
    *,
    by: User,
    now: datetime,
) -> None:
    newest = listing.versions[-1]
    content = replace(content_of(newest), attachments=files)
    editing.save(session, listing, content, by=by, seen=newest.number, now=now)


def _record(
    session: Session,
    action: AuditAction,
    listing: Listing,
    file: Attachment,
    *,
    by: User | None,
    now: datetime,
) -> None:
    target = Target("listing", listing.public_id, listing.agency.code)
    detail: dict[str, str | int | bool | None] = {"file": file.file_name}
    if file.finding:
        detail["finding"] = file.finding
    if by is None:
        detail["job"] = SCAN_JOB
    actor = actor_of(by) if by else PORTAL
    audit.record(session, action, actor=actor, target=target, detail=detail, now=now)
    logger.info("listing %s: %s %d", listing.public_id, action.value, file.number)
