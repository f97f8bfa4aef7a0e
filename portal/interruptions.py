"""What is answered where something came between: a session that ended, another tab, an old page."""

import logging
from urllib.parse import urlsplit

from flask import current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from portal import form_keeping
from portal.accounts import queries
from portal.accounts.local_paths import path_of
from portal.accounts.sign_in import Need
from portal.extensions import base_url, resources
from portal.form_keeping import GivenForm
from portal.identity import identity, is_somebody, leave, sign_in

logger = logging.getLogger(__name__)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
ENDED = (
    "時間がたったため、または別の場所での操作のため、ログアウトしました。"
    "もう一度ログインしてください。"
)
CHANGED = (
    "画面を開いてから状態が変わったため、まだ受け付けていません。"
    "お手数ですが、もう一度入れてください。"
)

ENROLLED = (
    "2段階認証の設定は、もうできています。"
    "回復コードを控えていないときは、新しく作り直してください。"
)

_SIGN_OUT = "sign_in.sign_out"
_FOREIGN_SITES = {"cross-site", "same-site"}


def go_on_signed_in(target: str) -> Response:
    """For the second step of somebody who finished it in another tab meanwhile."""
    form = None if is_foreign() else form_keeping.give_back(form_keeping.sealed_form())
    if form is not None:
        return make_response(render_template("accounts/kept_form.html", form=form))
    return redirect(target, 303)


def ask_to_sign_in(asked_page: str | None) -> Response:
    """The page of signing in, with the form that was sent if it is one that is kept."""
    sealed = None if request.method in SAFE_METHODS else _sealed()
    if sealed is None:
        if identity().ended_user_id is not None:
            flash(ENDED)
        return redirect(url_for("sign_in.show", next=asked_page), 303)
    g.sealed_form = sealed
    return make_response(current_app.view_functions["sign_in.show"](), 401)


def answer_stale_form(_error: CSRFError) -> Response:
    """A form without its token: lost with the cookie, or another site's doing."""
    asker = identity()
    if request.endpoint == _SIGN_OUT and (not is_somebody() or _is_own()):
        # Signed in or out in another tab meanwhile. Who leaves a shared computer must be out.
        return make_response(current_app.view_functions[_SIGN_OUT]())
    sealed = _sealed()
    if sealed and asker.session is None and not _is_for_everybody():
        # Between the steps of signing in, of which another tab made or undid one meanwhile.
        g.sealed_form = sealed
        flash(CHANGED)
        return make_response(current_app.view_functions[_present_step()](), 400)
    form = form_keeping.give_back(sealed)
    page = render_template("accounts/stale_form.html", form=form, page=page_of_form())
    return make_response(page, 400)


def form_to_send_again() -> GivenForm | None:
    """What was typed into the form of this request, which the database did not take; None if that
    is nothing that is kept."""
    if request.method in SAFE_METHODS or is_foreign():
        return None
    try:
        return form_keeping.give_back(form_keeping.seal_form())
    except (DBAPIError, PoolTimeoutError):
        # It does not even say what the codes in the form are called.
        logger.warning("a form went with the database", exc_info=True)
        return None


def is_enrolled(user_id: int) -> bool:
    """Whether a user has a second factor by now, whatever this request read before."""
    with resources().sessions() as session:
        return queries.has_second_factor(session, user_id)


def tell_of_enrolment(asked_page: str | None) -> Response:
    """For a second click on what set the second factor up. The answer to the first held the
    recovery codes and the cookie; browsers drop it, so neither may be missed for good."""
    flash(ENROLLED)
    if form_keeping.sealed_form() is None or is_foreign():
        return redirect(url_for("recovery.show_renewal"), 303)
    if identity().session:
        return go_on_signed_in(asked_page or url_for("me.show"))
    return ask_to_sign_in(asked_page)


def answer_ended(asked_page: str | None) -> Response:
    """For what was not done, because the session was ended while it was confirmed."""
    leave()
    flash(ENDED)
    return redirect(url_for("sign_in.show", next=asked_page), 303)


def page_of_form() -> str | None:
    """The page of this portal that a form was on, as far as the browser tells, and if it can be
    opened: an answer to a form may be at an address that forms alone are sent to."""
    path = path_of(request.referrer, base_url())
    return path if path and _is_page(path) else None


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(urlsplit(path).path, method="GET"))
    except RequestRedirect:
        return True
    except HTTPException:
        return False


def is_foreign() -> bool:
    """Whether the browser says that another site sent this."""
    origin = request.headers.get("Origin")
    is_elsewhere = origin is not None and origin != base_url()
    return is_elsewhere or request.headers.get("Sec-Fetch-Site") in _FOREIGN_SITES


def _sealed() -> str | None:
    """A form to be kept: one that came along already, or the one that was sent."""
    return None if is_foreign() else form_keeping.sealed_form() or form_keeping.seal_form()


def _is_for_everybody() -> bool:
    declared = form_keeping.kept_as(current_app, request.endpoint) if request.endpoint else None
    return declared is not None and declared.is_public


def _present_step() -> str:
    """The endpoint of the step of signing in that this browser is at."""
    pending = identity().pending
    if pending is None:
        return "sign_in.show"
    is_new = sign_in().need_of(pending.user) is Need.ENROLMENT
    return "second_factor.show_first" if is_new else "sign_in.show_code"


def _is_own() -> bool:
    """Whether the browser says that a page of this portal sent this."""
    return request.headers.get("Origin") == base_url() and not is_foreign()
