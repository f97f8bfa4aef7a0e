"""Who asks: the session that a cookie names, looked up once for each request that needs it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app, g, request
from flask import session as form_session
from flask_login import LoginManager, current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from portal.accounts import browsers, session_services
from portal.accounts.actors import actor_of, target_of
from portal.accounts.devices import TRUSTED_FOR
from portal.accounts.models import User
from portal.accounts.origins import Source
from portal.accounts.permissions import Permission, Role, may
from portal.accounts.session_services import MEMBER_LIFE, is_for_work
from portal.accounts.sign_in import Need, SignedIn, SignIn
from portal.accounts.sign_in_models import UserSession
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.db import write_transaction
from portal.errors import PortalError
from portal.extensions import db_session, resources

logger = logging.getLogger(__name__)

SESSION_COOKIE = "session"
DEVICE_COOKIE = "device"
FORM_COOKIE = "form"
"""What Flask calls its session: here it holds what guards forms, messages for the next page, and
who was signed in last. Nobody is let in by it."""

_OWNER = "owner"
_SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """The user of this request as templates see it: ``current_user.name`` and so on."""

    name: str
    role: Role
    is_authenticated: bool = True

    @property
    def has_desk(self) -> bool:
        """Whether there are pages to look after the portal with."""
        return may(self.role, Permission.USE_DESK)

    @property
    def answers_messages(self) -> bool:
        """Whether they look after messages of visitors."""
        return may(self.role, Permission.ANSWER_MESSAGES)

    @property
    def writes_listings(self) -> bool:
        """Whether there are pages to write listings on."""
        return may(self.role, Permission.WRITE_LISTINGS)

    @property
    def publishes_listings(self) -> bool:
        """Whether there is a list of what waits to be approved."""
        return may(self.role, Permission.PUBLISH_LISTINGS)

    @property
    def reads_statistics(self) -> bool:
        """Whether there are pages of what was counted of listings."""
        return may(self.role, Permission.READ_STATISTICS)

    @property
    def manages_staff(self) -> bool:
        """Whether there are pages to look after other staff on."""
        return may(self.role, Permission.MANAGE_STAFF)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: at most one of ``session`` (signed in) and ``pending`` (second step missing).

    ``ended_user_id`` is whose session the cookie still named though it was over.
    """

    session: UserSession | None = None
    pending: UserSession | None = None
    ended_user_id: int | None = None


_NOBODY = Identity()
login_manager = LoginManager()


def init_app(app: Flask, *, is_https_only: bool) -> None:
    """Let templates know the user of the request, and Flask-Login ask us who it is."""
    app.config.update(
        SESSION_COOKIE_NAME=_full_name(FORM_COOKIE, is_https_only),
        SESSION_COOKIE_SECURE=is_https_only,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    # Not its init_app, which would look after a cookie of its own in the answer to every request.
    app.login_manager = login_manager  # type: ignore[attr-defined]
    app.context_processor(lambda: {"current_user": current_user})
    app.after_request(send_cookies)


def when_signed_in(app: Flask, act: Callable[[SignedIn], None]) -> None:
    """Have something done whenever a session is complete, by whichever way: in the request that
    signs in, which is a POST. Features that keep what is of a visitor take it over by this."""
    app.extensions.setdefault(_SIGNED_IN, []).append(act)


# The library must not take anybody's word from Flask's own session, which is only signed: it could
# not be ended from here.
login_manager.session_protection = None


@login_manager.request_loader  # type: ignore[untyped-decorator]
def _current_user(_request: object) -> CurrentUser | None:
    row = identity().session
    return CurrentUser(row.user.name, Role(row.user.role)) if row else None


def identity() -> Identity:
    """Who asks; looked up when first needed, and marked as seen."""
    if "identity" not in g:
        # A page that tells of a lost database is drawn as for nobody.
        g.identity = _NOBODY
        g.identity = _look_up()
    found: Identity = g.identity
    return found


def is_somebody() -> bool:
    """Whether this request was found to come from somebody who is signed in, or is about to be."""
    found: Identity = g.get("identity", _NOBODY)
    return found.session is not None or found.pending is not None


def signed_in_user() -> User:
    """The user of a page that asks for a permission.

    :raises PortalError: nobody is signed in, so the page did not ask.
    """
    return signed_in_session().user


def signed_in_session() -> UserSession:
    """The session of a page that asks for a permission.

    :raises PortalError: nobody is signed in, so the page did not ask.
    """
    row = identity().session
    if row is None:
        raise PortalError("nobody is signed in")
    return row


def sign_in() -> SignIn:
    """What opens sessions, as this portal is set up."""
    held = resources()
    return SignIn(
        held.sessions,
        held.passwords,
        held.secret_key,
        is_second_factor_required=held.settings.is_second_factor_required,
        refuses_demo=held.settings.is_production,
    )


def source() -> Source:
    """Where this request comes from."""
    return Source(
        address=request.remote_addr or "",
        device=cookie(DEVICE_COOKIE),
        browser=browsers.name_of(request.user_agent.string),
    )


def establish(signed_in: SignedIn) -> None:
    """From here on this request, and with its answer the browser, is in a session that began."""
    _end_before()
    _renew_forms()
    form_session[_OWNER] = signed_in.user_id
    g.begun = signed_in
    db_session().rollback()
    g.identity = _found(signed_in.token)
    if signed_in.need is Need.NOTHING:
        for act in current_app.extensions.get(_SIGNED_IN, ()):
            act(signed_in)


def leave() -> None:
    """From here on this request, and with its answer the browser, is nobody's."""
    _end_before()
    _renew_forms()
    g.identity = _NOBODY
    g.has_left = True


def _end_before() -> None:
    """End the session that the browser is about to lose, so that none is left lying about."""
    row = identity().session or identity().pending
    if row is None:
        return
    held = resources()
    with write_transaction(held.sessions) as session:
        is_ended = session_services.end(session, row.id, user_id=row.user_id)
        if is_ended and row.is_complete:
            who, now = row.user, held.clock.now()
            left = AuditAction.SIGN_OUT
            audit.record(session, left, actor=actor_of(who), target=target_of(who), now=now)


def _renew_forms() -> None:
    """What guarded forms, and who was known, before is no good for what begins now."""
    form_session.clear()
    g.pop("csrf_token", None)
    g.pop("button_token", None)
    g.pop("_login_user", None)


def send_cookies(response: Response) -> Response:
    """Tell the browser of a session that began or ended; a device, once known, stays known."""
    if g.get("has_left"):
        drop_cookie(response, SESSION_COOKIE)
    begun: SignedIn | None = g.get("begun")
    if begun is not None:
        # At work the cookie goes with the window, as computers of offices are shared.
        is_short = is_for_work(begun.role) or begun.need is not Need.NOTHING
        set_cookie(response, SESSION_COOKIE, begun.token, None if is_short else MEMBER_LIFE)
        if begun.need is Need.NOTHING:
            set_cookie(response, DEVICE_COOKIE, begun.device, TRUSTED_FOR)
    return response


def set_cookie(response: Response, name: str, value: str, life: timedelta | None) -> None:
    secure = resources().settings.is_production
    response.set_cookie(
        _full_name(name, secure),
        value,
        max_age=life,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: Response, name: str) -> None:
    """Take a cookie back from the browser."""
    secure = resources().settings.is_production
    full_name = _full_name(name, secure)
    response.delete_cookie(full_name, secure=secure, httponly=True, samesite="Lax")


def cookie(name: str) -> str | None:
    """What the browser sent as one of our cookies."""
    return request.cookies.get(_full_name(name, resources().settings.is_production))


def _look_up() -> Identity:
    token = cookie(SESSION_COOKIE)
    return _found(token) if token else _NOBODY


def _found(token: str) -> Identity:
    row = session_services.find(db_session(), token)
    if row is None:
        # Ended by somebody, from elsewhere: the other cookie of this browser still says whose it
        # was, so that what was typed is given back to nobody else.
        return Identity(ended_user_id=form_session.get(_OWNER))
    held = resources()
    now = held.clock.now()
    if session_services.is_over(row, now=now):
        # Deleted, so that a clock put back does not bring it to life again.
        with write_transaction(held.sessions) as session:
            session_services.end(session, row.id, user_id=row.user_id)
        return Identity(ended_user_id=row.user_id)
    if not row.is_complete:
        return Identity(pending=row)
    if session_services.needs_mark(row, now=now):
        _mark_seen(row)
    return Identity(session=row)


def _mark_seen(row: UserSession) -> None:
    held = resources()
    try:
        with write_transaction(held.sessions) as session:
            session_services.mark_seen(session, row.id, now=held.clock.now())
    except DBAPIError:
        # A page that only reads is shown while the database can only be read; the session then
        # ends a little early.
        logger.warning("could not mark session %s as seen", row.id, exc_info=True)


def _full_name(name: str, is_https_only: bool) -> str:
    """With the prefix by which browsers take the cookie from this host alone, over HTTPS."""
    return f"__Host-{name}" if is_https_only else name
