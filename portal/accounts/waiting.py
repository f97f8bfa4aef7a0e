"""Answers that ask to come again later."""

from collections.abc import Callable
from datetime import timedelta

from flask import make_response
from werkzeug.wrappers import Response

from portal.accounts.hashing import TooBusyError
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.presenters import BUSY_TEXT, seconds, wait_text

BUSY_WAIT = timedelta(seconds=2)
"""Until there is room for another password."""


def later(page: str, wait: timedelta, *, status: int = 429) -> Response:
    """A page that says so, and for programs how long to wait."""
    response = make_response(page, status)
    response.headers["Retry-After"] = str(seconds(wait))
    return response


def wait(page: Callable[[str], str], error: TooManyAttemptsError | TooBusyError) -> Response:
    """The page of a form again, with what was typed and how long its password has to wait."""
    if isinstance(error, TooBusyError):
        return later(page(BUSY_TEXT), BUSY_WAIT, status=503)
    return later(page(wait_text(error.wait)), error.wait)
