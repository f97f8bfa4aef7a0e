"""The desk of the prefecture: where administrators begin."""

from flask import Blueprint, render_template

from portal import access
from portal.accounts.permissions import ROLE_SUMMARIES, Permission, Role, scope_of
from portal.extensions import db_session, resources
from portal.jobs.presenters import JOB_TITLES
from portal.operations.attention import attention

blueprint = Blueprint("desk", __name__)


@blueprint.get("/admin")
@access.permission_required(Permission.USE_DESK)
def show() -> str:
    """What needs attention, and who may do what."""
    found = attention(db_session(), now=resources().clock.now())
    return render_template(
        "operations/desk.html",
        attention=found,
        job_titles=[JOB_TITLES.get(name, name) for name in found.jobs],
        roles=[(role.label, ROLE_SUMMARIES[role]) for role in Role],
        permissions=[
            (permission.label, [scope_of(role, permission).label for role in Role])
            for permission in Permission
        ],
    )
