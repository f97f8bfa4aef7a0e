"""Whether somebody may: the one check that every request passes before its view.

A view is in ``PUBLIC`` or declares with a decorator what it asks for; one that does neither is
refused to everybody.
"""

from collections.abc import Callable, Iterable
from functools import partial, update_wrapper
from typing import TypeVar

from flask import Blueprint, Flask, current_app, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from portal import interruptions
from portal.accounts.local_paths import local_path
from portal.accounts.permissions import Permission, Role, may
from portal.accounts.session_services import SessionGoneError
from portal.identity import identity, is_somebody, signed_in_user
from portal.interruptions import SAFE_METHODS

PUBLIC = frozenset(
    {
        "static",
        *("pages.home", "pages.about", "pages.help_", "pages.terms"),
        *("pages.help_staff", "pages.help_approvers"),
        *("pages.privacy", "pages.accessibility"),
        *("messages.contact", "messages.send", "messages.sent"),
        *("messages.show_report", "messages.report"),
        *("search.search", "listings.show", "listing_history.show", "listing_sharing.qr_code"),
        "listing_clicks.record",
        *("feeds.listing", "feeds.listings", "feeds.deadlines", "feeds.events"),
        *("crawlers.robots", "crawlers.sitemap_file", "crawlers.sitemap_part"),
        "crawlers.opensearch_description",
        *("eligibility.check", "consultation.show", "comparison.show"),
        *("favorites.show", "favorites.add", "favorites.remove", "favorites.confirm"),
        *("favorites.shared", "favorites.add_all", "favorites.qr_code"),
        *("favorite_files.csv", "favorite_files.calendar", "favorite_files.feed"),
        *("sheets.show", "sheets.pdf"),
        *("agencies.index", "agencies.show", "ranking.show"),
        "attachments.download",
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
        *("alerts.new", "alerts.request_mail", "alerts.show", "alerts.change"),
        *("alert_stops.show", "alert_stops.stop"),
    }
)
"""Endpoints for everybody. Their forms are guarded by the CSRF token alone."""

WITHOUT_TOKEN = frozenset({"alert_stops.stop"})
"""Forms that programs send, too, and from elsewhere: what mail programs post when their reader
unsubscribes (RFC 8058). The sealed address is the proof, and all that such a view does is stop."""

PASSWORD_GIVEN = "password_given"  # noqa: S105  (a name, no password)
"""What pages of the second step ask for: that the first was passed just now."""

View = TypeVar("View", bound=Callable[..., object])
Route = tuple[str, str, Callable[..., Response | str]]
"""Rule, method and view."""

_ASKS_FOR = "_asks_for"
_FIRST_ENROLMENT = "second_factor.enroll_first"
_MOST_BYTES = "_most_bytes"

csrf = CSRFProtect()


def permission_required(permission: Permission) -> Callable[[View], View]:
    """Let only those in who may do this; others sign in first, or are told that they may not."""
    return _declare(permission)


def password_given_required(view: View) -> View:
    """Let only those in who gave their password just now and still miss the second step."""
    return _declare(PASSWORD_GIVEN)(view)


def takes_up_to(most_bytes: int) -> Callable[[View], View]:
    """Let a form be larger than others, for a view that files are sent to."""

    def mark(view: View) -> View:
        setattr(view, _MOST_BYTES, most_bytes)
        return view

    return mark


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
        guarded = permission_required(permission)(update_wrapper(partial(view), view))
        blueprint.add_url_rule(rule, view.__name__, guarded, methods=[method])
    return blueprint


def _lead(elsewhere: Callable[[str, Role], str | None]) -> Response | None:
    """Lead a reader who passed ``check`` to another path; what a form does is done where it is."""
    if request.method not in SAFE_METHODS:
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
    app.add_template_global(button_token, "button_token")
    app.before_request(check)
    app.after_request(keep_private)
    app.register_error_handler(CSRFError, interruptions.answer_stale_form)
    app.register_error_handler(SessionGoneError, _answer_ended)


def check() -> Response | None:
    """Answer in place of the view unless this request may reach it."""
    if request.endpoint is None:
        return None
    if request.method not in SAFE_METHODS:
        most_bytes = getattr(current_app.view_functions[request.endpoint], _MOST_BYTES, None)
        if most_bytes is not None:
            request.max_content_length = most_bytes
        # Read to its end before it is asked who sends it: a form can take hours to arrive, and who
        # was stopped meanwhile is out.
        request.form.keys()
    if request.endpoint not in PUBLIC:
        refusal = _refusal(requirement_of(current_app, request.endpoint))
        if refusal is not None:
            return refusal
    if request.method not in SAFE_METHODS and request.endpoint not in WITHOUT_TOKEN:
        if interruptions.is_foreign():
            raise CSRFError("sent from another site")
        csrf.protect()
    return None


def button_token() -> str:
    """The token of a button on a page for everybody, such as the one of favourites on a card.

    Of a visitor such a page may be kept for the Back button, as it was before it had the button:
    somebody who compares what a search found goes back again and again. The page says nothing that
    the browser does not tell whoever sits at it anyway, and its token is good for as long as the
    cookie beside it, which goes only when somebody signs in or out. Pressed after that, the button
    is answered as any old form. A page that has another form besides comes anew each time.
    """
    if "button_token" not in g:
        before = g.get("csrf_token")
        g.button_token = generate_csrf()
        if before is None:
            g.pop("csrf_token", None)
    token: str = g.button_token
    return token


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


_FIRST_PAGES = {
    Role.ADMIN: "desk.show",
    Role.APPROVER: "staff_desk.show",
    Role.STAFF: "staff_desk.show",
}


def first_page(role: str) -> str:
    """Where somebody begins who signs in and asks for no page: at their work, owners at their own
    account."""
    return url_for(_FIRST_PAGES.get(Role(role), "me.show"))


def _refusal(requirement: Permission | str | None) -> Response | None:
    asker = identity()
    if requirement == PASSWORD_GIVEN:
        if asker.pending is not None:
            return None
        owner_id = asker.session.user_id if asker.session else asker.ended_user_id
        if _is_first_enrolment() and owner_id is not None and interruptions.is_enrolled(owner_id):
            return interruptions.tell_of_enrolment(_asked_page())
        if asker.session is not None:
            return interruptions.go_on_signed_in(local_target(first_page(asker.session.user.role)))
        return interruptions.ask_to_sign_in(_asked_page())
    if asker.session is None:
        return interruptions.ask_to_sign_in(_asked_page())
    if isinstance(requirement, Permission) and may(Role(asker.session.user.role), requirement):
        return None
    raise Forbidden


def _is_first_enrolment() -> bool:
    return request.endpoint == _FIRST_ENROLMENT and request.method not in SAFE_METHODS


def _asked_page() -> str | None:
    """The page to go on to after signing in; never a step of signing in itself."""
    endpoint = request.endpoint
    if endpoint and requirement_of(current_app, endpoint) == PASSWORD_GIVEN:
        return local_path(request.values.get("next"))
    if request.method not in SAFE_METHODS:
        return interruptions.page_of_form()
    return local_path(request.full_path.rstrip("?"))


def _answer_ended(_error: SessionGoneError) -> Response:
    return interruptions.answer_ended(_asked_page())
