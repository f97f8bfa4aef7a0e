"""What is mailed to who is signed in: their saved searches."""

from flask import Blueprint, render_template, url_for

from portal import access
from portal.accounts.permissions import Permission
from portal.agencies import queries as agency_queries
from portal.alerts import presenters, queries
from portal.alerts.criteria import CriteriaReader
from portal.alerts.sealed_links import Subject, link_box, seal
from portal.alerts.services import MOST_SEARCHES
from portal.extensions import current_vocabulary, db_session, resources
from portal.identity import signed_in_user

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
    return render_template("alerts/saved_searches.html", lines=lines, most=MOST_SEARCHES)


def _address(search_id: int) -> str:
    held = resources()
    box, now = link_box(held.secret_key), held.clock.now()
    return url_for("alerts.show", signed=seal(Subject.SAVED_SEARCH, search_id, box=box, now=now))
