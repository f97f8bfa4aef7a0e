"""Inviting many from a file: read and shown first, sent when somebody has confirmed it."""

import json
import logging
from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from portal import access
from portal.accounts import invitation_files, invitations, session_services
from portal.accounts.actors import actor_of
from portal.accounts.invitation_files import Line
from portal.accounts.invitations import Inviter
from portal.accounts.permissions import Permission
from portal.accounts.user_desks import ADMIN_DESK
from portal.accounts.user_forms import InvitationsFileForm
from portal.db import give_way, write_transaction
from portal.errors import InvalidInputError
from portal.extensions import db_session, letterhead, resources
from portal.identity import signed_in_session, signed_in_user
from portal.secret_key import UnreadableSealError

logger = logging.getLogger(__name__)

blueprint = Blueprint("bulk_invitations", __name__, url_prefix="/admin/users/invitations/bulk")

_BOX = "bulk-invitation"
_LIFE = timedelta(hours=1)
_AT_ONCE = 10
"""Invitations of one transaction, which keeps everybody else who writes waiting for less than
200 ms."""


@blueprint.get("")
@access.permission_required(Permission.MANAGE_USERS)
def show() -> str:
    """Where a file is chosen."""
    return _page(InvitationsFileForm())


@blueprint.post("")
@access.permission_required(Permission.MANAGE_USERS)
def preview() -> Response:
    """Show what the file would do. Nothing is kept and nothing is sent."""
    form = InvitationsFileForm()
    file = request.files.get("file")
    if not file:
        form.file.errors = ["CSVファイルを選んでください。"]
        return make_response(_page(form), 422)
    try:
        lines = invitation_files.read(file.read())
    except InvalidInputError as error:
        form.file.errors = [str(error)]
        return make_response(_page(form), 422)
    good, problems = invitation_files.check(
        db_session(), lines, _inviter(), now=resources().clock.now()
    )
    return make_response(
        render_template(
            "accounts/bulk_invitation_preview.html",
            desk=ADMIN_DESK,
            total=len(lines),
            good=[(line, wanted.role.label, wanted.agency) for line, wanted in good],
            faults=problems,
            sealed=_seal([line for line, _ in good]) if good else "",
        ),
        422 if problems else 200,
    )


@blueprint.post("/send")
@access.permission_required(Permission.MANAGE_USERS)
def send() -> Response:
    """Send what was shown and confirmed; who was invited meanwhile is left out."""
    try:
        lines = _open(request.form.get("sealed", ""))
    except UnreadableSealError:
        flash("時間がたったので、もう一度ファイルを選んでください。まだ何も送っていません。")
        return redirect(url_for(".show"), 303)
    sent, left_out = _invite_all(lines)
    missing = len(lines) - sent - left_out
    resources().mailer.deliver_soon()
    flash(_told(sent, left_out, missing))
    return redirect(url_for(".show" if missing else f"{ADMIN_DESK.users}.index"), 303)


def _told(sent: int, left_out: int, missing: int) -> str:
    text = f"{sent}人に招待を送りました。"
    if left_out:
        text += f"{left_out}人は、登録済みか招待中なので送っていません。"
    if missing:
        text += (
            f"混み合っているため、残りの{missing}人にはまだ送っていません。"
            "少し待って、もう一度同じファイルを選んでください。送った人に二重には送りません。"
        )
    return text


def _invite_all(lines: list[Line]) -> tuple[int, int]:
    """Invite all, some at a time; returns how many were, and how many had been meanwhile. The rest
    was not looked at, because the database could not be written to."""
    sent = left_out = 0
    for start in range(0, len(lines), _AT_ONCE):
        some = lines[start : start + _AT_ONCE]
        if start:
            give_way(resources().engine)
        try:
            new = _invite(some)
        except DBAPIError:
            # The page of errors could not say that the ones before were invited.
            logger.exception("bulk invitation stopped after %d of %d rows", start, len(lines))
            break
        sent, left_out = sent + new, left_out + len(some) - new
    return sent, left_out


def _invite(lines: list[Line]) -> int:
    """Invite some in one transaction; returns how many had not been invited meanwhile."""
    held, head = resources(), letterhead(invitations.PATH)
    now = held.clock.now()
    with write_transaction(held.sessions) as session:
        session_services.hold(session, signed_in_session().id, now=now)
        return invitation_files.invite(session, lines, _inviter(), head, now=now)


def _inviter() -> Inviter:
    return Inviter(actor_of(signed_in_user()))


def _seal(lines: list[Line]) -> str:
    """The rows in the page itself, so that nothing lies on the server; for this user alone."""
    held = resources()
    rows = [[line.number, line.email, line.name, line.role, line.agency] for line in lines]
    content = json.dumps([signed_in_user().id, rows], ensure_ascii=False)
    return held.secret_key.box(_BOX).seal(content.encode(), now=held.clock.now())


def _open(sealed: str) -> list[Line]:
    held = resources()
    content = held.secret_key.box(_BOX).open(sealed, now=held.clock.now(), within=_LIFE)
    user_id, rows = json.loads(content)
    if user_id != signed_in_user().id:
        raise UnreadableSealError("this was shown to somebody else")
    return [Line(*row) for row in rows]


def _page(form: InvitationsFileForm) -> str:
    return render_template(
        "accounts/bulk_invitation.html",
        desk=ADMIN_DESK,
        form=form,
        columns=list(invitation_files.COLUMNS.values()),
        most=invitation_files.MOST_ROWS,
    )
