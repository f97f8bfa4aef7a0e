"""Synonyms as the prefecture looks after them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal import access, form_keeping, pagination
from portal.accounts.actors import actor_of
from portal.accounts.permissions import Permission
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Target
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError
from portal.extensions import db_session, find, resources, today
from portal.identity import signed_in_user
from portal.proposals import queries as proposal_queries
from portal.search import (
    addresses,
    notices,
    synonym_presenters,
    synonym_queries,
    synonym_services,
    synonym_trial,
    synonyms,
)
from portal.search.models import LONGEST_MEMBER, SynonymCategory, SynonymGroup
from portal.search.params import SearchParams, read_text
from portal.search.synonym_content import content_of, mark_of
from portal.search.synonym_forms import SynonymForm
from portal.search.synonym_queries import SynonymFilter, SynonymState
from portal.spreadsheets import csv_headers
from portal.told_form import Called

blueprint = Blueprint("synonyms_admin", __name__, url_prefix="/admin/synonyms")

Act = Callable[..., bool]

_ASKED = ("q", "category", "state")


def _called() -> Called:
    return {"category": dict(synonym_presenters.category_choices())}


@blueprint.get("")
@access.permission_required(Permission.MANAGE_VOCABULARY)
def index() -> str:
    """All groups, or those that are searched for."""
    session, wanted = db_session(), _filter(request.args)
    ids = synonym_queries.find_ids(session, wanted)
    page, per_page = pagination.asked_page(request.args), synonym_queries.PER_PAGE
    of_page = ids[(page - 1) * per_page : page * per_page]
    groups = synonym_queries.list_by_ids(session, of_page)
    return render_template(
        "search/synonyms.html",
        rows=[synonym_presenters.group_row(group, text=wanted.text) for group in groups],
        total=len(ids),
        open_proposals=proposal_queries.count_open(session),
        removed=0 if ids or wanted.state else _count_removed(wanted),
        around=pagination.steps(len(ids), page, per_page),
        asked={name: text for name in _ASKED if (text := request.args.get(name))},
        categories=synonym_presenters.category_choices(),
        states=synonym_presenters.STATE_LABELS.items(),
    )


@blueprint.post("/export")
@access.permission_required(Permission.MANAGE_VOCABULARY)
def write_csv() -> Response:
    """The groups that are searched for as a file; that somebody took it is recorded."""
    held = resources()
    with write_transaction(held.sessions) as session:
        ids = synonym_queries.find_ids(session, _filter(request.form))
        groups = synonym_queries.list_by_ids(session, ids)
        audit.record(
            session,
            AuditAction.DATA_EXPORTED,
            actor=actor_of(signed_in_user()),
            target=Target("synonym_groups", "csv"),
            detail={"rows": len(groups)},
            now=held.clock.now(),
        )
    return make_response(
        "".join(synonym_presenters.groups_csv(groups)), csv_headers("synonyms.csv")
    )


@blueprint.get("/trial")
@access.permission_required(Permission.MANAGE_VOCABULARY)
def try_out() -> str:
    """What a text that is searched for is widened by, as the search itself tells it."""
    session = db_session()
    text, problems = read_text(request.args.get("q", ""))
    if not text:
        return render_template("search/synonym_trial.html", text="", found=None)
    found = find(SearchParams(text, problems=problems))
    tried = synonym_trial.explain(
        found.results.interpretation.synonyms,
        synonym_queries.words_in_force(session),
        index=resources().index,
        on=today(),
    )
    ids = list(dict.fromkeys(group_id for each in tried for group_id in each.group_ids))
    return render_template(
        "search/synonym_trial.html",
        text=text,
        found=found,
        lines=synonym_presenters.tried_lines(tried, synonym_queries.list_by_ids(session, ids)),
        notices=notices.notices(found),
        address=addresses.of_params(found.params),
    )


@blueprint.get("/new")
@access.permission_required(Permission.MANAGE_VOCABULARY)
def show_new() -> str:
    """Where a group is added; a word may be given."""
    word = " ".join(request.args.get("word", "").split())[:LONGEST_MEMBER]
    return _new_page(SynonymForm(members=f"{word}\n" if word else ""))


@blueprint.post("/new")
@access.permission_required(Permission.MANAGE_VOCABULARY)
@form_keeping.keeps(SynonymForm, called=_called)
def create() -> Response:
    """Add a group."""
    form, held = SynonymForm(request.form), resources()
    try:
        with write_transaction(held.sessions) as session:
            actor = actor_of(signed_in_user())
            group = synonym_services.add_group(
                session, form.content(), actor=actor, now=held.clock.now()
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_new_page(form), 422)
    return _back(group.id, f"「{group.texts[0]}」の組を足しました。次の検索から使われます。")


@blueprint.get("/<int:group_id>")
@access.permission_required(Permission.MANAGE_VOCABULARY)
def show(group_id: int) -> str:
    """What a group says, what it does, and what can be done."""
    group = synonym_queries.get_group(db_session(), group_id)
    return _page(group, SynonymForm.of(content_of(group)))


@blueprint.post("/<int:group_id>")
@access.permission_required(Permission.MANAGE_VOCABULARY)
@form_keeping.keeps(SynonymForm, called=_called)
def change(group_id: int) -> Response:
    """Give a group other words, another category or note."""
    form, held = SynonymForm(request.form), resources()
    try:
        with write_transaction(held.sessions) as session:
            has_changed = synonym_services.change_group(
                session,
                synonym_queries.get_group(session, group_id),
                form.content(),
                actor=actor_of(signed_in_user()),
                now=held.clock.now(),
                seen=form.seen.data,
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_page(_as_it_is(group_id), form), 422)
    except ChangedMeanwhileError:
        group = _as_it_is(group_id)
        # Sending it once more, with both before one's eyes, is meant.
        form.seen.data = mark_of(content_of(group))
        return make_response(_page(group, form, is_overtaken=True), 409)
    told = (
        "変更しました。次の検索から使われます。" if has_changed else "変わったところはありません。"
    )
    return _back(group_id, told)


def _do(group_id: int, *, act: Act, told: str) -> Response:
    held = resources()
    with write_transaction(held.sessions) as session:
        group = synonym_queries.get_group(session, group_id)
        act(session, group, actor=actor_of(signed_in_user()), now=held.clock.now())
    return _back(group_id, told)


_ACTS: dict[str, tuple[Act, str]] = {
    "disable": (synonym_services.disable_group, "止めました。次の検索から使われません。"),
    "enable": (synonym_services.enable_group, "再開しました。次の検索から使われます。"),
    "remove": (
        synonym_services.remove_group,
        "一覧から外しました。次の検索から使われません。この画面から戻せます。",
    ),
    "restore": (synonym_services.restore_group, "一覧に戻しました。"),
    "reset": (synonyms.restore_shipped, "はじめの内容に戻しました。次の検索から使われます。"),
}
"""What one click does to a group, and says afterwards."""

for _name, (_act, _told) in _ACTS.items():
    _view = access.permission_required(Permission.MANAGE_VOCABULARY)(
        partial(_do, act=_act, told=_told)
    )
    blueprint.add_url_rule(f"/<int:group_id>/{_name}", _name, _view, methods=["POST"])


def _back(group_id: int, message: str) -> Response:
    flash(message)
    return redirect(url_for("synonyms_admin.show", group_id=group_id), 303)


def _as_it_is(group_id: int) -> SynonymGroup:
    # What this request read before may be older than what another one changed.
    db_session().rollback()
    return synonym_queries.get_group(db_session(), group_id)


def _new_page(form: SynonymForm) -> str:
    categories = synonym_presenters.category_choices()
    return render_template("search/new_synonym.html", form=form, categories=categories)


def _page(group: SynonymGroup, form: SynonymForm, *, is_overtaken: bool = False) -> str:
    session = db_session()
    shared = synonym_queries.list_shared_members(session, group)
    ids = list(dict.fromkeys(member.group_id for member in shared))
    return render_template(
        "search/synonym.html",
        row=synonym_presenters.group_row(group),
        form=form,
        problem=synonym_presenters.OVERTAKEN if is_overtaken else None,
        others=synonym_presenters.others(group, form.content()) if is_overtaken else (),
        shared=synonym_presenters.shared_lines(shared, synonym_queries.list_by_ids(session, ids)),
        categories=synonym_presenters.category_choices(),
    )


def _filter(asked: MultiDict[str, str]) -> SynonymFilter:
    category, state = asked.get("category", ""), asked.get("state", "")
    return SynonymFilter(
        text=asked.get("q", "")[: synonym_queries.LONGEST_SEARCH],
        category=SynonymCategory(category) if category in list(SynonymCategory) else None,
        state=SynonymState(state) if state in list(SynonymState) else None,
    )


def _count_removed(wanted: SynonymFilter) -> int:
    """How many groups that were removed would be found."""
    removed = replace(wanted, state=SynonymState.REMOVED)
    return len(synonym_queries.find_ids(db_session(), removed))
