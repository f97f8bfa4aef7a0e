"""Inviting, inviting again, and taking an invitation back; at both desks."""

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts import invitation_queries, invitations, session_services, user_presenters
from portal.accounts.actors import actor_of
from portal.accounts.bounds import bound_of
from portal.accounts.invitations import Inviter
from portal.accounts.permissions import Permission
from portal.accounts.user_desks import ADMIN_DESK, STAFF_DESK, desk_of, path_at_own_desk
from portal.accounts.user_forms import InvitationForm
from portal.agencies import queries as agency_queries
from portal.db import write_transaction
from portal.errors import InvalidInputError
from portal.extensions import db_session, letterhead, resources
from portal.identity import signed_in_session, signed_in_user
from portal.told_form import Called


def _called() -> Called:
    return user_presenters.called(agency_queries.list_agencies(db_session()))


def show_new() -> str:
    """Where somebody is invited."""
    return _page(InvitationForm(agency=request.args.get("agency", "")))


@form_keeping.keeps(InvitationForm, called=_called)
def invite() -> Response:
    """Send an invitation."""
    form, held = InvitationForm(request.form), resources()
    now, head = held.clock.now(), letterhead(invitations.PATH)
    try:
        with write_transaction(held.sessions) as session:
            session_services.hold(session, signed_in_session().id, now=now)
            wanted = form.wanted(session, now=now)
            row = invitations.invite(session, wanted, _inviter(), head, now=now)
    except InvalidInputError as error:
        form.show(error)
        return make_response(_page(form), 422)
    held.mailer.deliver_soon()
    return _back(f"{row.email} に招待を送りました。48時間以内に登録してもらってください。")


def send_again(number: int) -> Response:
    """Send a new link in place of the old one."""
    held, inviter = resources(), _inviter()
    now = held.clock.now()
    try:
        with write_transaction(held.sessions) as session:
            session_services.hold(session, signed_in_session().id, now=now)
            row = invitation_queries.get_pending(session, number, agency_id=inviter.agency_id)
            head = letterhead(invitations.PATH)
            invitations.send_again(session, row, head, actor=inviter.actor, now=now)
    except InvalidInputError as error:
        return _back(str(error))
    held.mailer.deliver_soon()
    return _back(f"{row.email} に招待をもう一度送りました。前のリンクは使えません。")


def withdraw(number: int) -> Response:
    """Take an invitation back."""
    held, inviter = resources(), _inviter()
    now = held.clock.now()
    try:
        with write_transaction(held.sessions) as session:
            session_services.hold(session, signed_in_session().id, now=now)
            row = invitation_queries.get_pending(session, number, agency_id=inviter.agency_id)
            invitations.withdraw(session, row, actor=inviter.actor, now=now)
    except InvalidInputError as error:
        return _back(str(error))
    return _back(f"{row.email} への招待を取り消しました。")


def _inviter() -> Inviter:
    user = signed_in_user()
    return Inviter(actor_of(user), bound_of(user, Permission.MANAGE_STAFF))


def _back(message: str) -> Response:
    flash(message)
    return redirect(url_for(f"{desk_of(request.blueprint).users}.index"), 303)


def _page(form: InvitationForm) -> str:
    inviter = _inviter()
    agencies = [
        agency
        for agency in agency_queries.list_agencies(db_session())
        if inviter.agency_id in (None, agency.id)
    ]
    return render_template(
        "accounts/invitation.html",
        desk=desk_of(request.blueprint),
        form=form,
        roles=user_presenters.role_choices(inviter.roles),
        agencies=user_presenters.agency_choices(agencies),
    )


_ROUTES = (
    ("/new", "GET", show_new),
    ("/new", "POST", invite),
    ("/<int:number>/again", "POST", send_again),
    ("/<int:number>/withdraw", "POST", withdraw),
)

admin_blueprint = access.guarded_blueprint(
    ADMIN_DESK.invitations, f"{ADMIN_DESK.path}/invitations", Permission.MANAGE_USERS, _ROUTES
)
staff_blueprint = access.guarded_blueprint(
    STAFF_DESK.invitations,
    f"{STAFF_DESK.path}/invitations",
    Permission.MANAGE_STAFF,
    _ROUTES,
    elsewhere=path_at_own_desk,
)
