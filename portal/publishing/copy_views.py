"""Beginning this year's listing from last year's."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import access
from portal.accounts.permissions import Permission
from portal.db import write_transaction
from portal.extensions import resources, today
from portal.identity import signed_in_user
from portal.listings.version_content import content_of
from portal.publishing import copying, editing, editor_queries

blueprint = Blueprint("listing_copying", __name__, url_prefix="/staff/listings")


@blueprint.post("/<own_id>/copy")
@access.permission_required(Permission.WRITE_LISTINGS)
def copy(own_id: str) -> Response:
    """Make a draft that says the same a year later; its editor tells what has to be confirmed."""
    held, user = resources(), signed_in_user()
    with write_transaction(held.sessions) as session:
        model = editor_queries.get_writable(session, own_id, by=user)
        content = content_of(model.versions[-1])
        years = copying.years_to_move(content, today())
        content = copying.moved(content, years, model_id=model.public_id)
        now = held.clock.now()
        listing = editing.create(session, model.agency, content, by=user, now=now)
    flash("複製して、新しい下書きを作りました。まだ公開されていません。")
    address = url_for("listing_editor.show", own_id=listing.public_id, copied="1")
    return redirect(address, 303)
