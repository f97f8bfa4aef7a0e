"""One's own account: name, password, where one is signed in."""

from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts import password_rules, presenters, queries, services, session_services
from portal.accounts.actors import actor_of, target_of
from portal.accounts.forms import NameForm, PasswordChangeForm
from portal.accounts.hashing import TooBusyError
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.permissions import Permission
from portal.accounts.sign_in import WrongPasswordError
from portal.accounts.waiting import wait
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.db import write_transaction
from portal.errors import InvalidInputError
from portal.extensions import db_session, resources, today
from portal.identity import establish, leave, sign_in, signed_in_session, signed_in_user, source

blueprint = Blueprint("me", __name__)


@blueprint.get("/me")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def show() -> str:
    """All there is to one's account."""
    return _page(NameForm(name=signed_in_user().name))


@blueprint.post("/me")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
@form_keeping.keeps(NameForm)
def rename() -> Response:
    """Take another name."""
    form = NameForm(request.form)
    if not form.validate():
        return make_response(_page(form), 422)
    held, now = resources(), resources().clock.now()
    try:
        with write_transaction(held.sessions) as session:
            user = session_services.hold(session, signed_in_session().id, now=now).user
            services.rename(session, user, form.name.data or "", now=now)
    except InvalidInputError as error:
        form.name.errors = [str(error)]
        return make_response(_page(form), 422)
    flash("名前を変更しました。")
    return redirect(url_for("me.show"), 303)


@blueprint.post("/me/sessions")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def end_sessions() -> Response:
    """End one session by its number, or all but this one."""
    row = signed_in_session()
    held = resources()
    now = held.clock.now()
    chosen = request.form.get("session", "")
    with write_transaction(held.sessions) as session:
        if chosen == "others":
            ended = session_services.end_all(session, row.user_id, but=row.id)
        else:
            own = session_services.list_current(session, row.user_id, now=now)
            ids = [other.id for other in own if str(other.id) == chosen]
            ended = sum(session_services.end(session, i, user_id=row.user_id) for i in ids)
        if ended:
            audit.record(
                session,
                AuditAction.SESSION_ENDED,
                actor=actor_of(row.user),
                target=target_of(row.user),
                detail={"sessions": ended},
                now=now,
            )
    if chosen == str(row.id):
        leave()
        return redirect(url_for("pages.home"), 303)
    flash("選んだ端末をログアウトしました。" if ended else "その端末はもうログアウトしています。")
    return redirect(url_for("me.show"), 303)


@blueprint.get("/me/password")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def show_password() -> str:
    """Where one changes one's password."""
    return _password_page(PasswordChangeForm())


@blueprint.post("/me/password")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def change_password() -> Response:
    """Take a new password; every other browser has to sign in anew."""
    form = PasswordChangeForm(request.form)
    user, held, now = signed_in_user(), resources(), resources().clock.now()
    new = form.new_password.data or ""
    try:
        is_given = form.validate()
        if _is_weak(form, new) or not is_given:
            return make_response(_password_page(form), 422)
        sign_in().confirm_password(user, form.password.data or "", source(), now=now)
        with held.passwords.place():
            password_hash = held.passwords.hash(new)
    except WrongPasswordError:
        form.password.errors = [presenters.WRONG_OWN_PASSWORD]
        return make_response(_password_page(form), 422)
    except (TooManyAttemptsError, TooBusyError) as error:
        return wait(partial(_password_page, form), error)
    with write_transaction(held.sessions) as session:
        own = session_services.hold(session, signed_in_session().id, now=now).user
        services.change_password(session, own, password_hash, now=now)
        begun = sign_in().begin_anew(session, own, source(), now=now)
    establish(begun)
    flash("パスワードを変更しました。ほかの端末はログアウトしました。")
    return redirect(url_for("me.show"), 303)


def _is_weak(form: PasswordChangeForm, password: str) -> bool:
    user = signed_in_user()
    problem = password_rules.problem_of(
        password, role=user.role, context=password_rules.words_of(user)
    )
    if problem and password:
        form.new_password.errors = [problem]
    return problem is not None


def _page(form: NameForm) -> str:
    row = signed_in_session()
    now = resources().clock.now()
    must_have = sign_in().must_have_second_factor(row.user)
    page = presenters.account_page(
        row.user,
        session_services.list_current(db_session(), row.user_id, now=now),
        this_session_id=row.id,
        recovery_codes_left=queries.count_recovery_codes(db_session(), row.user_id),
        may_remove_second_factor=not must_have,
        today=today(),
    )
    return render_template(
        "accounts/me.html", form=form, page=page, address_of_work=presenters.ADDRESS_OF_WORK
    )


def _password_page(form: PasswordChangeForm, problem: str | None = None) -> str:
    hint = presenters.password_hint(signed_in_user().role)
    return render_template("accounts/password.html", form=form, hint=hint, problem=problem)
