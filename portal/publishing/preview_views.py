"""A listing as the public would see it, for those who write it."""

from flask import Blueprint, render_template

from portal import access
from portal.accounts.permissions import Permission
from portal.attachments import presenters as attachment_presenters
from portal.attachments import queries as attachment_queries
from portal.extensions import current_vocabulary, db_session, today
from portal.identity import signed_in_user
from portal.listings import detail_presenters, relation_presenters, relation_queries
from portal.listings.version_content import content_of
from portal.publishing import (
    condition_presenters,
    copying,
    editor_presenters,
    editor_queries,
    readiness,
)

blueprint = Blueprint("listing_preview", __name__, url_prefix="/staff/listings")


@blueprint.get("/<own_id>/preview")
@access.permission_required(Permission.WRITE_LISTINGS)
def show(own_id: str) -> str:
    """The page that the public would see if the newest version were published."""
    session = db_session()
    listing = editor_queries.get_writable(session, own_id, by=signed_in_user())
    version = listing.versions[-1]
    shown = relation_queries.list_shown(session, version)
    return render_template(
        "publishing/preview.html",
        page=detail_presenters.page(
            listing, today=today(), vocabulary=current_vocabulary(), version=version
        ),
        standing=editor_presenters.standing(listing, signed_in_user(), today=today()),
        check=condition_presenters.check_words(content_of(version), current_vocabulary()),
        is_new_copy=copying.is_new_copy(listing, content_of(version)),
        missing=[problem.message for problem in readiness.lacking(session, version)],
        attachments=attachment_presenters.rows(
            attachment_queries.of_version(version), today=today()
        ),
        file_endpoint="attachments_staff.download",
        relations=relation_presenters.relations(
            shown, today=today(), vocabulary=current_vocabulary()
        ),
        related=(),
        structured_data=(),
    )
