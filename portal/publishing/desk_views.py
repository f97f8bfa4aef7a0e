"""The first page of the desk, and the lists: an agency's under ``/staff``, the prefecture's, of all
agencies, under ``/admin``."""

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict

from portal import access, pagination
from portal.accounts import user_queries
from portal.accounts.actors import actor_of
from portal.accounts.bounds import bound_of
from portal.accounts.permissions import Permission
from portal.agencies import queries as agency_queries
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Target
from portal.db import write_transaction
from portal.extensions import current_vocabulary, db_session, resources, today
from portal.identity import signed_in_user
from portal.messages import queries as message_queries
from portal.messages.models import MessageState
from portal.publishing import bulk_presenters, desk_presenters, desk_queries, undoing
from portal.publishing.desk_queries import DeskFilter
from portal.publishing.listing_desks import ADMIN_DESK, STAFF_DESK, desk_for, path_at_own_desk
from portal.publishing.shelves import Shelf
from portal.reports import view_queries
from portal.spreadsheets import Cell, csv_chunks, csv_headers

blueprint = Blueprint("staff_desk", __name__)

_ASKED = ("q", "shelf", "kind", "agency", "mine")
_PREPARED = (Shelf.RETURNED, Shelf.IN_REVIEW, Shelf.SCHEDULED, Shelf.DRAFT)
_PUBLIC = (Shelf.OPEN, Shelf.CLOSING, Shelf.UNCONFIRMED, Shelf.CLOSED)
_PUT_AWAY = (Shelf.WITHDRAWN, Shelf.ARCHIVED)
_OF_AGENCIES = (Shelf.IN_REVIEW, Shelf.RETURNED, Shelf.UNCONFIRMED, Shelf.CLOSING)
"""What tells whose work is left lying."""
_MOST_VIEWED = 5


@blueprint.get("/staff")
@access.permission_required(Permission.WRITE_LISTINGS)
def show() -> str:
    """How much there is of what, with the way to each."""
    user, session = signed_in_user(), db_session()
    bound = bound_of(user, Permission.WRITE_LISTINGS)
    counts, own_drafts = desk_queries.count_shelves(
        session, agency_id=bound, author_id=user.id, today=today()
    )
    return render_template(
        "publishing/desk.html",
        desk=desk_for(user.role),
        agency_name=user.agency.name if user.agency else None,
        own_drafts=own_drafts,
        prepared=desk_presenters.tiles(counts, _PREPARED),
        public=desk_presenters.tiles(counts, _PUBLIC),
        put_away=desk_presenters.tiles(counts, _PUT_AWAY),
        recent=view_queries.recent_views(
            session, agency_id=bound, today=today(), most=_MOST_VIEWED
        ),
        messages=message_queries.count_messages(
            session,
            MessageState.OPEN,
            agency_id=bound_of(user, Permission.ANSWER_MESSAGES),
        ),
    )


def index() -> str:
    """Listings in whatever state, or those that are searched for."""
    session, user, wanted = db_session(), signed_in_user(), _filter(request.args)
    page, bound, day = (
        pagination.asked_page(request.args),
        bound_of(user, Permission.WRITE_LISTINGS),
        today(),
    )
    total = desk_queries.count_listings(
        session, wanted, agency_id=bound, author_id=user.id, today=day
    )
    found = desk_queries.list_listings(
        session, wanted, agency_id=bound, author_id=user.id, today=day, page=page
    )
    vocabulary = current_vocabulary()
    return render_template(
        "publishing/desk_list.html",
        desk=desk_for(user.role),
        shelf=wanted.shelf,
        rows=desk_presenters.rows(
            found,
            names=_names(desk_presenters.authors(found)),
            vocabulary=vocabulary,
            today=day,
        ),
        acts=desk_presenters.bulk_acts(wanted.shelf, found, user),
        undoable=bulk_presenters.undoable_rows(
            undoing.find_undoable(session, user, agency_id=bound, now=resources().clock.now())
        ),
        recent=view_queries.recent_views_of(session, [row.listing.id for row in found], today=day),
        total=total,
        around=pagination.steps(total, page, desk_queries.PER_PAGE),
        asked={name: text for name in _ASKED if (text := request.args.get(name))},
        shelves=desk_presenters.shelf_choices(),
        kinds=vocabulary.kinds.items(),
        agencies=agency_queries.known_codes(session).items() if bound is None else (),
    )


def by_agency() -> str:
    """Agency by agency, how much waits, was returned, has to be confirmed or closes soon."""
    counts = desk_queries.count_by_agency(db_session(), _OF_AGENCIES, today=today())
    having, others = desk_presenters.agency_rows(counts)
    return render_template(
        "publishing/by_agency.html",
        desk=ADMIN_DESK,
        shelves=[shelf.label for shelf in _OF_AGENCIES],
        having=having,
        others=others,
    )


def write_by_agency() -> Response:
    """The same of all agencies as a file; that somebody took it is recorded."""
    held = resources()
    with write_transaction(held.sessions) as session:
        counts = desk_queries.count_by_agency(session, _OF_AGENCIES, today=today())
        audit.record(
            session,
            AuditAction.DATA_EXPORTED,
            actor=actor_of(signed_in_user()),
            target=Target("listing_counts", "csv"),
            detail={"rows": len(counts)},
            now=held.clock.now(),
        )
    header = ("実施機関コード", "実施機関", *(shelf.label for shelf in _OF_AGENCIES))
    rows: list[tuple[Cell, ...]] = [
        (row.code, row.name, *(row.numbers[shelf] for shelf in _OF_AGENCIES)) for row in counts
    ]
    return make_response("".join(csv_chunks(header, rows)), csv_headers("listings-by-agency.csv"))


def _names(numbers: set[int]) -> dict[int, str]:
    found = user_queries.names_of(db_session(), numbers)
    return {number: name for number, (name, _) in found.items()}


def _filter(asked: MultiDict[str, str]) -> DeskFilter:
    shelf = asked.get("shelf", "")
    # A NUL, which PostgreSQL refuses to look for, is in no title or code either.
    text, kind, agency = (asked.get(name, "").replace("\0", "") for name in ("q", "kind", "agency"))
    return DeskFilter(
        shelf=Shelf(shelf) if shelf in list(Shelf) else None,
        text=text[: desk_queries.LONGEST_SEARCH],
        kind=kind,
        agency_code=agency,
        is_mine=asked.get("mine") == "1",
    )


_ROUTES = (("", "GET", index),)

staff_blueprint = access.guarded_blueprint(
    STAFF_DESK.listings,
    f"{STAFF_DESK.path}/listings",
    Permission.WRITE_LISTINGS,
    _ROUTES,
    elsewhere=path_at_own_desk,
)
admin_blueprint = access.guarded_blueprint(
    ADMIN_DESK.listings,
    f"{ADMIN_DESK.path}/listings",
    Permission.USE_DESK,
    (
        *_ROUTES,
        ("/by-agency", "GET", by_agency),
        ("/by-agency/export", "POST", write_by_agency),
    ),
)
