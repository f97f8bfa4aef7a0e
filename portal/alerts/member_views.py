"""What is mailed to who is signed in: their saved searches, and which mails about favourites they
want."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access
from portal.accounts import session_services
from portal.accounts.permissions import Permission
from portal.agencies import queries as agency_queries
from portal.alerts import presenters, queries, settings
from portal.alerts.criteria import CriteriaReader
from portal.alerts.sealed_links import Subject, link_box, seal
from portal.alerts.services import MOST_SEARCHES
from portal.db import write_transaction
from portal.extensions import current_vocabulary, db_session, resources
from portal.identity import signed_in_session, signed_in_user

blueprint = Blueprint("saved_searches", __name__)
blueprint.after_request(access.keep_link_private)


@blueprint.get("/me/saved-searches")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def show() -> str:
    """All saved searches of one's own, and of one's address."""
    session, user = db_session(), signed_in_user()
    reader = CriteriaReader(current_vocabulary(), agency_queries.known_codes(session))
    rows = queries.list_of(session, user)
    lines = [presenters.line(row, reader, address=_address(row.id)) for row in rows]
    return render_template(
        "alerts/saved_searches.html",
        lines=lines,
        most=MOST_SEARCHES,
        setting=settings.find_setting(session, user.id),
    )


@blueprint.post("/me/saved-searches")
@access.permission_required(Permission.USE_OWN_ACCOUNT)
def set_mails() -> Response:
    """Turn the mails about favourites on or off, each by its box."""
    held = resources()
    now = held.clock.now()
    with write_transaction(held.sessions) as session:
        user = session_services.hold(session, signed_in_session().id, now=now).user
        settings.choose(
            session,
            user.id,
            deadline_mails="deadline_mails" in request.form,
            change_mails="change_mails" in request.form,
            now=now,
        )
    flash("お知らせの設定を変えました。")
    return redirect(url_for("saved_searches.show"), 303)


def _address(search_id: int) -> str:
    held = resources()
    box, now = link_box(held.secret_key), held.clock.now()
    return url_for("alerts.show", signed=seal(Subject.SAVED_SEARCH, search_id, box=box, now=now))
