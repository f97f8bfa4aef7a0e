"""Recovery codes made anew, and the second factor taken away."""

from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access
from portal.accounts import presenters, second_factor, session_services
from portal.accounts.actors import actor_of
from portal.accounts.forms import ConfirmForm
from portal.accounts.hashing import TooBusyError
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.permissions import Permission
from portal.accounts.sign_in import WrongPasswordError
from portal.accounts.waiting import wait
from portal.db import write_transaction
from portal.extensions import resources
from portal.identity import establish, sign_in, signed_in_session, source

blueprint = Blueprint("recovery", __name__)


@blueprint.get("/me/second-factor/remove")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def show_removal() -> Response | str:
    """Where those who need none take their second factor away."""
    if not _may_remove():
        return redirect(url_for("me.show"), 303)
    return _confirm_page("accounts/second_factor_removal.html", ConfirmForm())


@blueprint.post("/me/second-factor/remove")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def remove() -> Response:
    """Take one's second factor away."""
    if not _may_remove():
        return redirect(url_for("me.show"), 303)
    form = ConfirmForm(request.form)
    refusal = _unconfirmed("accounts/second_factor_removal.html", form)
    if refusal is not None:
        return refusal
    held, now = resources(), resources().clock.now()
    with write_transaction(held.sessions) as session:
        user = session_services.hold(session, signed_in_session().id, now=now).user
        begun = sign_in().begin_anew(session, user, source(), now=now)
        second_factor.remove(session, user, actor=actor_of(user), now=now)
    establish(begun)
    flash("2段階認証をやめました。ほかの端末はログアウトしました。")
    return redirect(url_for("me.show"), 303)


@blueprint.get("/me/recovery-codes")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def show_renewal() -> Response | str:
    """Where one gets new recovery codes."""
    if not signed_in_session().user.has_second_factor:
        return redirect(url_for("second_factor.show"), 303)
    return _confirm_page("accounts/recovery_codes_renewal.html", ConfirmForm())


@blueprint.post("/me/recovery-codes")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def renew() -> Response:
    """Ten new recovery codes in place of the old ones."""
    if not signed_in_session().user.has_second_factor:
        return redirect(url_for("second_factor.show"), 303)
    form = ConfirmForm(request.form)
    refusal = _unconfirmed("accounts/recovery_codes_renewal.html", form)
    if refusal is not None:
        return refusal
    held, now = resources(), resources().clock.now()
    with write_transaction(held.sessions) as session:
        user = session_services.hold(session, signed_in_session().id, now=now).user
        codes = second_factor.renew_recovery_codes(session, user, actor=actor_of(user), now=now)
    return make_response(
        render_template(
            "accounts/recovery_codes.html",
            codes=codes,
            target=url_for("me.show"),
            are_renewed=True,
        )
    )


def _may_remove() -> bool:
    user = signed_in_session().user
    return user.has_second_factor and not sign_in().must_have_second_factor(user)


def _unconfirmed(template: str, form: ConfirmForm) -> Response | None:
    """The page again, unless the form holds the right password."""
    try:
        if not form.validate():
            return make_response(_confirm_page(template, form), 422)
        sign_in().confirm_password(
            signed_in_session().user,
            form.password.data or "",
            source(),
            now=resources().clock.now(),
        )
    except WrongPasswordError:
        form.password.errors = [presenters.WRONG_OWN_PASSWORD]
        return make_response(_confirm_page(template, form), 422)
    except (TooManyAttemptsError, TooBusyError) as error:
        return wait(partial(_confirm_page, template, form), error)
    return None


def _confirm_page(template: str, form: ConfirmForm, problem: str | None = None) -> str:
    return render_template(template, form=form, problem=problem)
