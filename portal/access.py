"""Whether somebody may: the one check that every request passes before its view.

A view is in ``PUBLIC`` or declares with a decorator what it asks for; one that does neither is
refused to everybody.
"""

from collections.abc import Callable, Iterable
from functools import partial, update_wrapper
from typing import TypeVar

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from portal import form_keeping
from portal.accounts import queries
from portal.accounts.local_paths import local_path, path_of
from portal.accounts.permissions import Permission, Role, may
from portal.accounts.session_services import SessionGoneError
from portal.accounts.sign_in import Need
from portal.extensions import base_url, resources
from portal.identity import identity, is_somebody, leave, sign_in

PUBLIC = frozenset(
    {
        "static",
        *("pages.home", "pages.about", "pages.help_", "pages.contact", "pages.terms"),
        *("pages.privacy", "pages.accessibility", "pages.robots"),
        *("search.search", "listings.show", "agencies.index", "agencies.show"),
        *("api.search", "api.listing", "api.suggest", "api.vocabulary", "api.agencies"),
        *("api.openapi_document", "api.docs"),
        *("operations.healthz", "operations.readyz"),
        *("sign_in.show", "sign_in.submit", "sign_in.sign_out"),
        *("password_reset.show", "password_reset.request_link"),
        *("password_reset.show_form", "password_reset.choose"),
        *("joining.show_invitation", "joining.accept_invitation"),
        *("joining.show_sign_up", "joining.request_sign_up"),
        *("joining.show_confirmed", "joining.sign_up"),
        *("membership.show_new_email", "membership.confirm_email"),
    }
)
"""Endpoints for everybody. Their forms are guarded by the CSRF token alone."""

PASSWORD_GIVEN = "password_given"  # noqa: S105  (a name, no password)
"""What pages of the second step ask for: that the first was passed just now."""

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

View = TypeVar("View", bound=Callable[..., object])
Route = tuple[str, str, Callable[..., Response | str]]
"""Rule, method and view."""

_ASKS_FOR = "_asks_for"
_SIGN_OUT = "sign_in.sign_out"
_FIRST_ENROLMENT = "second_factor.enroll_first"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_FOREIGN_SITES = {"cross-site", "same-site"}

csrf = CSRFProtect()


def permission_required(permission: Permission) -> Callable[[View], View]:
    """Let only those in who may do this; others sign in first, or are told that they may not."""
    return _declare(permission)


def password_given_required(view: View) -> View:
    """Let only those in who gave their password just now and still miss the second step."""
    return _declare(PASSWORD_GIVEN)(view)


def guarded_blueprint(
    name: str, prefix: str, permission: Permission, routes: Iterable[Route]
) -> Blueprint:
    """A blueprint all of whose views ask for one permission: views of which another desk has its
    own blueprint, with a permission of its own."""
    blueprint = Blueprint(name, __name__, url_prefix=prefix)
    for rule, method, view in routes:
        # What is declared stays with this copy.
        guarded = permission_required(permission)(update_wrapper(partial(view), view))
        blueprint.add_url_rule(rule, view.__name__, guarded, methods=[method])
    return blueprint


def requirement_of(app: Flask, endpoint: str) -> Permission | str | None:
    """What a view declares; None if it declares nothing."""
    found: Permission | str | None = getattr(app.view_functions[endpoint], _ASKS_FOR, None)
    return found


def _declare(requirement: Permission | str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _ASKS_FOR, requirement)
        return view

    return mark


def init_app(app: Flask) -> None:
    """Check every request; keep pages of those who are signed in out of every cache."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        # A form stays good as long as its cookie: who writes for two hours must not lose it.
        WTF_CSRF_TIME_LIMIT=None,
        # Our own look at where a form comes from stands in for one that needs a Referer.
        WTF_CSRF_SSL_STRICT=False,
    )
    csrf.init_app(app)
    app.before_request(check)
    app.after_request(keep_private)
    app.register_error_handler(CSRFError, _answer_stale_form)
    app.register_error_handler(SessionGoneError, _answer_ended)


def check() -> Response | None:
    """Answer in place of the view unless this request may reach it."""
    if request.endpoint is None:
        return None
    if request.method not in _SAFE_METHODS:
        # Read to its end before it is asked who sends it: a form can take hours to arrive, and who
        # was stopped meanwhile is out.
        request.form.keys()
    if request.endpoint not in PUBLIC:
        refusal = _refusal(requirement_of(current_app, request.endpoint))
        if refusal is not None:
            return refusal
    if request.method not in _SAFE_METHODS:
        if _is_foreign():
            raise CSRFError("sent from another site")
        csrf.protect()
    return None


def keep_private(response: Response) -> Response:
    """Nothing made for somebody is kept, not even for the Back button of a shared computer; and a
    form comes anew each time, with a token that is good."""
    if is_somebody() or "csrf_token" in g:
        response.headers["Cache-Control"] = "no-store"
    return response


def keep_link_private(response: Response) -> Response:
    """For pages whose address lets in or changes an account: no cache and no other site may learn
    it."""
    response.headers["Cache-Control"] = "no-store"
    # Not "no-referrer", with which browsers do not tell our own forms from those of other sites.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def local_target(default: str) -> str:
    """Where the form or address says to go on to, if that is a page of this portal."""
    return local_path(request.values.get("next")) or default


def _refusal(requirement: Permission | str | None) -> Response | None:
    asker = identity()
    if requirement == PASSWORD_GIVEN:
        if asker.pending is not None:
            return None
        owner_id = asker.session.user_id if asker.session else asker.ended_user_id
        if _is_first_enrolment() and owner_id is not None and is_enrolled(owner_id):
            return tell_of_enrolment()
        return _go_on_signed_in() if asker.session else _ask_to_sign_in()
    if asker.session is None:
        return _ask_to_sign_in()
    if isinstance(requirement, Permission) and may(Role(asker.session.user.role), requirement):
        return None
    raise Forbidden


def is_enrolled(user_id: int) -> bool:
    """Whether a user has a second factor by now, whatever this request read before."""
    with resources().sessions() as session:
        return queries.has_second_factor(session, user_id)


def tell_of_enrolment() -> Response:
    """For a second click on what set the second factor up. The answer to the first held the
    recovery codes and the cookie; browsers drop it, so neither may be missed for good."""
    flash(ENROLLED)
    if form_keeping.sealed_form() is None or _is_foreign():
        return redirect(url_for("recovery.show_renewal"), 303)
    return _go_on_signed_in() if identity().session else _ask_to_sign_in()


def _is_first_enrolment() -> bool:
    return request.endpoint == _FIRST_ENROLMENT and request.method not in _SAFE_METHODS


def _go_on_signed_in() -> Response:
    """For the second step of somebody who finished it in another tab meanwhile."""
    form = None if _is_foreign() else form_keeping.give_back(form_keeping.sealed_form())
    if form is not None:
        return make_response(render_template("accounts/kept_form.html", form=form))
    return redirect(local_target(url_for("me.show")), 303)


def _ask_to_sign_in() -> Response:
    if request.method in _SAFE_METHODS:
        _tell_of_the_end()
        return redirect(url_for("sign_in.show", next=_asked_page()), 303)
    sealed = None if _is_foreign() else form_keeping.sealed_form() or form_keeping.seal_form()
    if sealed is None:
        _tell_of_the_end()
        return redirect(url_for("sign_in.show", next=_asked_page()), 303)
    g.sealed_form = sealed
    return make_response(current_app.view_functions["sign_in.show"](), 401)


def _tell_of_the_end() -> None:
    """Who was signed in until now is told why they are asked again."""
    if identity().ended_user_id is not None:
        flash(ENDED)


def _answer_stale_form(_error: CSRFError) -> Response:
    """A form without its token: lost with the cookie, or another site's doing."""
    asker = identity()
    if request.endpoint == _SIGN_OUT and (not is_somebody() or _is_own()):
        # Signed in or out in another tab meanwhile. Who leaves a shared computer must be out.
        return make_response(current_app.view_functions[_SIGN_OUT]())
    sealed = None if _is_foreign() else form_keeping.sealed_form() or form_keeping.seal_form()
    if sealed and asker.session is None:
        # Between the steps of signing in, of which another tab made or undid one meanwhile.
        g.sealed_form = sealed
        flash(CHANGED)
        return make_response(current_app.view_functions[_present_step()](), 400)
    form = form_keeping.give_back(sealed)
    page = render_template("accounts/stale_form.html", form=form, page=_page_of_form())
    return make_response(page, 400)


def _answer_ended(_error: SessionGoneError) -> Response:
    leave()
    flash(ENDED)
    return redirect(url_for("sign_in.show", next=_asked_page()), 303)


def _present_step() -> str:
    """The endpoint of the step of signing in that this browser is at."""
    pending = identity().pending
    if pending is None:
        return "sign_in.show"
    is_new = sign_in().need_of(pending.user) is Need.ENROLMENT
    return "second_factor.show_first" if is_new else "sign_in.show_code"


def _asked_page() -> str | None:
    """The page to go on to after signing in; never a step of signing in itself."""
    endpoint = request.endpoint
    if endpoint and requirement_of(current_app, endpoint) == PASSWORD_GIVEN:
        return local_path(request.values.get("next"))
    if request.method not in _SAFE_METHODS:
        return _page_of_form()
    return local_path(request.full_path.rstrip("?"))


def _page_of_form() -> str | None:
    """The page of this portal that a form was on, as far as the browser tells."""
    return path_of(request.referrer, base_url())


def _is_own() -> bool:
    """Whether the browser says that a page of this portal sent this."""
    return request.headers.get("Origin") == base_url() and not _is_foreign()


def _is_foreign() -> bool:
    """Whether the browser says that another site sent this."""
    origin = request.headers.get("Origin")
    is_elsewhere = origin is not None and origin != base_url()
    return is_elsewhere or request.headers.get("Sec-Fetch-Site") in _FOREIGN_SITES
