"""Labels of the vocabulary as the prefecture looks after them."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts.actors import actor_of
from portal.accounts.permissions import Permission
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Target
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError
from portal.extensions import db_session, resources
from portal.identity import signed_in_user
from portal.labels import presenters, queries, services
from portal.labels.content import mark_of
from portal.labels.forms import LabelForm
from portal.labels.presenters import LabelFilter, LabelRow
from portal.listings.vocabulary import Label, Term
from portal.spreadsheets import csv_headers

blueprint = Blueprint("labels_admin", __name__, url_prefix="/admin/vocabulary")

LONGEST_SEARCH = 100

_ASKED = ("q", "facet", "state")
_SAVE = "save"
"""What the button that stores asks for; without it, the form shows how it would look."""


@blueprint.get("")
@access.permission_required(Permission.MANAGE_VOCABULARY)
def index() -> str:
    """All labels, or those that are searched for."""
    found = _rows(request.args)
    groups = {
        title: [row for row in found if row.facet == facet]
        for facet, title in presenters.FACET_TITLES.items()
    }
    return render_template(
        "labels/labels.html",
        groups={title: rows for title, rows in groups.items() if rows},
        total=len(found),
        asked={name: text for name in _ASKED if (text := request.args.get(name))},
        facets=presenters.FACET_TITLES.items(),
        states=presenters.STATE_LABELS.items(),
    )


@blueprint.post("/export")
@access.permission_required(Permission.MANAGE_VOCABULARY)
def write_csv() -> Response:
    """The labels that are searched for as a file; that somebody took it is recorded."""
    held, found = resources(), _rows(request.form)
    with write_transaction(held.sessions) as session:
        audit.record(
            session,
            AuditAction.DATA_EXPORTED,
            actor=actor_of(signed_in_user()),
            target=Target("vocabulary_labels", "csv"),
            detail={"rows": len(found)},
            now=held.clock.now(),
        )
    return make_response("".join(presenters.labels_csv(found)), csv_headers("vocabulary.csv"))


@blueprint.get("/<facet>/<term_code>")
@access.permission_required(Permission.MANAGE_VOCABULARY)
def show(facet: str, term_code: str) -> str:
    """What a code is called, where that shows, and what can be done."""
    term = (facet, term_code)
    return _page(term, LabelForm.of(_label(term)))


@blueprint.post("/<facet>/<term_code>")
@access.permission_required(Permission.MANAGE_VOCABULARY)
@form_keeping.keeps(LabelForm)
def change(facet: str, term_code: str) -> Response:
    """Call a code by another label, or show how that would look."""
    form, held, term = LabelForm(request.form), resources(), (facet, term_code)
    before = _label(term)
    if request.form.get("action") != _SAVE:
        return _preview(term, form)
    try:
        with write_transaction(held.sessions) as session:
            has_changed = services.change_label(
                session,
                term,
                form.content(facet),
                shipped=held.shipped_vocabulary,
                actor=actor_of(signed_in_user()),
                now=held.clock.now(),
                seen=form.seen.data,
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_page(term, form), 422)
    except ChangedMeanwhileError:
        # What this request read before may be older than what another one changed.
        db_session().rollback()
        # Sending it once more, with both before one's eyes, is meant.
        form.seen.data = mark_of(_label(term))
        return make_response(_page(term, form, is_overtaken=True), 409)
    if not has_changed:
        return _back(term, "変わったところはありません。")
    return _back(term, presenters.told_of_change(before, form.content(facet)))


@blueprint.post("/<facet>/<term_code>/reset")
@access.permission_required(Permission.MANAGE_VOCABULARY)
def reset(facet: str, term_code: str) -> Response:
    """Call a code what ships."""
    held, term = resources(), (facet, term_code)
    try:
        with write_transaction(held.sessions) as session:
            has_changed = services.reset_label(
                session,
                term,
                shipped=held.shipped_vocabulary,
                actor=actor_of(signed_in_user()),
                now=held.clock.now(),
            )
    except InvalidInputError as error:
        db_session().rollback()
        problem = "はじめの表示名には戻せません。"
        problem += " ".join(each.message for each in error.problems)
        return make_response(_page(term, LabelForm.of(_label(term)), problem=problem), 422)
    told = "はじめの表示名に戻しました。" if has_changed else "もう、はじめの表示名です。"
    return _back(term, told)


def _back(term: Term, message: str) -> Response:
    flash(message)
    facet, code = term
    response = redirect(url_for("labels_admin.show", facet=facet, term_code=code), 303)
    # When the answer is out: hundreds of listings can carry one code.
    response.call_on_close(resources().indexer.drain_soon)
    return response


def _label(term: Term) -> Label:
    """What a code is called as this request's session sees it, which may have begun anew."""
    vocabulary = resources().vocabularies.current(db_session())
    return services.get_label(vocabulary, term)


def _preview(term: Term, form: LabelForm) -> Response:
    typed = form.content(term[0])
    problems = services.problems_of(resources().vocabularies.current(db_session()), term, typed)
    if problems:
        form.show(InvalidInputError(problems))
        return make_response(_page(term, form), 422)
    return make_response(_page(term, form, previewed=typed))


def _page(
    term: Term,
    form: LabelForm,
    *,
    is_overtaken: bool = False,
    previewed: Label | None = None,
    problem: str | None = None,
) -> str:
    session, facet, label = db_session(), term[0], _label(term)
    changed_at = queries.changed_at(session)
    return render_template(
        "labels/label.html",
        row=presenters.row(term, label, resources().shipped_vocabulary, changed_at),
        form=form,
        problem=presenters.OVERTAKEN if is_overtaken else problem,
        others=presenters.others(label, form.content(facet)) if is_overtaken else (),
        shown=presenters.shown_at(facet, previewed or label),
        is_preview=previewed is not None,
        listings=queries.count_published_with(session, term),
    )


def _rows(asked: MultiDict[str, str]) -> tuple[LabelRow, ...]:
    held, session = resources(), db_session()
    wanted = LabelFilter(
        text=asked.get("q", "")[:LONGEST_SEARCH],
        facet=_known(asked.get("facet", ""), presenters.FACET_TITLES),
        state=_known(asked.get("state", ""), presenters.STATE_LABELS),
    )
    return presenters.rows(
        held.vocabularies.current(session),
        held.shipped_vocabulary,
        queries.changed_at(session),
        wanted,
    )


def _known(code: str, labels: dict[str, str]) -> str:
    return code if code in labels else ""
