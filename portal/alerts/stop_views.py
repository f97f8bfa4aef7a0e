"""Stopping mails with one tap: a page with one button, and what mail programs post by themselves.

The answer to the POST is a page and no redirect, which mail programs need not follow.
"""

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from portal import access
from portal.agencies import queries as agency_queries
from portal.alerts import queries, stopping
from portal.alerts.criteria import Criteria, CriteriaReader
from portal.alerts.letters import Words
from portal.alerts.sealed_links import STOP_PATH, Subject, UnusableLinkError, link_box, unseal
from portal.db import write_transaction
from portal.errors import NotFoundError
from portal.extensions import current_vocabulary, db_session, resources

blueprint = Blueprint("alert_stops", __name__)
blueprint.after_request(access.keep_link_private)


@blueprint.get(f"{STOP_PATH}/<signed>")
def show(signed: str) -> Response:
    """Where the link of a mail leads. Programs that look into mails open links, so nothing is
    stopped by that."""
    try:
        subject, number = unseal(signed, box=link_box(resources().secret_key))
        is_stopped = stopping.is_stopped(db_session(), subject, number)
        conditions = _conditions(subject, number)
    except (UnusableLinkError, NotFoundError):
        return _gone()
    return _page(signed, subject, is_stopped=is_stopped, conditions=conditions)


@blueprint.post(f"{STOP_PATH}/<signed>")
def stop(signed: str) -> Response:
    """Stop what the address names, whoever asks; nothing else can be done here."""
    held = resources()
    try:
        subject, number = unseal(signed, box=link_box(held.secret_key))
        with write_transaction(held.sessions) as session:
            stopping.stop(session, subject, number, now=held.clock.now())
    except (UnusableLinkError, NotFoundError):
        return _gone()
    return _page(signed, subject, is_stopped=True)


def _page(
    signed: str, subject: Subject, *, is_stopped: bool, conditions: Words | None = None
) -> Response:
    page = render_template(
        "alerts/stop.html",
        signed=signed,
        subject=subject.value,
        is_stopped=is_stopped,
        conditions=conditions,
    )
    return make_response(page)


def _conditions(subject: Subject, number: int) -> Words | None:
    """What the news are of that are to be stopped; None for other mails."""
    if subject is not Subject.SAVED_SEARCH:
        return None
    session = db_session()
    reader = CriteriaReader(current_vocabulary(), agency_queries.known_codes(session))
    criteria = Criteria(queries.get_search(session, number).criteria)
    return reader.in_words(reader.readable(criteria))


def _gone() -> Response:
    return make_response(render_template("alerts/gone.html"), 410)
