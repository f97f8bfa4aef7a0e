"""Versions of a listing at the desk of its agency: one as the public would see it, two beside each
other, an older one brought back, and what waits beside what the public sees."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access
from portal.accounts import queries as account_queries
from portal.accounts.permissions import Permission
from portal.agencies import queries as agency_queries
from portal.attachments import presenters as attachment_presenters
from portal.attachments import queries as attachment_queries
from portal.attachments.presenters import AttachmentRow
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError, InvalidTransitionError
from portal.extensions import current_vocabulary, db_session, resources, today
from portal.identity import signed_in_user
from portal.listings import detail_presenters, relation_presenters, relation_queries
from portal.listings.detail_presenters import ListingPage
from portal.listings.models import Listing, ListingVersion
from portal.listings.relation_presenters import Relations
from portal.listings.version_content import content_of
from portal.publishing import (
    condition_presenters,
    desk_page_presenters,
    desk_queries,
    editing,
    readiness,
    version_presenters,
    version_queries,
)
from portal.publishing.desk_forms import ActForm, ReturnForm
from portal.publishing.desk_page_presenters import OVERTAKEN, DeskPage
from portal.publishing.listing_desks import desk_for
from portal.publishing.version_presenters import ChangedField, Teller

blueprint = Blueprint("listing_versions", __name__, url_prefix="/staff/listings/<public_id>")

_WRITE = access.permission_required(Permission.WRITE_LISTINGS)


@blueprint.get("/versions/<int:version_number>")
@_WRITE
def show(public_id: str, version_number: int) -> str:
    """A version as the public would see it."""
    listing = desk_queries.get_for_desk(db_session(), public_id, signed_in_user())
    version = version_queries.get_version(db_session(), listing, version_number)
    return render_template(
        "publishing/version.html",
        desk=desk_for(signed_in_user().role),
        its=_desk_page(listing),
        number=version.number,
        is_public=version.id == listing.public_version_id,
        page=_public_view(listing, version),
        attachments=_files(version),
        file_endpoint="attachments_staff.download",
        relations=_relations(version),
    )


@blueprint.post("/versions/<int:version_number>/restore")
@_WRITE
def restore(public_id: str, version_number: int) -> Response:
    """Make what an older version says the newest version."""
    form, held = ActForm(request.form), resources()
    try:
        with write_transaction(held.sessions) as session:
            by = account_queries.get_user(session, signed_in_user().id)
            listing = desk_queries.get_for_desk(session, public_id, by)
            older = version_queries.get_version(session, listing, version_number)
            made = editing.save(
                session,
                listing,
                content_of(older),
                by=by,
                seen=form.seen_number,
                now=held.clock.now(),
            )
    except (ChangedMeanwhileError, InvalidTransitionError):
        flash(OVERTAKEN)
    except InvalidInputError as error:
        flash(f"第{version_number}版の内容には戻せません。{error}")
    else:
        flash(
            f"第{version_number}版の内容で、第{made.number}版を作りました。まだ公開していません。"
            if made
            else f"いまの内容は、第{version_number}版と同じです。"
        )
    return redirect(url_for("listing_desk.show", public_id=public_id), 303)


@blueprint.get("/compare")
@_WRITE
def compare(public_id: str) -> str:
    """What differs between two versions, whichever is named first."""
    session = db_session()
    listing = desk_queries.get_for_desk(session, public_id, signed_in_user())
    newest = version_queries.count_versions(session, listing.id)
    asked = {request.args.get(name, default, type=int) for name, default in _both(newest)}
    before, after = (
        version_queries.get_version(session, listing, number) for number in (min(asked), max(asked))
    )
    return render_template(
        "publishing/compare.html",
        desk=desk_for(signed_in_user().role),
        its=_desk_page(listing),
        before=before.number,
        after=after.number,
        versions=version_presenters.version_choices(
            version_queries.list_stamps(session, listing.id), today()
        ),
        changed=_changed(before, after),
    )


def _both(newest: int) -> tuple[tuple[str, int], tuple[str, int]]:
    """The fields of the form, and the versions that are compared where none are chosen."""
    return ("before", max(newest - 1, 1)), ("after", newest)


@blueprint.get("/review")
@_WRITE
def review(public_id: str) -> str:
    """What waits as the public would see it, and what in it differs from what the public sees."""
    listing = desk_queries.get_for_desk(db_session(), public_id, signed_in_user())
    newest = version_queries.get_newest(db_session(), listing)
    shown_id = listing.public_version_id
    shown = version_queries.versions_by_id(db_session(), [shown_id]) if shown_id else {}
    return render_template(
        "publishing/review_page.html",
        desk=desk_for(signed_in_user().role),
        its=_desk_page(listing),
        form=ReturnForm(),
        is_first=shown_id is None,
        changed=_changed(shown[shown_id], newest) if shown_id else (),
        check=condition_presenters.check_words(content_of(newest), current_vocabulary()),
        page=_public_view(listing, newest),
        attachments=_files(newest),
        file_endpoint="attachments_staff.download",
        relations=_relations(newest),
    )


def _desk_page(listing: Listing) -> DeskPage:
    newest = version_queries.get_newest(db_session(), listing)
    return desk_page_presenters.desk_page(
        listing,
        newest,
        signed_in_user(),
        lacking=readiness.lacking(db_session(), newest),
        undoable=None,
        today=today(),
    )


def _public_view(listing: Listing, version: ListingVersion) -> ListingPage:
    return detail_presenters.page(
        listing, today=today(), vocabulary=current_vocabulary(), version=version
    )


def _files(version: ListingVersion) -> Sequence[AttachmentRow]:
    return attachment_presenters.rows(attachment_queries.of_version(version), today=today())


def _relations(version: ListingVersion) -> Relations:
    shown = relation_queries.list_shown(db_session(), version)
    return relation_presenters.relations(shown, today=today(), vocabulary=current_vocabulary())


def _changed(before: ListingVersion, after: ListingVersion) -> tuple[ChangedField, ...]:
    session = db_session()
    names = agency_queries.known_codes(session)
    titles = relation_queries.titles_at_desk(session, (before, after))
    teller = Teller(current_vocabulary(), names, titles, today())
    return version_presenters.changed_fields(teller.between(before, after))
