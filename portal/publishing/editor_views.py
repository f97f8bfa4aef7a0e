"""Where listings are written: one page, which works without JavaScript."""

from collections.abc import Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts.letters import Letterhead
from portal.accounts.permissions import Permission
from portal.agencies import queries as agency_queries
from portal.agencies.models import Agency
from portal.attachments import presenters as attachment_presenters
from portal.attachments import queries as attachment_queries
from portal.attachments.presenters import AttachmentRow
from portal.db import write_transaction
from portal.errors import (
    ChangedMeanwhileError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)
from portal.extensions import (
    current_vocabulary,
    db_session,
    index_soon,
    letterhead,
    resources,
    today,
)
from portal.identity import signed_in_user
from portal.listings import body_markup, relation_presenters, relation_queries
from portal.listings.content import ListingContent
from portal.listings.models import Listing, ListingVersion
from portal.listings.version_content import content_of
from portal.publishing import (
    announcing,
    autosaving,
    condition_presenters,
    editor_presenters,
    editor_queries,
    prefilling,
    similar_presenters,
    transitions,
    writing,
)
from portal.publishing.acts import Act
from portal.publishing.editor_forms import ListingForm
from portal.publishing.editor_presenters import Extras
from portal.publishing.surroundings import Surroundings
from portal.publishing.writing import Plan
from portal.told_form import Called

blueprint = Blueprint("listing_editor", __name__, url_prefix="/staff/listings")

_ADD = {
    "add_round": "rounds",
    "add_event": "events",
    "add_relation": "relations",
    "find_listing": "",
}
"""Buttons that give the form back, and the group of which it then has one more, if any."""
_TAKE = "relate-"
"""Begins what a button sends that takes a listing for a relation."""
_ANNOUNCED = {Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE}
"""Acts that somebody gets a mail about."""
_SHOW_BODY, _SHOW_CONDITIONS = "show_body", "show_conditions"
_DISCARD, _MERGE = "discard", "merge"
_ATTACH = "attach"
"""A button that saves and leads to where files are added."""


def _called() -> Called:
    return editor_presenters.called(current_vocabulary(), _agency_names())


def _agency_names() -> dict[str, str]:
    return agency_queries.known_codes(db_session())


@blueprint.get("/new")
@access.permission_required(Permission.WRITE_LISTINGS)
def show_new() -> Response:
    """Where a listing is begun; who writes for all agencies says for which first. Conditions of a
    search may be given."""
    prefilled = prefilling.read(request.args, current_vocabulary())
    kept = autosaving.find(db_session(), signed_in_user(), autosaving.NEW)
    form = ListingForm.again(kept.fields) if kept else None
    agency = _agency(request.args.get("agency") or (form.text("agency") if form else ""))
    if agency is None:
        agencies = agency_queries.list_agencies(db_session())
        page = render_template(
            "publishing/editor_agency.html", agencies=agencies, asked=prefilled.pairs
        )
        return make_response(page)
    if form is None or kept is None or form.text("agency") != agency.code:
        return _page(ListingForm.for_agency(agency, prefilled), writing.begun(agency))
    if prefilled.pairs:
        flash(prefilling.KEPT_INSTEAD)
    since = editor_presenters.kept_at(kept.saved_at, today())
    return _page(form, writing.begun(agency), Extras(kept_at=since))


@blueprint.post("/new")
@access.permission_required(Permission.WRITE_LISTINGS)
@form_keeping.keeps(ListingForm, called=_called)
def create() -> Response:
    """Make a listing, or give the form back as one of its smaller buttons wants it."""
    form, held, user = ListingForm.typed(request.form), resources(), signed_in_user()
    agency = _agency(form.text("agency"))
    if agency is None:
        return redirect(url_for(".show_new"), 303)
    if form.text("agency") not in ("", agency.code):
        # Whoever writes belongs to another agency by now.
        extras = Extras(problem=editor_presenters.for_another_agency(agency))
        return _page(form, writing.begun(agency), extras, status=409)
    aside = _aside(form, writing.begun(agency))
    if aside is not None:
        return aside
    try:
        plan = form.plan(request.form.get("action", ""))
        content = _read(form, writing.begun(agency), plan)
        with write_transaction(held.sessions) as session:
            owner = agency_queries.get_by_code(session, agency.code)
            now = held.clock.now()
            listing = writing.write_new(
                session, owner, content, plan, by=user, letterhead=_letterhead(), now=now
            )
            autosaving.forget(session, user, autosaving.NEW)
    except InvalidInputError as error:
        form.show(error)
        return _page(form, writing.begun(agency), status=422)
    except NotAllowedError:
        extras = Extras(problem=editor_presenters.NOT_ALLOWED)
        return _page(form, writing.begun(agency), extras, status=403)
    return _saved(listing.public_id, plan.act)


@blueprint.get("/<own_id>/edit")
@access.permission_required(Permission.WRITE_LISTINGS)
def show(own_id: str) -> Response:
    """The newest version of a listing, or what its reader last typed over it."""
    session, user = db_session(), signed_in_user()
    listing = editor_queries.get_writable(session, own_id, by=user)
    if not transitions.is_possible(listing, Act.SAVE):
        flash("保管した支援情報は、保管から戻すと編集できます。")
        return redirect(url_for("listing_preview.show", own_id=own_id), 303)
    kept = autosaving.find(session, user, autosaving.about(listing))
    is_saved_one = request.args.get("saved") == "1"
    if kept is None or is_saved_one:
        extras = Extras(is_saved_one=kept is not None)
        return _page(_form_of(listing), listing, extras)
    since = editor_presenters.kept_at(kept.saved_at, today())
    return _page(ListingForm.again(kept.fields), listing, Extras(kept_at=since))


@blueprint.post("/<own_id>/edit")
@access.permission_required(Permission.WRITE_LISTINGS)
@form_keeping.keeps(ListingForm, called=_called)
def change(own_id: str) -> Response:
    """Save another wording and do with it what its writer wants."""
    form, held, user = ListingForm.typed(request.form), resources(), signed_in_user()
    listing = editor_queries.get_writable(db_session(), own_id, by=user)
    aside = _aside(form, listing)
    if aside is not None:
        return aside
    try:
        plan = form.plan(request.form.get("action", ""))
        content = _read(form, listing, plan)
        if request.form.get("action") == _MERGE:
            return _merged(form, listing, content)
        before = content_of(listing.versions[-1])
        with write_transaction(held.sessions) as session:
            found = editor_queries.get_writable(session, own_id, by=user)
            now = held.clock.now()
            is_changed = writing.write(
                session,
                found,
                content,
                plan,
                by=user,
                seen=form.seen,
                letterhead=_letterhead(),
                now=now,
            )
            autosaving.forget(session, user, autosaving.about(found))
    except InvalidInputError as error:
        form.show(error)
        return _page(form, listing, status=422)
    except ChangedMeanwhileError:
        return _overtaken(form, own_id, content)
    except NotAllowedError:
        extras = Extras(problem=editor_presenters.NOT_ALLOWED)
        return _page(form, _as_it_is(own_id), extras, status=403)
    except InvalidTransitionError:
        extras = Extras(problem=editor_presenters.MOVED_ON)
        return _page(form, _as_it_is(own_id), extras, status=409)
    if is_changed and condition_presenters.may_be_outdated(before, content):
        flash(condition_presenters.OUTDATED)
    return _saved(own_id, plan.act if is_changed else None)


def _files(version: ListingVersion) -> Sequence[AttachmentRow]:
    return attachment_presenters.rows(attachment_queries.of_version(version), today=today())


def _agency(code: str) -> Agency | None:
    return editor_queries.agency_to_write_for(db_session(), code, by=signed_in_user())


def _form_of(listing: Listing) -> ListingForm:
    newest = listing.versions[-1]
    return ListingForm.of(
        content_of(newest),
        number=newest.number,
        titles=relation_queries.titles_at_desk(db_session(), listing.versions),
        unpublish_at=listing.unpublish_at,
    )


def _as_it_is(own_id: str) -> Listing:
    # What this request read before may be older than what another one saved.
    db_session().rollback()
    return editor_queries.get_writable(db_session(), own_id, by=signed_in_user())


def _surroundings(listing: Listing) -> Surroundings:
    return Surroundings(
        db_session(),
        resources().index,
        current_vocabulary(),
        _agency_names(),
        listing,
        today(),
    )


def _read(form: ListingForm, listing: Listing, plan: Plan) -> ListingContent:
    return _surroundings(listing).read(form, form.others_typed(), plan.act)


def _aside(form: ListingForm, listing: Listing) -> Response | None:
    """The answer to a button that saves nothing; None if another was pressed."""
    asked = request.form.get("action", "")
    if asked in _ADD or asked.startswith(_TAKE):
        return _page(form, listing, Extras(added=_ADD.get(asked, "")))
    if asked == _SHOW_BODY:
        return _page(form, listing, Extras(shows_body=True))
    if asked == _SHOW_CONDITIONS:
        return _page(form, listing, Extras(shows_conditions=True))
    if asked != _DISCARD:
        return None
    is_there = listing.id is not None
    with write_transaction(resources().sessions) as session:
        subject = autosaving.about(listing if is_there else None)
        autosaving.forget(session, signed_in_user(), subject)
    flash("保存していない入力を消しました。")
    if is_there:
        return redirect(url_for(".show", own_id=listing.public_id), 303)
    return redirect(url_for(".show_new", agency=listing.agency.code), 303)


def _overtaken(form: ListingForm, own_id: str, content: ListingContent) -> Response:
    """The form as it was typed, with what somebody else saved meanwhile beside it."""
    held, user = resources(), signed_in_user()
    with write_transaction(held.sessions) as session:
        # So that looking at what was saved loses nothing.
        typed = form.sent(request.form)
        autosaving.keep(session, user, own_id, typed, now=held.clock.now())
    listing = _as_it_is(own_id)
    others = _surroundings(listing).disagreements(
        form.text("version"), content, form.others_typed()
    )
    form.began.data = form.version.data
    # Sending it once more, with both before one's eyes, is meant.
    form.version.data = str(listing.versions[-1].number)
    extras = Extras(problem=editor_presenters.OVERTAKEN, others=others)
    return _page(form, listing, extras, status=409)


def _merged(form: ListingForm, listing: Listing, typed: ListingContent) -> Response:
    """The form with what somebody else saved in all fields that its writer left alone."""
    around = _surroundings(listing)
    both = ListingForm.of(
        around.merged(form.text("began"), typed),
        number=listing.versions[-1].number,
        titles=around.titles(form.others_typed()),
        unpublish_at=listing.unpublish_at,
    )
    # Times belong to no version, so there is nothing to put together.
    both.publish_at.data = form.publish_at.data
    if not form.leaves_end:
        both.unpublish_at.data = form.unpublish_at.data
    return _page(both, listing, Extras(is_merged=True))


def _letterhead() -> Letterhead:
    return letterhead(announcing.PATH)


def _saved(own_id: str, act: Act | None) -> Response:
    if act is Act.PUBLISH:
        index_soon()
    if act in _ANNOUNCED:
        resources().mailer.deliver_soon()
    standing = editor_presenters.standing(_as_it_is(own_id), signed_in_user(), today=today())
    told = editor_presenters.said_after(act, standing) if act else None
    if request.form.get("action") == _ATTACH:
        if told:
            flash(told)
        return redirect(url_for("attachments_staff.index", public_id=own_id), 303)
    flash(told or editor_presenters.NOTHING_CHANGED)
    if act in _ANNOUNCED:
        # It is out of the writer's hands: how it stands, and not one more form.
        return redirect(url_for("listing_desk.show", public_id=own_id), 303)
    return redirect(url_for(".show", own_id=own_id, copied=request.args.get("copied")), 303)


def _page(
    form: ListingForm, listing: Listing, extras: Extras | None = None, *, status: int = 200
) -> Response:
    extras = extras or Extras()
    agency = listing.agency
    standing = editor_presenters.standing(listing, signed_in_user(), today=today())
    body = form.text("body") if extras.shows_body else ""
    around = _surroundings(listing)
    meanings = around.meanings(form.others_typed())
    meant = similar_presenters.meaning_rows(meanings, own_agency_id=listing.agency_id)
    form.show_listings({name: row.found.text for name, row in meant.items() if row.found})
    page = render_template(
        "publishing/editor.html",
        form=form,
        standing=standing,
        publish_label=editor_presenters.publish_label(standing),
        choices=editor_presenters.choices(
            around.vocabulary, around.agency_names, own_code=agency.code
        ),
        conditions=condition_presenters.panel(form, around.vocabulary),
        problem=extras.problem,
        extras=extras,
        # As long as one writes on a copy.
        to_confirm=around.to_confirm() if request.args.get("copied") == "1" else (),
        similar=around.similar(form.text("title")) if status == 200 else (),
        **form.shown(added=extras.added),
        meanings=meant,
        said_of_it=relation_presenters.told_of_it(db_session(), listing),
        body=body_markup.render(body) if body else None,
        attachments=_files(listing.versions[-1]) if listing.versions else (),
    )
    return make_response(page, status)
