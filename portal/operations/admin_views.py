"""The desk of the prefecture: where administrators begin."""

from flask import Blueprint, render_template

from portal import access
from portal.accounts.permissions import ROLE_SUMMARIES, Permission, Role, scope_of
from portal.extensions import db_session, resources, today
from portal.identity import signed_in_user
from portal.jobs.presenters import JOB_TITLES
from portal.mail import queries as mail_queries
from portal.mail.presenters import mail_row
from portal.mail_url import MailFolder
from portal.operations.attention import LATE_AFTER, attention
from portal.publishing import desk_queries
from portal.publishing.desk_queries import DeskFilter
from portal.publishing.shelves import Shelf

blueprint = Blueprint("desk", __name__)

_MAILS_SHOWN = 20


@blueprint.get("/admin")
@access.permission_required(Permission.USE_DESK)
def show() -> str:
    """What needs attention, and who may do what."""
    held, session = resources(), db_session()
    now = held.clock.now()
    found = attention(session, now=now)
    waiting = desk_queries.count_listings(
        session,
        DeskFilter(shelf=Shelf.IN_REVIEW),
        agency_id=None,
        author_id=signed_in_user().id,
        today=today(),
    )
    troubled = mail_queries.list_troubled(session, late_before=now - LATE_AFTER, most=_MAILS_SHOWN)
    return render_template(
        "operations/desk.html",
        attention=found,
        waiting=waiting,
        mails=[mail_row(mail, today=today()) for mail in troubled],
        scans_no_files=held.scanner is None,
        sends_no_mail=isinstance(held.settings.mail_to, MailFolder),
        job_titles=[JOB_TITLES.get(name, name) for name in found.jobs],
        roles=[(role.label, ROLE_SUMMARIES[role]) for role in Role],
        permissions=[
            (permission.label, [scope_of(role, permission).label for role in Role])
            for permission in Permission
        ],
    )
