"""Where the files of a listing are added and removed."""

import logging

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal import access
from portal.accounts.permissions import Permission
from portal.attachments import inspection, presenters, queries, services, signatures
from portal.attachments.answers import file_answer
from portal.attachments.forms import AttachmentForm
from portal.attachments.inspection import Inspected
from portal.attachments.sizes import MOST_BYTES, MOST_FILES
from portal.db import write_transaction
from portal.errors import InvalidInputError, InvalidTransitionError
from portal.extensions import db_session, resources, today
from portal.identity import signed_in_user
from portal.listings.models import Listing, ListingState
from portal.publishing import transitions
from portal.publishing.acts import Act

logger = logging.getLogger(__name__)

blueprint = Blueprint(
    "attachments_staff", __name__, url_prefix="/staff/listings/<public_id>/attachments"
)

_LARGEST_FORM = 2 * MOST_BYTES
"""Bytes; what is a little too large is told in the page, and not by a cut connection."""
_NO_ROOM = (
    "いま、ファイルを置く場所に書き込めないため、まだ付けていません。時間をおいて、もう一度"
    "選んでください。続くときは、県の担当者にお知らせください。"
)
_PUT_AWAY = "この支援情報は保管中です。ファイルを変えるには、先に保管から戻してください。"


@blueprint.get("")
@access.permission_required(Permission.WRITE_LISTINGS)
def index(public_id: str) -> str:
    """The files of the newest version."""
    return _page(_listing(public_id), AttachmentForm())


@blueprint.post("")
@access.permission_required(Permission.WRITE_LISTINGS)
@access.takes_up_to(_LARGEST_FORM)
def add(public_id: str) -> Response:
    """Take a file that passes every check; another is told what is wrong with it."""
    form, held, listing = AttachmentForm(), resources(), _listing(public_id)
    try:
        file = _inspected(request.files.get("file"))
        digest = held.attachments.put(file.content)
        with write_transaction(held.sessions) as session:
            by = signed_in_user()
            services.add(
                session,
                queries.get_writable(session, public_id, by=by),
                file,
                digest,
                by=by,
                quota=held.settings.agency_quota,
                is_to_be_scanned=held.scanner is not None,
                now=held.clock.now(),
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_page(listing, form), 422)
    except InvalidTransitionError:
        return make_response(_page(listing, form, problem=_PUT_AWAY), 409)
    except OSError:
        # A full disk, above all; nothing of the file is left on it.
        logger.exception("no attachment can be kept")
        return make_response(_page(listing, form, problem=_NO_ROOM), 503)
    flash(f"「{file.name}」を付けました。{_when_shown(listing)}")
    return redirect(url_for(".index", public_id=public_id), 303)


@blueprint.post("/<int:number>/remove")
@access.permission_required(Permission.WRITE_LISTINGS)
def remove(public_id: str, number: int) -> Response:
    """Take a file off the newest version."""
    held, listing = resources(), _listing(public_id)
    try:
        with write_transaction(held.sessions) as session:
            by = signed_in_user()
            mine = queries.get_writable(session, public_id, by=by)
            file = services.remove(session, mine, number, by=by, now=held.clock.now())
    except InvalidTransitionError:
        return make_response(_page(listing, AttachmentForm(), problem=_PUT_AWAY), 409)
    flash(f"「{file.file_name}」を外しました。{_when_shown(listing)}")
    return redirect(url_for(".index", public_id=public_id), 303)


@blueprint.get("/<int:number>/<file_name>")
@access.permission_required(Permission.WRITE_LISTINGS)
def download(public_id: str, number: int, file_name: str) -> Response:
    """A file of any version, for those who write the listing or look it over."""
    file = queries.get_of_listing(db_session(), _listing(public_id), number, file_name)
    return file_answer(resources().attachments, file)


def _inspected(file: FileStorage | None) -> Inspected:
    if file is None or not file.filename:
        raise inspection.refused("PDFファイルを選んでください。")
    file.stream.seek(0, 2)
    size = file.stream.tell()
    if size > MOST_BYTES:
        raise inspection.refused(signatures.too_large(size))
    file.stream.seek(0)
    return inspection.inspect(file.filename, file.stream.read())


def _listing(public_id: str) -> Listing:
    return queries.get_writable(db_session(), public_id, by=signed_in_user())


def _when_shown(listing: Listing) -> str:
    """When the public sees what was done."""
    if listing.state != ListingState.PUBLISHED:
        return ""
    return "公開中のページは、この変更が公開されるまで変わりません。"


def _page(listing: Listing, form: AttachmentForm, *, problem: str | None = None) -> str:
    newest = listing.versions[-1]
    files = presenters.rows(queries.of_version(newest), today=today())
    return render_template(
        "attachments/staff_index.html",
        listing_id=listing.public_id,
        listing_title=newest.title,
        form=form,
        problem=problem,
        files=files,
        is_full=sum(file.code in ("open", "pending") for file in files) >= MOST_FILES,
        may_change=transitions.is_possible(listing, Act.SAVE),
        most_files=MOST_FILES,
    )
