"""Looking after users: the prefecture after all of them under ``/admin/users``, approvers after the
staff of their own agency under ``/staff/users``, where their other work is."""

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal import access, form_keeping, pagination
from portal.accounts import (
    administration,
    invitation_queries,
    queries,
    session_services,
    user_presenters,
    user_queries,
)
from portal.accounts.actors import actor_of
from portal.accounts.administration import RefusedError
from portal.accounts.bounds import bound_of
from portal.accounts.models import User
from portal.accounts.permissions import Permission, Role
from portal.accounts.sign_in_models import OneTimeToken
from portal.accounts.user_desks import ADMIN_DESK, STAFF_DESK, desk_of, path_at_own_desk
from portal.accounts.user_forms import PlaceForm
from portal.accounts.user_queries import UserFilter, UserState
from portal.agencies import queries as agency_queries
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Target
from portal.db import write_transaction
from portal.errors import InvalidInputError
from portal.extensions import db_session, resources, today
from portal.identity import signed_in_session, signed_in_user
from portal.spreadsheets import csv_headers
from portal.told_form import Called

_INVITATIONS_SHOWN = 50
_ASKED = ("q", "role", "agency", "state", "unused")


def index() -> str:
    """Users, or those that are searched for, and who is invited."""
    wanted, bound, now = _filter(request.args), _bound(), resources().clock.now()
    page = pagination.asked_page(request.args)
    session = db_session()
    total = user_queries.count_users(session, wanted, agency_id=bound, now=now)
    users = user_queries.list_users(session, wanted, agency_id=bound, now=now, page=page)
    pending = _pending(session, wanted, bound)
    shown = pending[:_INVITATIONS_SHOWN]
    holders = invitation_queries.holders_of(session, shown)
    return render_template(
        "accounts/users.html",
        desk=desk_of(request.blueprint),
        rows=[user_presenters.user_row(user, now=now, today=today()) for user in users],
        total=total,
        around=pagination.steps(total, page, user_queries.PER_PAGE),
        invited=[
            user_presenters.invitation_row(
                row, holder_id=holders.get(row.id), now=now, today=today()
            )
            for row in shown
        ],
        invited_total=len(pending),
        asked={name: text for name in _ASKED if (text := request.args.get(name))},
        roles=user_presenters.role_choices(Role),
        agencies=user_presenters.agency_choices(agency_queries.list_agencies(session)),
        states=[(state.value, label) for state, label in user_presenters.STATE_LABELS.items()],
    )


def write_csv() -> Response:
    """The users that are searched for as a file; that somebody took it is recorded."""
    held, wanted, bound = resources(), _filter(request.form), _bound()
    now = held.clock.now()
    with write_transaction(held.sessions) as session:
        users = list(user_queries.iterate_users(session, wanted, agency_id=bound, now=now))
        pending = _pending(session, wanted, bound)
        holders = invitation_queries.holders_of(session, pending)
        audit.record(
            session,
            AuditAction.DATA_EXPORTED,
            actor=actor_of(signed_in_user()),
            target=Target("users", "csv"),
            detail={"rows": len(users) + len(pending)},
            now=now,
        )
    text = "".join(user_presenters.users_csv(users, pending, holders=holders, now=now))
    return make_response(text, csv_headers("users.csv"))


def _pending(session: Session, wanted: UserFilter, bound: int | None) -> Sequence[OneTimeToken]:
    """Who is invited; nobody where it is asked how people are who have come."""
    if wanted.state or wanted.is_unused:
        return ()
    return invitation_queries.list_pending(
        session,
        agency_id=bound,
        text=wanted.text,
        role=wanted.role,
        agency_code=wanted.agency_code,
    )


def show(user_id: int) -> str:
    """All that is known of a user, and what can be done."""
    user = user_queries.get_user_of(db_session(), user_id, agency_id=_bound())
    agency = user.agency.code if user.agency else ""
    return _page(user, PlaceForm(role=user.role, agency=agency))


def disable(user_id: int) -> Response:
    """Keep somebody out from their next request on."""
    held = resources()
    try:
        with write_transaction(held.sessions) as session:
            user, by = _both(user_id, session)
            administration.disable(session, user, by=by, now=held.clock.now())
    except RefusedError as error:
        return _back(user_id, str(error))
    return _back(user_id, f"{user.name}さんの利用を止めました。次の操作から使えません。")


def enable(user_id: int) -> Response:
    """Let somebody in again."""
    held = resources()
    try:
        with write_transaction(held.sessions) as session:
            user, by = _both(user_id, session)
            administration.enable(session, user, by=by, now=held.clock.now())
    except RefusedError as error:
        return _back(user_id, str(error))
    return _back(user_id, f"{user.name}さんの利用を再開しました。")


def _called() -> Called:
    return user_presenters.called(agency_queries.list_agencies(db_session()))


@form_keeping.keeps(PlaceForm, called=_called)
def change_place(user_id: int) -> Response:
    """Give somebody another role or agency."""
    form, held = PlaceForm(request.form), resources()
    try:
        with write_transaction(held.sessions) as session:
            user, by = _both(user_id, session)
            role, agency = form.place(session)
            has_changed = administration.change_place(
                session, user, role, agency, by=by, now=held.clock.now()
            )
    except InvalidInputError as error:
        form.show(error)
        user = user_queries.get_user_of(db_session(), user_id, agency_id=_bound())
        return make_response(_page(user, form), 422)
    except RefusedError as error:
        return _back(user_id, str(error))
    if not has_changed:
        return _back(user_id, "権限と実施機関は、いまのままです。")
    return _back(
        user_id, f"{user.name}さんの権限と実施機関を変更しました。ログインし直しになります。"
    )


def reset_second_factor(user_id: int) -> Response:
    """Take the second factor of somebody away who lost it."""
    held = resources()
    try:
        with write_transaction(held.sessions) as session:
            user, by = _both(user_id, session)
            had_one = administration.reset_second_factor(session, user, by=by, now=held.clock.now())
    except RefusedError as error:
        return _back(user_id, str(error))
    if not had_one:
        return _back(user_id, f"{user.name}さんは2段階認証を使っていません。")
    return _back(user_id, f"{user.name}さんの2段階認証を解除しました。次のログインで登録します。")


def _both(user_id: int, session: Session) -> tuple[User, User]:
    """Whom it is done to and who does it, both held: who was stopped meanwhile stops nobody."""
    asker, bound = signed_in_session(), _bound()
    found = user_queries.get_user_of(session, user_id, agency_id=bound)
    queries.hold(session, found.id, asker.user_id)
    by = session_services.hold(session, asker.id, now=resources().clock.now()).user
    # Asked again of what is held: they may have moved to another agency at this moment.
    return user_queries.get_user_of(session, user_id, agency_id=bound), by


def _back(user_id: int, message: str) -> Response:
    flash(message)
    return redirect(url_for(".show", user_id=user_id), 303)


def _page(user: User, form: PlaceForm) -> str:
    return render_template(
        "accounts/user.html",
        desk=desk_of(request.blueprint),
        form=form,
        row=user_presenters.user_row(user, now=resources().clock.now(), today=today()),
        is_oneself=user.id == signed_in_user().id,
        may_enable=administration.may_enable(db_session(), user, by=signed_in_user()),
        stopped_elsewhere=administration.STOPPED_ELSEWHERE,
        roles=user_presenters.role_choices(Role),
        agencies=user_presenters.agency_choices(agency_queries.list_agencies(db_session())),
    )


def _filter(given: MultiDict[str, str]) -> UserFilter:
    role, state = given.get("role", ""), given.get("state", "")
    text = given.get("q", "").strip()[: user_queries.LONGEST_SEARCH]
    return UserFilter(
        # A NUL, which PostgreSQL refuses to look for, is in no name either.
        text=text.replace("\0", ""),
        role=Role(role) if role in list(Role) else None,
        agency_code=given.get("agency", "").replace("\0", ""),
        state=UserState(state) if state in list(UserState) else None,
        is_unused=given.get("unused") == "1",
    )


def _bound() -> int | None:
    return bound_of(signed_in_user(), Permission.MANAGE_STAFF)


_ROUTES = (
    ("", "GET", index),
    ("/export", "POST", write_csv),
    ("/<int:user_id>", "GET", show),
    ("/<int:user_id>/disable", "POST", disable),
    ("/<int:user_id>/enable", "POST", enable),
)
_ROUTES_OF_ADMIN = (
    ("/<int:user_id>/place", "POST", change_place),
    ("/<int:user_id>/second-factor", "POST", reset_second_factor),
)


admin_blueprint = access.guarded_blueprint(
    ADMIN_DESK.users, ADMIN_DESK.path, Permission.MANAGE_USERS, _ROUTES + _ROUTES_OF_ADMIN
)
staff_blueprint = access.guarded_blueprint(
    STAFF_DESK.users,
    STAFF_DESK.path,
    Permission.MANAGE_STAFF,
    _ROUTES,
    elsewhere=path_at_own_desk,
)
