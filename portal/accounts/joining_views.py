"""Becoming a user: by an invitation, or by signing up as a member."""

from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access
from portal.accounts import joining, presenters, tokens
from portal.accounts.forms import EmailForm, JoiningForm
from portal.accounts.hashing import TooBusyError
from portal.accounts.invitations import PATH
from portal.accounts.joining import AddressTakenError
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.permissions import SECOND_FACTOR_ROLES, Role
from portal.accounts.sign_in import Need
from portal.accounts.sign_in_models import OneTimeToken, TokenPurpose
from portal.accounts.tokens import UnusableTokenError
from portal.accounts.waiting import later, wait
from portal.db import write_transaction
from portal.extensions import db_session, letterhead, resources
from portal.identity import establish, sign_in, source

blueprint = Blueprint("joining", __name__)
blueprint.after_request(access.keep_link_private)


@blueprint.get(f"{PATH}/<token>")
def show_invitation(token: str) -> Response:
    """Where the link of an invitation leads."""
    return _show(TokenPurpose.INVITATION, token)


@blueprint.post(f"{PATH}/<token>")
def accept_invitation(token: str) -> Response:
    """Take the name and the password, and go on to the second factor."""
    return _accept(TokenPurpose.INVITATION, token)


@blueprint.get("/signup")
def show_sign_up() -> str:
    """Where one becomes a member."""
    return _sign_up_page(EmailForm())


@blueprint.post("/signup")
def request_sign_up() -> Response:
    """Send a mail to the address; the answer is the same whether it has an account or not."""
    form = EmailForm(request.form)
    if not form.validate():
        return make_response(_sign_up_page(form), 422)
    held, email = resources(), form.email.data or ""
    head = letterhead(url_for("joining.show_sign_up"))
    try:
        joining.request_sign_up(sign_in(), email, source(), head, now=held.clock.now())
    except TooManyAttemptsError as error:
        return later(_sign_up_page(form, presenters.mail_wait_text(error.wait)), error.wait)
    response = make_response(render_template("accounts/sign_up_sent.html", email=email))
    # Once the answer is out, so that sending a mail does not make it slower.
    response.call_on_close(held.mailer.deliver_soon)
    return response


@blueprint.get("/signup/<token>")
def show_confirmed(token: str) -> Response:
    """Where the link of signing up leads."""
    return _show(TokenPurpose.SIGN_UP, token)


@blueprint.post("/signup/<token>")
def sign_up(token: str) -> Response:
    """Take the name and the password of a new member."""
    return _accept(TokenPurpose.SIGN_UP, token)


def _show(purpose: TokenPurpose, token: str) -> Response:
    now = resources().clock.now()
    try:
        row = joining.get_place(db_session(), purpose, token, now=now)
    except AddressTakenError:
        return _taken()
    except UnusableTokenError:
        return _unusable(purpose, token)
    return make_response(_page(row, JoiningForm(name=row.name or "")))


def _accept(purpose: TokenPurpose, token: str) -> Response:
    form, held = JoiningForm(request.form), resources()
    now = held.clock.now()
    name, password = form.name.data or "", form.new_password.data or ""
    try:
        row = joining.get_place(db_session(), purpose, token, now=now)
        if not form.validate() or _is_refused(form, row, name, password):
            return make_response(_page(row, form), 422)
        with held.passwords.place():
            password_hash = held.passwords.hash(password)
        with write_transaction(held.sessions) as session:
            user = joining.accept(session, purpose, token, name, password_hash, now=now)
            begun = sign_in().begin(session, user, source(), now=now)
    except AddressTakenError:
        return _taken()
    except UnusableTokenError:
        return _unusable(purpose, token)
    except TooBusyError as error:
        return wait(partial(_page, row, form), error)
    establish(begun)
    flash("登録しました。")
    ends_at = "second_factor.show_first" if begun.need is Need.ENROLMENT else "me.show"
    return redirect(url_for(ends_at), 303)


def _is_refused(form: JoiningForm, row: OneTimeToken, name: str, password: str) -> bool:
    found = joining.problems_of(row, name, password)
    for problem in found:
        form[problem.field].errors = [problem.message]
    return bool(found)


def _page(row: OneTimeToken, form: JoiningForm, problem: str | None = None) -> str:
    role = Role(str(row.role))
    return render_template(
        "accounts/joining.html",
        form=form,
        problem=problem,
        email=row.email,
        is_member=role is Role.MEMBER,
        is_followed=sign_in().is_second_factor_required and role in SECOND_FACTOR_ROLES,
        role=role.label,
        agency=row.agency.name if row.agency else None,
        hint=presenters.password_hint(role),
    )


def _sign_up_page(form: EmailForm, problem: str | None = None) -> str:
    return render_template("accounts/sign_up.html", form=form, problem=problem)


def _taken() -> Response:
    return make_response(render_template("accounts/joining_taken.html"), 410)


def _unusable(purpose: TokenPurpose, token: str) -> Response:
    fault = tokens.fault_of(db_session(), purpose, token, now=resources().clock.now())
    is_invitation = purpose is TokenPurpose.INVITATION
    return make_response(
        render_template("accounts/joining_unusable.html", fault=fault, is_invitation=is_invitation),
        410,
    )
