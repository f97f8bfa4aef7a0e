"""Whether somebody may: the one check that every request passes before its view.

A view is in ``PUBLIC`` or declares with a decorator what it asks for; one that does neither is
refused to everybody.
"""

from collections.abc import Callable, Iterable
from functools import partial
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

from portal.accounts import kept_form
from portal.accounts.kept_form import KeptForm
from portal.accounts.local_paths import local_path, path_of
from portal.accounts.permissions import Permission, Role, may
from portal.extensions import base_url, resources
from portal.identity import identity, is_somebody, signed_in_user

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

View = TypeVar("View", bound=Callable[..., object])
Route = tuple[str, str, Callable[..., Response | str]]
"""Rule, method and view."""

_ASKS_FOR = "_asks_for"
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
    name: str,
    prefix: str,
    permission: Permission,
    routes: Iterable[Route],
    *,
    elsewhere: Callable[[str, Role], str | None] | None = None,
) -> Blueprint:
    """A blueprint all of whose views ask for one permission: views of which another desk has its
    own blueprint, with a permission of its own.

    :param elsewhere: where somebody of a role finds what a path shows, if not there.
    """
    blueprint = Blueprint(name, __name__, url_prefix=prefix)
    if elsewhere is not None:
        blueprint.before_request(partial(_lead, elsewhere))
    for rule, method, view in routes:
        # What is declared stays with this copy.
        guarded = permission_required(permission)(partial(view))
        blueprint.add_url_rule(rule, view.__name__, guarded, methods=[method])
    return blueprint


def _lead(elsewhere: Callable[[str, Role], str | None]) -> Response | None:
    """Lead a reader who passed ``check`` to another path; what a form does is done where it is."""
    if request.method not in _SAFE_METHODS:
        return None
    path = elsewhere(request.full_path.rstrip("?"), Role(signed_in_user().role))
    return redirect(path, 303) if path else None


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


def check() -> Response | None:
    """Answer in place of the view unless this request may reach it."""
    if request.endpoint is None:
        return None
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


def sealed_form() -> str | None:
    """A form that is kept through the steps of signing in, if there is one."""
    sealed: str | None = g.get("sealed_form") or request.form.get("kept")
    return sealed


def give_back(sealed: str | None) -> KeptForm | None:
    """A form kept by this portal for the user who is signed in by now."""
    row = identity().session
    held = resources()
    return kept_form.give_back(
        sealed or "",
        user_id=row.user_id if row else None,
        box=held.secret_key.box(kept_form.BOX),
        now=held.clock.now(),
    )


def _refusal(requirement: Permission | str | None) -> Response | None:
    asker = identity()
    if requirement == PASSWORD_GIVEN:
        if asker.session is not None:
            return redirect(url_for("me.show"), 303)
        return None if asker.pending is not None else _ask_to_sign_in()
    if asker.session is None:
        return _ask_to_sign_in()
    if isinstance(requirement, Permission) and may(Role(asker.session.user.role), requirement):
        return None
    raise Forbidden


def _ask_to_sign_in() -> Response:
    if request.method in _SAFE_METHODS:
        _tell_of_the_end()
        return redirect(
            url_for("sign_in.show", next=local_path(request.full_path.rstrip("?"))), 303
        )
    sealed = sealed_form() or (None if _is_foreign() else _keep())
    if sealed is None:
        _tell_of_the_end()
        return redirect(url_for("sign_in.show", next=_page_of_form()), 303)
    g.sealed_form = sealed
    return make_response(current_app.view_functions["sign_in.show"](), 401)


def _tell_of_the_end() -> None:
    """Who was signed in until now is told why they are asked again."""
    if identity().ended_user_id is not None:
        flash(ENDED)


def _answer_stale_form(_error: CSRFError) -> Response:
    """A form without its token: lost with the cookie, or another site's doing."""
    # Who signed in from another tab meanwhile sends a form to sign in with, and the kept one in it.
    sealed = None if _is_foreign() else sealed_form() or _keep()
    form = give_back(sealed) if sealed and identity().session else None
    page = render_template("accounts/stale_form.html", form=form, page=_page_of_form())
    return make_response(page, 400)


def _keep() -> str | None:
    if request.endpoint and requirement_of(current_app, request.endpoint) == PASSWORD_GIVEN:
        # Codes of the second factor. Other forms may have a code that was typed with care.
        return None
    asker = identity()
    held = resources()
    return kept_form.keep(
        request.path,
        request.form.items(multi=True),
        user_id=asker.session.user_id if asker.session else asker.ended_user_id,
        has_files=any(file.filename for file in request.files.values()),
        box=held.secret_key.box(kept_form.BOX),
        now=held.clock.now(),
    )


def _page_of_form() -> str | None:
    """The page of this portal that a form was on, as far as the browser tells."""
    return path_of(request.referrer, base_url())


def _is_foreign() -> bool:
    """Whether the browser says that another site sent this."""
    origin = request.headers.get("Origin")
    is_elsewhere = origin is not None and origin != base_url()
    return is_elsewhere or request.headers.get("Sec-Fetch-Site") in _FOREIGN_SITES
