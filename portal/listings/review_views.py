"""What waits to be approved: an agency's under ``/staff/review``, that of all agencies under
``/admin/review``. Many can be published at once, each by itself, and taken back for a while."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import access, pagination
from portal.accounts import queries as account_queries
from portal.accounts import user_queries
from portal.accounts.bounds import bound_of
from portal.accounts.permissions import Permission
from portal.agencies import queries as agency_queries
from portal.db import write_transaction
from portal.errors import (
    ChangedMeanwhileError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
    NotFoundError,
)
from portal.extensions import db_session, letterhead, resources, today
from portal.identity import signed_in_user
from portal.listings import (
    announcing,
    desk_queries,
    publishing,
    readiness,
    relation_queries,
    review_presenters,
    undoing,
    version_queries,
)
from portal.listings.acts import Act
from portal.listings.desk_queries import DeskFilter
from portal.listings.listing_desks import ADMIN_DESK, STAFF_DESK, desk_for, path_at_own_desk
from portal.listings.review_presenters import Chosen, UndoableRow, WaitingRow
from portal.listings.shelves import Shelf
from portal.listings.version_presenters import Teller

_MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class BulkAct:
    """What is done to each listing that was ticked; ``{}`` in what is told is a number."""

    act: Act
    do: Callable[..., None]
    told: str
    left: str


_PUBLISH = BulkAct(
    Act.PUBLISH,
    publishing.publish,
    "{}件を公開しました。10分のあいだは、下の「いま公開したもの」から取り消せます。",
    "{}件は、ほかの人が変えたか、必要なことが足りないため、公開していません。",
)
_UNDO = BulkAct(
    Act.UNPUBLISH,
    undoing.undo_publication,
    "{}件の公開を取り消して、公開する前に戻しました。",
    "{}件は、10分を過ぎたか、そのあとで変えられたため、取り消していません。",
)


def index() -> str:
    """What waits, the longest first, and what the asker published just now."""
    session, user = db_session(), signed_in_user()
    wanted, page = DeskFilter(shelf=Shelf.IN_REVIEW), pagination.asked_page(request.args)
    bound = bound_of(user, Permission.WRITE_LISTINGS)
    total = desk_queries.count_listings(
        session, wanted, agency_id=bound, author_id=user.id, today=today()
    )
    return render_template(
        "listings/review.html",
        desk=desk_for(user.role),
        rows=_waiting(session, wanted, bound, page),
        total=total,
        around=pagination.steps(total, page, desk_queries.PER_PAGE),
        undoable=_undoable(session, bound),
    )


def publish_chosen() -> Response:
    """Publish what was ticked."""
    return _do_each(_PUBLISH)


def undo_chosen() -> Response:
    """Take publications back."""
    return _do_each(_UNDO)


def _waiting(
    session: Session, wanted: DeskFilter, bound: int | None, page: int
) -> tuple[WaitingRow, ...]:
    found = desk_queries.list_listings(
        session, wanted, agency_id=bound, author_id=0, today=today(), page=page
    )
    ids = {row.newest.id for row in found} | {
        row.listing.public_version_id for row in found if row.listing.public_version_id
    }
    submissions = desk_queries.last_submitted(session, [row.listing.id for row in found])
    names = user_queries.names_of(session, review_presenters.people(found, submissions))
    versions = version_queries.versions_by_id(session, ids)
    return review_presenters.waiting_rows(
        found,
        submissions=submissions,
        versions=versions,
        lacking={
            row.newest.id: readiness.lacking(session, versions[row.newest.id]) for row in found
        },
        names={number: name for number, (name, _) in names.items()},
        teller=Teller(
            resources().vocabulary,
            agency_queries.known_codes(session),
            relation_queries.titles_at_desk(session, versions.values()),
            today(),
        ),
    )


def _undoable(session: Session, bound: int | None) -> tuple[UndoableRow, ...]:
    now = resources().clock.now()
    found = undoing.find_undoable(session, signed_in_user(), agency_id=bound, now=now)
    return review_presenters.undoable_rows(found)


def _do_each(what: BulkAct) -> Response:
    """Do it to each in a transaction of its own, so that one that cannot be done keeps no other
    back."""
    chosen = review_presenters.read_chosen(request.form.getlist("chosen"))[:_MOST_AT_ONCE]
    done = sum(_do_one(what, one) for one in chosen)
    held = resources()
    held.indexer.drain_soon()
    held.mailer.deliver_soon()
    if not chosen:
        flash("何も選ばれていません。支援情報の左の四角に印を付けてください。")
    if done:
        flash(what.told.format(done))
    if done < len(chosen):
        flash(what.left.format(len(chosen) - done))
    return redirect(url_for(".index"), 303)


def _do_one(what: BulkAct, chosen: Chosen) -> bool:
    held, head = resources(), letterhead(announcing.PATH)
    now = held.clock.now()
    try:
        with write_transaction(held.sessions) as session:
            by = account_queries.get_user(session, signed_in_user().id)
            listing = desk_queries.get_for_desk(session, chosen.public_id, by)
            what.do(session, listing, by=by, seen=chosen.seen, now=now)
            announcing.announce(session, listing, what.act, by=by, letterhead=head, now=now)
    except (
        ChangedMeanwhileError,
        InvalidInputError,
        InvalidTransitionError,
        NotAllowedError,
        NotFoundError,
    ):
        return False
    return True


_ROUTES = (
    ("", "GET", index),
    ("/publish", "POST", publish_chosen),
    ("/undo", "POST", undo_chosen),
)

staff_blueprint = access.guarded_blueprint(
    STAFF_DESK.review,
    f"{STAFF_DESK.path}/review",
    Permission.PUBLISH_LISTINGS,
    _ROUTES,
    elsewhere=path_at_own_desk,
)
admin_blueprint = access.guarded_blueprint(
    ADMIN_DESK.review, f"{ADMIN_DESK.path}/review", Permission.USE_DESK, _ROUTES
)
