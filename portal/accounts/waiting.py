"""Answers that ask to come again later."""

from datetime import timedelta

from flask import make_response
from werkzeug.wrappers import Response

from portal.accounts.presenters import seconds

BUSY_WAIT = timedelta(seconds=2)
"""Until there is room for another password."""


def later(page: str, wait: timedelta, *, status: int = 429) -> Response:
    """A page that says so, and for programs how long to wait."""
    response = make_response(page, status)
    response.headers["Retry-After"] = str(seconds(wait))
    return response
