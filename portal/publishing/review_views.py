"""What waits to be approved: an agency's under ``/staff/review``, that of all agencies under
``/admin/review``. What is done to many at once is in ``bulk_views``."""

from flask import render_template, request
from sqlalchemy.orm import Session

from portal import access, pagination
from portal.accounts import user_queries
from portal.accounts.bounds import bound_of
from portal.accounts.permissions import Permission
from portal.agencies import queries as agency_queries
from portal.extensions import (
    current_vocabulary,
    db_session,
    resources,
    today,
)
from portal.identity import signed_in_user
from portal.listings import relation_queries
from portal.publishing import (
    bulk_presenters,
    desk_queries,
    readiness,
    review_presenters,
    undoing,
    version_queries,
)
from portal.publishing.desk_queries import DeskFilter
from portal.publishing.listing_desks import ADMIN_DESK, STAFF_DESK, desk_for, path_at_own_desk
from portal.publishing.review_presenters import WaitingRow
from portal.publishing.shelves import Shelf
from portal.publishing.version_presenters import Teller


def index() -> str:
    """What waits, the longest first, and what the asker did just now."""
    session, user = db_session(), signed_in_user()
    wanted, page = DeskFilter(shelf=Shelf.IN_REVIEW), pagination.asked_page(request.args)
    bound = bound_of(user, Permission.WRITE_LISTINGS)
    total = desk_queries.count_listings(
        session, wanted, agency_id=bound, author_id=user.id, today=today()
    )
    return render_template(
        "publishing/review.html",
        desk=desk_for(user.role),
        rows=_waiting(session, wanted, bound, page),
        total=total,
        around=pagination.steps(total, page, desk_queries.PER_PAGE),
        undoable=bulk_presenters.undoable_rows(
            undoing.find_undoable(session, user, agency_id=bound, now=resources().clock.now())
        ),
    )


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
            current_vocabulary(),
            agency_queries.known_codes(session),
            relation_queries.titles_at_desk(session, versions.values()),
            today(),
        ),
    )


_ROUTES = (("", "GET", index),)

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
