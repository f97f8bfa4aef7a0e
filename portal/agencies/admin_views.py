"""The agencies as the prefecture looks after them."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts.actors import actor_of
from portal.accounts.permissions import Permission
from portal.agencies import admin_presenters, export, queries, services
from portal.agencies.details import Places, mark_of
from portal.agencies.forms import AgencyForm
from portal.agencies.models import Agency
from portal.agencies.queries import AgencyFilter
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Target
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError
from portal.extensions import current_vocabulary, db_session, index_soon, resources
from portal.identity import signed_in_user
from portal.listings import agency_services
from portal.spreadsheets import csv_headers
from portal.told_form import Called

blueprint = Blueprint("agencies_admin", __name__, url_prefix="/admin/agencies")

_LONGEST_TEXT = 200


def _called() -> Called:
    vocabulary = current_vocabulary()
    return admin_presenters.called(vocabulary.levels, vocabulary.regions)


@blueprint.get("")
@access.permission_required(Permission.MANAGE_AGENCIES)
def index() -> str:
    """All agencies, or those that are searched for."""
    vocabulary = current_vocabulary()
    agencies = queries.list_matching(db_session(), _filter(request.args))
    return render_template(
        "agencies/admin_index.html",
        rows=admin_presenters.rows(agencies, levels=vocabulary.levels, regions=vocabulary.regions),
        choices=admin_presenters.choices(vocabulary.levels, vocabulary.regions),
        asked=request.args,
    )


@blueprint.post("/export")
@access.permission_required(Permission.MANAGE_AGENCIES)
def write_csv() -> Response:
    """The agencies that are searched for as a file; that somebody took it is recorded."""
    held = resources()
    with write_transaction(held.sessions) as session:
        agencies = queries.list_matching(session, _filter(request.form))
        audit.record(
            session,
            AuditAction.DATA_EXPORTED,
            actor=actor_of(signed_in_user()),
            target=Target("agencies", "csv"),
            detail={"rows": len(agencies)},
            now=held.clock.now(),
        )
    chunks = export.agencies_csv(
        agencies, levels=current_vocabulary().levels, regions=current_vocabulary().regions
    )
    return make_response("".join(chunks), csv_headers("agencies.csv"))


@blueprint.get("/new")
@access.permission_required(Permission.MANAGE_AGENCIES)
def show_new() -> str:
    """Where an agency is added."""
    return _form_page(AgencyForm())


@blueprint.post("/new")
@access.permission_required(Permission.MANAGE_AGENCIES)
@form_keeping.keeps(AgencyForm, called=_called)
def create() -> Response:
    """Add an agency."""
    form, held = AgencyForm(request.form), resources()
    try:
        with write_transaction(held.sessions) as session:
            agency = services.create(
                session,
                form.code.data or "",
                form.details(),
                places=_places(),
                actor=actor_of(signed_in_user()),
                now=held.clock.now(),
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_form_page(form), 422)
    flash(f"{agency.name}を足しました。")
    return redirect(url_for("agencies_admin.index"), 303)


@blueprint.get("/<code>/edit")
@access.permission_required(Permission.MANAGE_AGENCIES)
def show(code: str) -> str:
    """All that is known of an agency, to be changed."""
    agency = queries.get_by_code(db_session(), code)
    details = services.details_of(agency)
    return _form_page(AgencyForm(obj=details, seen=mark_of(details)), agency)


@blueprint.post("/<code>/edit")
@access.permission_required(Permission.MANAGE_AGENCIES)
@form_keeping.keeps(AgencyForm, called=_called)
def change(code: str) -> Response:
    """Give an agency other details; listings that name it follow in the index."""
    form, held = AgencyForm(request.form), resources()
    agency = queries.get_by_code(db_session(), code)
    try:
        with write_transaction(held.sessions) as session:
            has_changed = agency_services.change_agency(
                session,
                queries.get_by_code(session, code),
                form.details(),
                places=_places(),
                actor=actor_of(signed_in_user()),
                now=held.clock.now(),
                seen=form.seen.data,
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_form_page(form, agency), 422)
    except ChangedMeanwhileError:
        # Sending it once more, with both before one's eyes, is meant.
        form.seen.data = mark_of(services.details_of(agency))
        return make_response(_form_page(form, agency, is_overtaken=True), 409)
    index_soon()
    name = form.name.data
    flash(f"{name}を変更しました。" if has_changed else f"{name}に変わったところはありません。")
    return redirect(url_for("agencies_admin.index"), 303)


def _filter(asked: MultiDict[str, str]) -> AgencyFilter:
    vocabulary = current_vocabulary()
    level, region = asked.get("level", ""), asked.get("region", "")
    area = vocabulary.tree.areas.get(region)
    return AgencyFilter(
        text=asked.get("q", "")[:_LONGEST_TEXT],
        level=level if level in vocabulary.levels else "",
        regions={region, *(area.municipalities if area else ())} if region else (),
    )


def _places() -> Places:
    vocabulary = current_vocabulary()
    return Places(vocabulary.regions, vocabulary.tree.municipalities)


def _form_page(
    form: AgencyForm, agency: Agency | None = None, *, is_overtaken: bool = False
) -> str:
    vocabulary = current_vocabulary()
    levels, regions = vocabulary.levels, vocabulary.regions
    others = admin_presenters.others
    return render_template(
        "agencies/admin_form.html",
        form=form,
        agency=agency,
        problem=admin_presenters.OVERTAKEN if is_overtaken else None,
        others=others(agency, form.details(), levels=levels, regions=regions)
        if agency and is_overtaken
        else (),
        choices=admin_presenters.choices(levels, regions),
    )
