"""Setting the second factor up, changing and removing it."""

from functools import partial

import segno
from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import access, form_keeping, interruptions
from portal.accounts import presenters, second_factor, session_services
from portal.accounts.actors import actor_of
from portal.accounts.forms import EnrolmentForm, OwnEnrolmentForm
from portal.accounts.hashing import TooBusyError
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.models import User
from portal.accounts.permissions import Permission
from portal.accounts.second_factor import WrongCodeError
from portal.accounts.second_step import TOTP_BOX, pass_with_enrolment
from portal.accounts.secret_offers import open_offer, seal_offer
from portal.accounts.session_services import SessionGoneError
from portal.accounts.sign_in import Need, WrongPasswordError
from portal.accounts.sign_in_models import UserSession
from portal.accounts.waiting import wait
from portal.db import write_transaction
from portal.extensions import resources
from portal.identity import establish, identity, leave, sign_in, signed_in_session, source
from portal.secret_key import UnreadableSealError

blueprint = Blueprint("second_factor", __name__)

WRONG_CODE = (
    "確認コードが違います。アプリにいま出ている6桁の数字を入れてください。"
    "続けて違うときは、スマートフォンの時刻が自動設定になっているか確かめてください。"
)
SHOWN_ANEW = "時間がたったので、QRコードを新しくしました。もう一度読み取ってください。"


@blueprint.get("/login/second-factor")
@access.password_given_required
def show_first() -> Response | str:
    """Where those who must have a second factor set it up when they first sign in."""
    pending = identity().pending
    if pending is None or sign_in().need_of(pending.user) is not Need.ENROLMENT:
        return _to_the_code()
    return _enrolment_page(pending, EnrolmentForm())


@blueprint.post("/login/second-factor")
@access.password_given_required
def enroll_first() -> Response:
    """Take the app whose first code is right, and finish signing in."""
    pending = identity().pending
    if pending is None or sign_in().need_of(pending.user) is not Need.ENROLMENT:
        return _to_the_code()
    form = EnrolmentForm(request.form)
    now = resources().clock.now()
    try:
        if not form.validate():
            return make_response(_enrolment_page(pending, form), 422)
        secret = _offered(pending, form)
        signed_in, codes = pass_with_enrolment(
            sign_in(), pending, secret, form.code.data or "", source(), now=now
        )
    except WrongCodeError:
        form.code.errors = [WRONG_CODE]
        return make_response(_enrolment_page(pending, form), 422)
    except UnreadableSealError:
        return make_response(_enrolment_page(pending, form, SHOWN_ANEW), 422)
    except SessionGoneError:
        if interruptions.is_enrolled(pending.user_id):
            return interruptions.tell_of_enrolment(access.local_target(url_for("me.show")))
        leave()
        flash(interruptions.ENDED)
        return make_response(current_app.view_functions["sign_in.show"](), 422)
    target = access.local_target(access.first_page(signed_in.role))
    establish(signed_in)
    form_kept = form_keeping.give_back(form_keeping.sealed_form())
    return make_response(
        render_template("accounts/recovery_codes.html", codes=codes, target=target, form=form_kept)
    )


@blueprint.get("/me/second-factor")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def show() -> str:
    """Where one sets a second factor up, or moves it to another phone."""
    return _enrolment_page(signed_in_session(), OwnEnrolmentForm())


@blueprint.post("/me/second-factor")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def enroll() -> Response:
    """Take the app whose first code is right in place of the one before."""
    row, held = signed_in_session(), resources()
    form = OwnEnrolmentForm(request.form)
    now = held.clock.now()
    try:
        if not form.validate():
            return make_response(_enrolment_page(row, form), 422)
        secret = _offered(row, form)
        sign_in().confirm_password(row.user, form.password.data or "", source(), now=now)
        with write_transaction(held.sessions) as session:
            user = session_services.hold(session, row.id, now=now).user
            codes = second_factor.enroll(
                session,
                user,
                secret,
                form.code.data or "",
                box=held.secret_key.box(TOTP_BOX),
                actor=actor_of(user),
                now=now,
            )
            begun = sign_in().begin_anew(session, user, source(), now=now)
    except WrongPasswordError:
        form.password.errors = [presenters.WRONG_OWN_PASSWORD]
        return make_response(_enrolment_page(row, form), 422)
    except WrongCodeError:
        form.code.errors = [WRONG_CODE]
        return make_response(_enrolment_page(row, form), 422)
    except UnreadableSealError:
        flash(SHOWN_ANEW)
        return redirect(url_for("second_factor.show"), 303)
    except (TooManyAttemptsError, TooBusyError) as error:
        return wait(partial(_enrolment_page, row, form), error)
    establish(begun)
    return make_response(
        render_template("accounts/recovery_codes.html", codes=codes, target=url_for("me.show"))
    )


def _to_the_code() -> Response:
    target = access.local_target("") or None
    return redirect(url_for("sign_in.show_code", next=target), 303)


def _offered(row: UserSession, form: EnrolmentForm) -> str:
    held = resources()
    return open_offer(form.sealed.data or "", row, key=held.secret_key, now=held.clock.now())


def _enrolment_page(row: UserSession, form: EnrolmentForm, problem: str | None = None) -> str:
    """With a new secret, or the one that was offered before: an app may have read it already."""
    try:
        secret = _offered(row, form)
    except UnreadableSealError:
        secret = second_factor.new_secret()
    held = resources()
    sealed = seal_offer(secret, row, key=held.secret_key, now=held.clock.now())
    return render_template(
        "accounts/second_factor.html",
        form=form,
        problem=problem,
        sealed=sealed,
        qr=_qr(secret, row.user),
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        is_first=not row.is_complete,
        has_one=row.user.has_second_factor,
        target=access.local_target(""),
        kept=None if row.is_complete else form_keeping.sealed_form(),
    )


def _qr(secret: str, user: User) -> Markup:
    address = second_factor.address_of(
        secret, email=user.email, issuer=resources().shipped_vocabulary.portal_name
    )
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        scale=5, border=4, omitsize=True, svgclass="qr__drawing", lineclass=None, light="#fff"
    )
    return Markup(drawing)  # noqa: S704  (drawn here, from squares alone)
