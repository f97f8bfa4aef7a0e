"""A new password by mail."""

from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access
from portal.accounts import password_rules, presenters, services, tokens
from portal.accounts.forms import EmailForm, NewPasswordForm
from portal.accounts.hashing import TooBusyError
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.models import User
from portal.accounts.password_resets import request_reset
from portal.accounts.sign_in_models import TokenPurpose
from portal.accounts.tokens import UnusableTokenError
from portal.accounts.waiting import later, wait
from portal.db import write_transaction
from portal.extensions import db_session, letterhead, resources
from portal.identity import leave, sign_in, source

blueprint = Blueprint("password_reset", __name__)
blueprint.after_request(access.keep_link_private)


@blueprint.get("/password-reset")
def show() -> str:
    """Where one asks for a link."""
    return _ask_page(EmailForm())


@blueprint.post("/password-reset")
def request_link() -> Response:
    """Send a link, if there is an account; the answer is the same either way."""
    form = EmailForm(request.form)
    if not form.validate():
        return make_response(_ask_page(form), 422)
    held = resources()
    head = letterhead(url_for("password_reset.show"))
    try:
        request_reset(sign_in(), form.email.data or "", source(), head, now=held.clock.now())
    except TooManyAttemptsError as error:
        return later(_ask_page(form, presenters.mail_wait_text(error.wait)), error.wait)
    response = make_response(render_template("accounts/reset_sent.html", email=form.email.data))
    # Once the answer is out, so that sending a mail does not make it slower.
    response.call_on_close(held.mailer.deliver_soon)
    return response


@blueprint.get("/password-reset/<token>")
def show_form(token: str) -> Response:
    """Where the link leads: the new password."""
    try:
        user = _user_of(token)
    except UnusableTokenError:
        return _unusable()
    return make_response(_choose_page(user, NewPasswordForm()))


@blueprint.post("/password-reset/<token>")
def choose(token: str) -> Response:
    """Take the new password. Signing in comes after, second factor and all."""
    form = NewPasswordForm(request.form)
    held = resources()
    try:
        user = _user_of(token)
        password = form.new_password.data or ""
        if not form.validate() or _is_weak(form, user, password):
            return make_response(_choose_page(user, form), 422)
        with held.passwords.place():
            password_hash = held.passwords.hash(password)
        with write_transaction(held.sessions) as session:
            services.reset_password(session, token, password_hash, now=held.clock.now())
    except UnusableTokenError:
        return _unusable()
    except TooBusyError as error:
        return wait(partial(_choose_page, user, form), error)
    leave()
    flash("パスワードを変更しました。新しいパスワードでログインしてください。")
    return redirect(url_for("sign_in.show"), 303)


def _user_of(token: str) -> User:
    purpose = TokenPurpose.PASSWORD_RESET
    row = tokens.get_usable(db_session(), purpose, token, now=resources().clock.now())
    if row.user is None:
        raise UnusableTokenError("this link is for no user")
    return row.user


def _is_weak(form: NewPasswordForm, user: User, password: str) -> bool:
    problem = password_rules.problem_of(
        password, role=user.role, context=password_rules.words_of(user)
    )
    if problem:
        form.new_password.errors = [problem]
    return problem is not None


def _ask_page(form: EmailForm, problem: str | None = None) -> str:
    return render_template("accounts/reset_request.html", form=form, problem=problem)


def _choose_page(user: User, form: NewPasswordForm, problem: str | None = None) -> str:
    hint = presenters.password_hint(user.role)
    return render_template(
        "accounts/reset_password.html", form=form, email=user.email, hint=hint, problem=problem
    )


def _unusable() -> Response:
    return make_response(render_template("accounts/reset_unusable.html"), 410)
