"""A file as an answer: to be kept by whoever asked, and never run as a part of the portal."""

import logging

from flask import send_file
from werkzeug.wrappers import Response

from portal.attachments.storage import AttachmentStore
from portal.errors import NotFoundError
from portal.listings.attachment_models import Attachment

logger = logging.getLogger(__name__)

_ISOLATED = "default-src 'none'; sandbox; frame-ancestors 'none'"


def file_answer(store: AttachmentStore, file: Attachment) -> Response:
    """The bytes of a file under its own name, or that whoever asked has them already.

    :raises NotFoundError: the bytes are gone, which is for the operator to look into.
    """
    path = store.find(file.sha256)
    if path is None:
        logger.error("attachment %d: no file of hash %s", file.id, file.sha256)
        raise NotFoundError(f"attachment {file.id} has no bytes")
    answer = send_file(
        path,
        mimetype="application/pdf",
        as_attachment=True,
        download_name=file.file_name,
        conditional=True,
        etag=file.sha256,
        last_modified=file.created_at,
    )
    answer.headers["Content-Security-Policy"] = _ISOLATED
    # It may be withdrawn at any time, so it is asked for each time, and answered in a line.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
