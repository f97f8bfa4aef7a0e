"""The record of who did what, as the prefecture reads it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import access
from portal.accounts import user_queries
from portal.accounts.actors import actor_of
from portal.accounts.permissions import Permission, Role
from portal.agencies import queries as agency_queries
from portal.audit import names, presenters, queries, services
from portal.audit.actions import AuditAction
from portal.audit.anchors import anchors_path
from portal.audit.chain_state import chain_state
from portal.audit.export import events_csv
from portal.audit.forms import EventSearchForm
from portal.audit.models import AuditEvent
from portal.audit.names import USER, Names, Subject
from portal.audit.presenters import (
    AGENCY,
    LISTING,
    SITE_NOTICE,
    SYNONYM_GROUP,
    VOCABULARY_LABEL,
    Words,
)
from portal.audit.queries import EventFilter, EventPage
from portal.audit.types import OPERATOR, PORTAL, Target
from portal.db import LARGEST_NUMBER, write_transaction
from portal.extensions import current_vocabulary, db_session, resources
from portal.identity import signed_in_user
from portal.jobs import presenters as job_presenters
from portal.jobs import queries as job_queries
from portal.jobs import runner
from portal.jobs.presenters import RunLine
from portal.listings import title_queries
from portal.listings.vocabulary import RENAMED_FACETS
from portal.notices import queries as notice_queries
from portal.publishing.acts import Act
from portal.search import synonym_queries
from portal.spreadsheets import csv_headers

blueprint = Blueprint("audit_admin", __name__, url_prefix="/admin/audit")

ROLES = {role.value: role.label for role in Role} | {
    OPERATOR.role: "サーバーの管理者",
    PORTAL.role: "定期の仕事",
}
CHECK_JOB = "audit-anchor"
_PAGES = {
    USER: ("users_admin.show", "user_id"),
    AGENCY: ("agencies_admin.show", "code"),
    SYNONYM_GROUP: ("synonyms_admin.show", "group_id"),
    VOCABULARY_LABEL: ("labels_admin.show", "facet", "term_code"),
    SITE_NOTICE: ("notices_admin.show", "notice_id"),
    LISTING: ("listing_desk.show", "public_id"),
}
"""Where what an event speaks of is looked after: an endpoint, and what it calls the number or the
parts of it."""
_CALLED = {"job": job_presenters.JOB_TITLES, "undone": {act.value: act.label for act in Act}}
_NOTHING = EventPage((), None)


@blueprint.get("")
@access.permission_required(Permission.READ_AUDIT)
def index() -> Response:
    """The newest events, or those that are searched for, and the state of the record."""
    form = EventSearchForm(request.args)
    if not form.validate():
        return make_response(_page(form, _NOTHING), 422)
    below = request.args.get("below", type=int)
    if below is not None:
        below = min(max(below, 0), LARGEST_NUMBER)
    return make_response(_page(form, queries.find_page(db_session(), form.wanted(), below=below)))


@blueprint.post("/export")
@access.permission_required(Permission.READ_AUDIT)
def write_csv() -> Response:
    """The events that are searched for as a file. Taking it is an event itself, and in the file."""
    form, held = EventSearchForm(request.form), resources()
    if not form.validate():
        return make_response(_page(form, _NOTHING), 422)
    with write_transaction(held.sessions) as session:
        services.record(
            session,
            AuditAction.AUDIT_EXPORTED,
            actor=actor_of(signed_in_user()),
            target=Target("audit", "csv"),
            detail=form.given(),
            now=held.clock.now(),
        )
    return make_response(_csv(form.wanted()), csv_headers("audit.csv"))


def _csv(wanted: EventFilter) -> Iterator[str]:
    # The session of the request is closed before the last rows are read.
    sessions, labels = resources().sessions, _labels()

    def chunks() -> Iterator[str]:
        with sessions() as session:
            find_names = partial(_names, session, agency_queries.known_codes(session), labels)
            yield from events_csv(queries.iterate(session, wanted), find_names)

    return chunks()


def _page(form: EventSearchForm, page: EventPage) -> str:
    held, session = resources(), db_session()
    agencies = agency_queries.known_codes(session)
    known = _names(session, agencies, _labels(), page.events)
    return render_template(
        "audit/admin_index.html",
        form=form,
        rows=presenters.rows(page.events, Words(ROLES, agencies, _CALLED, known, _address)),
        older=_older(form.given(), page),
        is_first="below" not in request.args,
        state=chain_state(session, anchors_path(held.settings.data_dir)),
        check=_last_check(),
        check_job=CHECK_JOB,
        actions=[(action.value, action.label) for action in AuditAction],
        agencies=agencies.items(),
        target_types=presenters.TARGET_TYPES.items(),
    )


def _labels() -> Names:
    """What codes are called today that administrators may call otherwise."""
    vocabulary = current_vocabulary()
    return {
        (VOCABULARY_LABEL, f"{facet}/{code}"): label
        for facet in RENAMED_FACETS
        for code, label in vocabulary.search_values(facet).items()
    }


def _names(
    session: Session, agencies: Mapping[str, str], labels: Names, events: Sequence[AuditEvent]
) -> Names:
    """What is known today of all that some events speak of: a query for each type, not for each
    event."""
    subjects = names.subjects_in(events)
    users = user_queries.names_of(session, names.numbers_in(subjects, USER))
    groups = names.numbers_in(subjects, SYNONYM_GROUP)
    listings = {id_ for kind, id_ in subjects if kind == LISTING}
    notices = notice_queries.titles_of(session, names.numbers_in(subjects, SITE_NOTICE))
    return (
        dict(labels)
        | {(AGENCY, code): name for code, name in agencies.items()}
        | {
            (USER, str(number)): f"{name}（{agency}）" if agency else name
            for number, (name, agency) in users.items()
        }
        | {
            (SYNONYM_GROUP, str(group.id)): group.texts[0]
            for group in (synonym_queries.list_by_ids(session, groups) if groups else ())
        }
        | {(SITE_NOTICE, str(number)): title for number, title in notices.items()}
        | {
            (LISTING, public_id): title
            for public_id, title in title_queries.newest_titles(session, listings).items()
        }
    )


def _address(subject: Subject) -> str | None:
    kind, number = subject
    if kind not in _PAGES:
        return None
    endpoint, *parameters = _PAGES[kind]
    values: dict[str, Any] = dict(zip(parameters, number.split("/"), strict=True))
    return url_for(endpoint, **values)


def _older(given: Mapping[str, str], page: EventPage) -> str | None:
    if page.next_below is None:
        return None
    return f"{url_for('audit_admin.index')}?{urlencode({**given, 'below': page.next_below})}"


def _last_check() -> RunLine | None:
    held = resources()
    run = job_queries.newest_run(db_session(), runner.get_job(CHECK_JOB))
    return job_presenters.run_line(run, now=held.clock.now()) if run else None
