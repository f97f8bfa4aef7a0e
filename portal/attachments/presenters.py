"""Attachments as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.attachments import queries
from portal.attachments.sizes import size_text
from portal.formats import grouped, near_moment
from portal.listings.attachment_models import Attachment, AttachmentState


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file with what one wants to know before opening it.

    :ivar about: kind, size and pages, as in PDF・1.2MB・3ページ.
    :ivar code: ``open``, ``pending``, ``refused`` or ``removed``.
    """

    number: int
    name: str
    about: str
    given: str
    code: str
    finding: str | None


def rows(files: Iterable[Attachment], *, today: date) -> list[AttachmentRow]:
    """Files in the order given."""
    return [
        AttachmentRow(
            number=file.number,
            name=file.file_name,
            about=f"PDF・{size_text(file.size)}・{grouped(file.pages)}ページ",
            given=near_moment(file.created_at, today),
            code=_code(file),
            finding=file.finding,
        )
        for file in files
    ]


def _code(file: Attachment) -> str:
    if queries.is_open(file):
        return "open"
    if file.state == AttachmentState.REFUSED:
        return "refused"
    return "removed" if file.removed_at else "pending"
