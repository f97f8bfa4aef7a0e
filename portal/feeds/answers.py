"""Answers to programs that fetch the same address again and again."""

import hashlib
from datetime import datetime

from flask import Response, request

CALENDAR = "text/calendar; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
XML = "application/xml; charset=utf-8"


def answer(
    body: bytes, content_type: str, *, changed_at: datetime, file_name: str | None = None
) -> Response:
    """The body, or nothing but 304 to who has it already.

    :param changed_at: an instant after which the body did not become another.
    :param file_name: ASCII; what it is called where it is kept as a file.
    """
    response = Response(body, content_type=content_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.last_modified = changed_at
    # Asked for each time, since a deadline may have changed; who has it already pays next to
    # nothing.
    response.headers["Cache-Control"] = "public, no-cache"
    if file_name:
        response.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    open_to_any_origin(response).make_conditional(request)
    return response


def open_to_any_origin(response: Response) -> Response:
    """Everything here is public and asks for no cookie, so any site may read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
