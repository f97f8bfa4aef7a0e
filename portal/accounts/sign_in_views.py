"""Signing in and out."""

from functools import partial

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts.forms import CodeForm, SignInForm
from portal.accounts.hashing import TooBusyError
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.second_factor import Proof, WrongCodeError
from portal.accounts.second_step import pass_with_code
from portal.accounts.session_services import SessionGoneError
from portal.accounts.sign_in import Need, PasswordTooShortError, SignedIn, WrongPasswordError
from portal.accounts.waiting import wait
from portal.extensions import resources
from portal.identity import establish, identity, leave, sign_in, source

blueprint = Blueprint("sign_in", __name__)

WRONG_PAIR = (
    "メールアドレスかパスワードが違います。大文字と小文字、日本語入力になっていないかを"
    "確かめて、もう一度入れてください。"
)
TOO_SHORT = (
    "権限が変わり、いまのパスワードでは短くなりました。下の「パスワードを忘れたとき」から、"
    "長いパスワードを決め直してください。"
)
WRONG_CODE = (
    "確認コードが違うか、もう使われています。アプリに新しいコードが出てから、入れ直してください。"
)
GONE = "時間がたったので、もう一度メールアドレスとパスワードを入れてください。"


@blueprint.get("/login")
def show() -> Response | str:
    """Where one signs in."""
    session = identity().session
    if session is not None:
        return redirect(access.local_target(access.first_page(session.user.role)), 303)
    return _page(SignInForm())


@blueprint.post("/login")
def submit() -> Response:
    """The first step: address and password."""
    form = SignInForm(request.form)
    if not form.validate():
        return make_response(_page(form), 422)
    try:
        signed_in = sign_in().with_password(
            form.email.data or "",
            form.password.data or "",
            source(),
            now=resources().clock.now(),
        )
    except WrongPasswordError:
        return make_response(_page(form, WRONG_PAIR), 422)
    except PasswordTooShortError:
        return make_response(_page(form, TOO_SHORT), 422)
    except (TooManyAttemptsError, TooBusyError) as error:
        return wait(partial(_page, form), error)
    return go_on(signed_in)


@blueprint.get("/login/totp")
@access.password_given_required
def show_code() -> Response | str:
    """Where the second factor is asked for."""
    pending = identity().pending
    if pending is not None and sign_in().need_of(pending.user) is Need.ENROLMENT:
        target = access.local_target("") or None
        return redirect(url_for("second_factor.show_first", next=target), 303)
    return _code_page(CodeForm())


@blueprint.post("/login/totp")
@access.password_given_required
def submit_code() -> Response:
    """The second step: a code of the app, or a recovery code."""
    pending = identity().pending
    form = CodeForm(request.form)
    if pending is None or not form.validate():
        return make_response(_code_page(form), 422)
    try:
        signed_in = pass_with_code(
            sign_in(), pending, form.code.data or "", source(), now=resources().clock.now()
        )
    except WrongCodeError:
        return make_response(_code_page(form, WRONG_CODE), 422)
    except TooManyAttemptsError as error:
        return wait(partial(_code_page, form), error)
    except SessionGoneError:
        leave()
        return make_response(_page(SignInForm(), GONE), 422)
    return go_on(signed_in)


@blueprint.post("/logout")
def sign_out() -> Response:
    """End the session of this browser."""
    leave()
    return redirect(url_for("pages.home"), 303)


def go_on(signed_in: SignedIn) -> Response:
    """After a step: the next one, the form that was kept, or the page that was asked for."""
    establish(signed_in)
    sealed = form_keeping.sealed_form()
    target = access.local_target("")
    if signed_in.need is not Need.NOTHING:
        is_new = signed_in.need is Need.ENROLMENT
        step = "second_factor.show_first" if is_new else "sign_in.show_code"
        # Not by a redirect: a form that is kept goes on inside the page.
        if sealed:
            return make_response(current_app.view_functions[step]())
        return redirect(url_for(step, next=target or None), 303)
    form = form_keeping.give_back(sealed) if sealed else None
    if form is not None:
        return make_response(render_template("accounts/kept_form.html", form=form))
    return redirect(target or _first_page(signed_in), 303)


def _first_page(signed_in: SignedIn) -> str:
    if signed_in.proof is Proof.RECOVERY:
        # Where it is told how many codes are left, and how to come by new ones.
        return url_for("me.show")
    return access.first_page(signed_in.role)


def _page(form: SignInForm, problem: str | None = None) -> str:
    return render_template(
        "accounts/sign_in.html",
        form=form,
        problem=problem,
        kept=form_keeping.sealed_form(),
        target=access.local_target(""),
    )


def _code_page(form: CodeForm, problem: str | None = None) -> str:
    return render_template(
        "accounts/code.html",
        form=form,
        problem=problem,
        kept=form_keeping.sealed_form(),
        target=access.local_target(""),
    )
