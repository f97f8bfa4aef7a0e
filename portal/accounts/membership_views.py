"""A member's other address, copy of what is known of them, and end of the account."""

import json
from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts import emails, membership, presenters, session_services, tokens
from portal.accounts.forms import ConfirmForm, EmailChangeForm
from portal.accounts.hashing import TooBusyError
from portal.accounts.joining import AddressTakenError
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.own_data import own_data
from portal.accounts.permissions import Permission, Role
from portal.accounts.sign_in import WrongPasswordError
from portal.accounts.sign_in_models import TokenPurpose
from portal.accounts.tokens import UnusableTokenError
from portal.accounts.waiting import later, wait
from portal.alerts import services as alerts
from portal.alerts.own_data import told_mails, told_searches
from portal.db import write_transaction
from portal.extensions import db_session, letterhead, resources
from portal.favorites import own_data as favorites_export
from portal.identity import leave, sign_in, signed_in_session, signed_in_user, source

blueprint = Blueprint("membership", __name__)
blueprint.after_request(access.keep_link_private)


@blueprint.get("/me/email")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def show_email() -> Response | str:
    """Where a member gives another address."""
    return _email_page(EmailChangeForm()) if _is_member() else _only_for_members()


@blueprint.post("/me/email")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
@form_keeping.keeps(EmailChangeForm)
def request_email() -> Response:
    """Send a mail to the new address; nothing changes before its link is used."""
    if not _is_member():
        return _only_for_members()
    form, held, user = EmailChangeForm(request.form), resources(), signed_in_user()
    email, now = form.email.data or "", held.clock.now()
    if not form.validate():
        return make_response(_email_page(form), 422)
    head = letterhead(url_for(".show_email"))
    try:
        sign_in().confirm_password(user, form.password.data or "", source(), now=now)
    except WrongPasswordError:
        form.password.errors = [presenters.WRONG_OWN_PASSWORD]
        return make_response(_email_page(form), 422)
    except (TooManyAttemptsError, TooBusyError) as error:
        return wait(partial(_email_page, form), error)
    try:
        asker = signed_in_session()
        membership.request_email_change(sign_in(), asker, email, source(), head, now=now)
    except TooManyAttemptsError as error:
        return later(_email_page(form, presenters.mail_wait_text(error.wait)), error.wait)
    response = make_response(render_template("accounts/email_sent.html", email=emails.tidy(email)))
    # Once the answer is out, so that sending a mail does not make it slower.
    response.call_on_close(held.mailer.deliver_soon)
    return response


@blueprint.get("/me/email/<token>")
def show_new_email(token: str) -> Response:
    """Where the link leads: the address is taken when its owner says so."""
    purpose, now = TokenPurpose.EMAIL_CHANGE, resources().clock.now()
    try:
        row = tokens.get_usable(db_session(), purpose, token, now=now)
    except UnusableTokenError:
        return _unusable()
    return make_response(render_template("accounts/email_confirmation.html", email=row.email))


@blueprint.post("/me/email/<token>")
def confirm_email(token: str) -> Response:
    """Take the new address."""
    held = resources()
    head = letterhead(url_for(".show_email"))
    try:
        with write_transaction(held.sessions) as session:
            user = membership.change_email(session, token, head, now=held.clock.now())
    except (UnusableTokenError, AddressTakenError):
        return _unusable()
    held.mailer.deliver_soon()
    flash(f"メールアドレスを {user.email} に変更しました。次から、このアドレスでログインします。")
    return redirect(url_for("sign_in.show"), 303)


@blueprint.post("/me/data")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def write_data() -> Response:
    """A copy of all that is known of oneself."""
    held, now = resources(), resources().clock.now()
    with write_transaction(held.sessions) as session:
        user = session_services.hold(session, signed_in_session().id, now=now).user
        more = {
            "favorites": favorites_export.own_favorites(session, user.id),
            "saved_searches": told_searches(session, user),
            "alerts": told_mails(session, user),
        }
        data = own_data(session, user, more=more, now=now)
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Disposition": 'attachment; filename="my-data.json"',
    }
    return make_response(text, headers)


@blueprint.get("/me/end")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def show_end() -> Response | str:
    """Where a member ends their account."""
    return _end_page(ConfirmForm()) if _is_member() else _only_for_members()


@blueprint.post("/me/end")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def end() -> Response:
    """Remove the account and all that is known of its owner."""
    if not _is_member():
        return _only_for_members()
    form, held, user = ConfirmForm(request.form), resources(), signed_in_user()
    now = held.clock.now()
    if not form.validate():
        return make_response(_end_page(form), 422)
    try:
        sign_in().confirm_password(user, form.password.data or "", source(), now=now)
    except WrongPasswordError:
        form.password.errors = [presenters.WRONG_OWN_PASSWORD]
        return make_response(_end_page(form), 422)
    except (TooManyAttemptsError, TooBusyError) as error:
        return wait(partial(_end_page, form), error)
    with write_transaction(held.sessions) as session:
        own = session_services.hold(session, signed_in_session().id, now=now).user
        alerts.forget(session, own)
        membership.end(session, own, secret_key=held.secret_key, now=now)
    leave()
    return make_response(render_template("accounts/ended.html"))


def _is_member() -> bool:
    return signed_in_user().role == Role.MEMBER


def _only_for_members() -> Response:
    flash(presenters.ADDRESS_OF_WORK)
    return redirect(url_for("me.show"), 303)


def _unusable() -> Response:
    return make_response(render_template("accounts/email_unusable.html"), 410)


def _email_page(form: EmailChangeForm, problem: str | None = None) -> str:
    old = signed_in_user().email
    return render_template("accounts/email.html", form=form, problem=problem, old=old)


def _end_page(form: ConfirmForm, problem: str | None = None) -> str:
    return render_template("accounts/end.html", form=form, problem=problem)
