"""The one table from what went wrong to what the asker sees: a page, or a problem document."""

import logging
from collections.abc import Callable

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import (
    BadHost,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    SecurityError,
)

from portal.errors import NotAllowedError, NotFoundError, WithdrawnError

logger = logging.getLogger(__name__)

_STATUS_OF = {NotAllowedError: 403, NotFoundError: 404, WithdrawnError: 410}

_TITLES = {
    400: "送られた内容を読めませんでした",
    403: "このページは見られません",
    404: "ページが見つかりません",
    405: "この操作はできません",
    410: "この支援情報は掲載を終了しました",
    413: "送られた内容が大きすぎます",
    414: "アドレスが長すぎます",
    500: "うまく表示できませんでした",
    503: "ただいま混み合っています",
}


def init_app(app: Flask, *, form_to_send_again: Callable[[], object | None]) -> None:
    """Answer every error in the portal's own words.

    :param form_to_send_again: what was typed into the form of this request, for who could not be
        served; None if that is nothing.
    """
    for kind, status in _STATUS_OF.items():
        app.register_error_handler(kind, lambda error, status=status: answer(status, error))
    app.register_error_handler(SecurityError, _untrusted_host)
    app.register_error_handler(BadHost, _untrusted_host)
    app.register_error_handler(DataError, lambda error: answer(400, error))
    app.register_error_handler(HTTPException, _http_error)
    for kind in (DBAPIError, PoolTimeoutError):
        app.register_error_handler(kind, lambda error: _database_error(error, form_to_send_again()))


def answer(
    status: int, error: Exception | None = None, *, form: object | None = None
) -> tuple[Response | str, int]:
    """The error as JSON under ``/api/``, else as a page; with the form that was not taken."""
    title = _TITLES.get(status, _TITLES[400] if status < 500 else _TITLES[500])
    if request.path.startswith("/api/"):
        return problem(status, title)
    template = "errors/410.html" if status == 410 else "errors/error.html"
    page = render_template(template, status=status, title=title, error=error, form=form)
    return page, status


def problem(
    status: int, title: str, errors: list[dict[str, object]] | None = None
) -> tuple[Response, int]:
    """A problem document (RFC 9457); ``errors`` name the fields and say how to mend them."""
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status}
    if errors:
        body["detail"] = "パラメーターに使えない値があります。"
        body["errors"] = errors
    response = jsonify(body)
    response.mimetype = "application/problem+json"
    return response, status


def _http_error(
    error: HTTPException,
) -> HTTPException | Response | tuple[Response | str, int]:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, InternalServerError):
        # Flask has logged the cause with its traceback; nothing of it goes out.
        return answer(500)
    response = make_response(answer(error.code, error))
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.valid_methods or ())
    return response


def _untrusted_host(_error: SecurityError | BadHost) -> Response:
    # No page: its links would have to be built for a host that is not ours.
    return Response(f"{_TITLES[400]}。\n", status=400, mimetype="text/plain")


def _database_error(error: DBAPIError | PoolTimeoutError, form: object | None) -> Response:
    logger.error("database unavailable: %s", error)
    # The page that says so does not ask it what visitors are told, which would take as long again.
    g.site_notices = ()
    response = make_response(answer(503, form=form))
    response.headers["Retry-After"] = "10"
    return response
