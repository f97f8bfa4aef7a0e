"""Proposals for the synonyms: clerks make them under ``/staff/demand/proposals``, administrators
add or decline them under ``/admin/demand/proposals``."""

from collections.abc import Iterable

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping, pagination
from portal.accounts import user_queries
from portal.accounts.actors import actor_of
from portal.accounts.bounds import bound_of
from portal.accounts.permissions import Permission
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError, NotFoundError
from portal.extensions import db_session, resources, today
from portal.identity import signed_in_user
from portal.proposals import presenters, queries, services
from portal.proposals.desks import ADMIN_DESK, STAFF_DESK, path_at_own_desk
from portal.proposals.forms import DeclineForm, ProposalForm
from portal.proposals.models import SynonymProposal
from portal.proposals.presenters import ProposalRow
from portal.proposals.services import ProposalContent
from portal.search import equivalents, synonym_queries
from portal.search.models import LONGEST_MEMBER


def index_own() -> str:
    """What the agency proposed, and what became of it."""
    session, agency_id = db_session(), _agency_id()
    page = pagination.asked_page(request.args)
    total = queries.count_of_agency(session, agency_id)
    found = queries.list_of_agency(session, agency_id, page=page)
    return render_template(
        "proposals/own.html",
        desk=STAFF_DESK,
        rows=_rows(found),
        total=total,
        around=pagination.steps(total, page, queries.PER_PAGE),
    )


def show_new() -> str:
    """Where synonyms are proposed; the word that was searched for may be given."""
    word = " ".join(request.args.get("word", "").split())[:LONGEST_MEMBER]
    return _new_page(ProposalForm(word=word))


@form_keeping.keeps(ProposalForm)
def propose() -> Response:
    """Send a proposal to the administrators."""
    form, held, user = ProposalForm(request.form), resources(), signed_in_user()
    agency_id = _agency_id()
    try:
        with write_transaction(held.sessions) as session:
            services.propose(
                session,
                form.content(),
                agency_id=agency_id,
                author_id=user.id,
                actor=actor_of(user),
                now=held.clock.now(),
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_new_page(form), 422)
    flash("提案しました。管理者が確かめます。結果は、この画面に出ます。")
    return redirect(url_for("proposals_staff.index_own"), 303)


def index() -> str:
    """What waits for a decision, and what was decided."""
    return _page()


def accept(proposal_id: int) -> Response:
    """Add what was proposed."""
    held = resources()
    try:
        with write_transaction(held.sessions) as session:
            proposal = queries.get_proposal(session, proposal_id)
            is_done = services.accept(
                session, proposal, actor=actor_of(signed_in_user()), now=held.clock.now()
            )
            told = _told(proposal.word, proposal.equivalents)
    except InvalidInputError as error:
        return _refused(error)
    return _back(told if is_done else presenters.DECIDED)


@form_keeping.keeps(DeclineForm)
def decline(proposal_id: int) -> Response:
    """Say why what was proposed will not be added."""
    form, held = DeclineForm(request.form), resources()
    try:
        with write_transaction(held.sessions) as session:
            services.decline(
                session,
                queries.get_proposal(session, proposal_id),
                form.reason.data or "",
                actor=actor_of(signed_in_user()),
                now=held.clock.now(),
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_page(form=form, declining=proposal_id), 422)
    except ChangedMeanwhileError:
        return _back(presenters.DECIDED)
    return _back("見送りました。理由は、提案した人の画面に出ます。")


def add() -> Response:
    """Add synonyms that nobody proposed: a word and what means the same, both known."""
    held = resources()
    content = ProposalContent(
        request.form.get("word", ""), tuple(request.form.getlist("equivalent"))
    )
    try:
        with write_transaction(held.sessions) as session:
            services.join(session, content, actor=actor_of(signed_in_user()), now=held.clock.now())
    except InvalidInputError as error:
        return _refused(error)
    flash(_told(content.word, content.equivalents))
    return redirect(access.local_target(url_for("demand_admin.index")), 303)


def _agency_id() -> int:
    """The agency that proposes.

    :raises NotFoundError: whoever asks works for none; they add, and propose nothing.
    """
    agency_id = bound_of(signed_in_user(), Permission.READ_STATISTICS)
    if agency_id is None:
        raise NotFoundError("there is no agency to propose for")
    return agency_id


def _rows(proposals: Iterable[SynonymProposal]) -> list[ProposalRow]:
    held = list(proposals)
    found = user_queries.names_of(db_session(), {proposal.author_id for proposal in held})
    names = {number: name for number, (name, _) in found.items()}
    return presenters.rows(held, names, today=today())


def _new_page(form: ProposalForm) -> str:
    session, held = db_session(), resources()
    finder = equivalents.WordFinder(
        held.index,
        held.synonyms.current(session),
        synonym_queries.list_in_force(session),
        held.places,
        today=today(),
    )
    word = " ".join((form.word.data or "").split())[:LONGEST_MEMBER]
    offered = dict.fromkeys([*(form.chosen.data or ()), *(finder.suggest(word) if word else ())])
    return render_template("proposals/new.html", desk=STAFF_DESK, form=form, offered=list(offered))


def _page(
    *, form: DeclineForm | None = None, declining: int | None = None, problem: str | None = None
) -> str:
    session, page = db_session(), pagination.asked_page(request.args)
    total = queries.count_decided(session)
    return render_template(
        "proposals/index.html",
        desk=ADMIN_DESK,
        rows=_rows(queries.list_open(session)),
        decided=_rows(queries.list_decided(session, page=page)),
        around=pagination.steps(total, page, queries.PER_PAGE),
        form=form or DeclineForm(),
        declining=declining,
        problem=problem,
    )


def _refused(error: InvalidInputError) -> Response:
    messages = [problem.message for problem in error.problems]
    return make_response(_page(problem=presenters.told_of_problems(messages)), 422)


def _told(word: str, others: Iterable[str]) -> str:
    same = "」「".join(others)
    return f"「{word}」を「{same}」と同じ意味として足しました。次の検索から使われます。"


def _back(told: str) -> Response:
    flash(told)
    return redirect(access.local_target(url_for("proposals_admin.index")), 303)


staff_blueprint = access.guarded_blueprint(
    STAFF_DESK.proposals,
    f"{STAFF_DESK.path}/proposals",
    Permission.READ_STATISTICS,
    (("", "GET", index_own), ("/new", "GET", show_new), ("/new", "POST", propose)),
    elsewhere=path_at_own_desk,
)
admin_blueprint = access.guarded_blueprint(
    ADMIN_DESK.proposals,
    f"{ADMIN_DESK.path}/proposals",
    Permission.MANAGE_VOCABULARY,
    (
        ("", "GET", index),
        ("/add", "POST", add),
        ("/<int:proposal_id>/accept", "POST", accept),
        ("/<int:proposal_id>/decline", "POST", decline),
    ),
)
