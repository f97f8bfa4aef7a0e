"""What the editor asks for while somebody types; it works without."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from portal import access
from portal.accounts.permissions import Permission
from portal.agencies.models import Agency
from portal.db import write_transaction
from portal.extensions import db_session, resources, today
from portal.identity import signed_in_user
from portal.listings import body_markup, relation_queries
from portal.listings.models import Listing
from portal.publishing import autosaving, editor_presenters, editor_queries, similar_presenters
from portal.publishing.editor_forms import ListingForm
from portal.publishing.relatable import Relatable
from portal.publishing.similar import similar
from portal.publishing.typed_fields import LONGEST

blueprint = Blueprint("listing_typing", __name__, url_prefix="/staff/listings")


@blueprint.post("/new/autosave")
@access.permission_required(Permission.WRITE_LISTINGS)
def keep_new() -> Response:
    """Keep the form of a listing that is not there yet."""
    return _keep(autosaving.NEW)


@blueprint.post("/<own_id>/autosave")
@access.permission_required(Permission.WRITE_LISTINGS)
def keep(own_id: str) -> Response:
    """Keep the form of a listing."""
    listing = editor_queries.get_writable(db_session(), own_id, by=signed_in_user())
    return _keep(autosaving.about(listing))


@blueprint.post("/body")
@access.permission_required(Permission.WRITE_LISTINGS)
def render_body() -> Response:
    """A body as the page will show it."""
    body = request.form.get("body", "")[: LONGEST["body"]]
    return make_response(str(body_markup.render(body)))


@blueprint.get("/similar")
@access.permission_required(Permission.WRITE_LISTINGS)
def list_similar() -> str:
    """Listings that are like a title, as a part of a page; ``about`` is the one it is typed for,
    else ``agency`` whose it is going to be."""
    session = db_session()
    listing, agency = _written()
    if agency is None:
        return ""
    found = similar(
        session,
        resources().index,
        request.args.get("title", "")[: LONGEST["title"]],
        agency_id=agency.id,
        itself=listing.id if listing else None,
        today=today(),
    )
    rows = similar_presenters.rows(found, own_agency_id=agency.id)
    return render_template("publishing/_similar.html", similar=rows)


@blueprint.get("/relatable")
@access.permission_required(Permission.WRITE_LISTINGS)
def list_relatable() -> str:
    """Listings that a text may mean which is typed for one that is related, as a part of a page;
    ``number`` is that of the relation, ``about`` and ``agency`` as for a title."""
    listing, agency = _written()
    text = request.args.get("text", "")[: LONGEST["url"]].strip()
    if agency is None or not text:
        return ""
    finding = Relatable(
        db_session(),
        resources().index,
        agency_id=agency.id,
        itself=listing.id if listing else None,
        named=relation_queries.ids_named_by(listing.versions[-1:] if listing else ()),
        today=today(),
    )
    meant = similar_presenters.meaning_row(finding.meaning(text), own_agency_id=agency.id)
    number = request.args.get("number", 0, type=int)
    return render_template("publishing/_relatable.html", meant=meant, number=number)


def _written() -> tuple[Listing | None, Agency | None]:
    """The listing that is being written, if it is there yet, and whose it is."""
    session, user = db_session(), signed_in_user()
    own_id = request.args.get("about")
    if own_id:
        listing = editor_queries.get_writable(session, own_id, by=user)
        return listing, listing.agency
    code = request.args.get("agency", "")
    return None, editor_queries.agency_to_write_for(session, code, by=user)


def _keep(subject: str) -> Response:
    held, now = resources(), resources().clock.now()
    typed = ListingForm().sent(request.form)
    with write_transaction(held.sessions) as session:
        autosaving.keep(session, signed_in_user(), subject, typed, now=now)
    return make_response({"saved_at": editor_presenters.kept_at(now, today())})
