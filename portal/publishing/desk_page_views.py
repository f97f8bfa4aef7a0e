"""One listing at the desk of its agency: how it stands, its history, and what may be done to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping, pagination
from portal.accounts import queries as account_queries
from portal.accounts import user_queries
from portal.accounts.permissions import Permission
from portal.agencies import queries as agency_queries
from portal.db import write_transaction
from portal.errors import (
    ChangedMeanwhileError,
    InvalidInputError,
    InvalidTransitionError,
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
from portal.listings import relation_queries
from portal.listings.models import Listing
from portal.publishing import (
    announcing,
    desk_page_presenters,
    desk_queries,
    publication,
    readiness,
    undoing,
    version_presenters,
    version_queries,
)
from portal.publishing.acts import Act
from portal.publishing.desk_forms import ActForm, EndForm, ReturnForm, ScheduleForm, WithdrawForm
from portal.publishing.desk_page_presenters import INCOMPLETE, OVERTAKEN, typed_moment
from portal.publishing.listing_desks import desk_for
from portal.publishing.version_presenters import Teller

blueprint = Blueprint("listing_desk", __name__, url_prefix="/staff/listings/<public_id>")

_WRITE = access.permission_required(Permission.WRITE_LISTINGS)


@dataclass(frozen=True, slots=True)
class Step:
    """What a button does, and says afterwards."""

    act: Act
    do: Callable[..., None]
    told: str


@dataclass(frozen=True, slots=True)
class ActForms:
    """The forms of the page, of which one may have been sent and refused."""

    withdraw: WithdrawForm = field(default_factory=WithdrawForm)
    send_back: ReturnForm = field(default_factory=ReturnForm)
    schedule: ScheduleForm = field(default_factory=ScheduleForm)
    end: EndForm | None = None


_BUTTONS = {
    "submit": Step(
        Act.SUBMIT,
        publication.submit,
        "確認を依頼しました。公開されるか差し戻されると、メールが届きます。",
    ),
    "take-back": Step(Act.TAKE_BACK, publication.take_back, "下書きに戻しました。"),
    "publish": Step(Act.PUBLISH, publication.publish, "公開しました。10分のあいだは取り消せます。"),
    "drop-change": Step(
        Act.DROP_CHANGE, publication.drop_change, "変更をやめました。公開中の内容はそのままです。"
    ),
    "restore": Step(
        Act.RESTORE, publication.restore, "もう一度公開しました。検索で見つかるようになりました。"
    ),
    "archive": Step(Act.ARCHIVE, publication.archive, "保管しました。いつでも戻せます。"),
    "unarchive": Step(
        Act.UNARCHIVE, publication.unarchive, "保管から戻しました。公開はしていません。"
    ),
    "confirm": Step(
        Act.CONFIRM,
        publication.confirm,
        "内容を確認したことを記録しました。公開中のページに、今日の日付で表示されます。",
    ),
    "undo": Step(Act.UNDO, undoing.undo, "取り消して、する前の様子に戻しました。"),
}
_RETURN = Step(Act.RETURN, publication.send_back, "差し戻しました。書いた人にメールで知らせます。")
_WITHDRAW = Step(
    Act.WITHDRAW, publication.withdraw, "掲載を終えました。「もう一度公開する」で戻せます。"
)
_SCHEDULE = Step(
    Act.SCHEDULE, publication.schedule, "公開を予約しました。決めた日時に、自動で公開されます。"
)
_END = Step(Act.SET_END, publication.set_end, "掲載を終える日時を変えました。")


@blueprint.get("")
@_WRITE
def show(public_id: str) -> str:
    """How a listing stands, and what was done to it."""
    return _page(public_id, ActForms())


@blueprint.post("/return")
@_WRITE
@form_keeping.keeps(ReturnForm)
def send_back(public_id: str) -> Response:
    """Return what was submitted, saying what has to be mended."""
    form = ReturnForm(request.form)
    return _do(public_id, _RETURN, form, ActForms(send_back=form), lambda: form.comment.data or "")


@blueprint.post("/withdraw")
@_WRITE
@form_keeping.keeps(WithdrawForm)
def withdraw(public_id: str) -> Response:
    """Take a listing off the public pages, saying why."""
    form = WithdrawForm(request.form)
    return _do(public_id, _WITHDRAW, form, ActForms(withdraw=form), lambda: form.reason.data or "")


@blueprint.post("/schedule")
@_WRITE
@form_keeping.keeps(ScheduleForm)
def schedule(public_id: str) -> Response:
    """Publish at a later time."""
    form = ScheduleForm(request.form)
    return _do(public_id, _SCHEDULE, form, ActForms(schedule=form), form.moment)


@blueprint.post("/end")
@_WRITE
@form_keeping.keeps(EndForm)
def set_end(public_id: str) -> Response:
    """Withdraw at a later time, or at none."""
    form = EndForm(request.form)
    return _do(public_id, _END, form, ActForms(end=form), form.moment)


def _press(public_id: str, *, step: Step) -> Response:
    return _do(public_id, step, ActForm(request.form), ActForms())


for _name, _step in _BUTTONS.items():
    blueprint.add_url_rule(
        f"/{_name}", _name.replace("-", "_"), _WRITE(partial(_press, step=_step)), methods=["POST"]
    )


def _do(
    public_id: str, step: Step, form: ActForm, forms: ActForms, *typed: Callable[[], object]
) -> Response:
    """Do something to a listing, or give the page back with what was typed and why not."""
    held, head = resources(), letterhead(announcing.PATH)
    now = held.clock.now()
    try:
        more = [read() for read in typed]
        with write_transaction(held.sessions) as session:
            by = account_queries.get_user(session, signed_in_user().id)
            listing = desk_queries.get_for_desk(session, public_id, by)
            step.do(session, listing, *more, by=by, seen=form.seen_number, now=now)
            announcing.announce(session, listing, step.act, by=by, letterhead=head, now=now)
    except InvalidInputError as error:
        own = [problem for problem in error.problems if problem.field in form]
        form.show(InvalidInputError(own))
        problem = None if own else _refused(step, error)
        return make_response(_page(public_id, forms, failed=form, problem=problem), 422)
    except (ChangedMeanwhileError, InvalidTransitionError):
        return make_response(_page(public_id, forms, problem=OVERTAKEN), 409)
    index_soon()
    held.mailer.deliver_soon()
    flash(step.told)
    return redirect(access.local_target(url_for(".show", public_id=public_id)), 303)


def _refused(step: Step, error: InvalidInputError) -> str:
    """Why nothing was done. What keeps a version from the public is told below on the page, where
    one is being prepared."""
    return str(error) if step.act is Act.RESTORE else INCOMPLETE


def _page(
    public_id: str,
    forms: ActForms,
    *,
    failed: ActForm | None = None,
    problem: str | None = None,
) -> str:
    session, user = db_session(), signed_in_user()
    # What this request read before may be older than what another one changed.
    session.rollback()
    listing = desk_queries.get_for_desk(session, public_id, user)
    newest = version_queries.get_newest(session, listing)
    page = desk_page_presenters.desk_page(
        listing,
        newest,
        user,
        lacking=readiness.lacking(session, newest),
        undoable=undoing.undoable_act(session, listing, now=resources().clock.now()),
        today=today(),
    )
    return render_template(
        "publishing/desk_page.html",
        desk=desk_for(user.role),
        its=page,
        form=failed or ActForm(),
        problem=problem,
        forms=forms,
        end_form=forms.end or EndForm(unpublish_at=typed_moment(listing.unpublish_at)),
        lines=_history(listing, newest.number),
        around=pagination.steps(
            newest.number, pagination.asked_page(request.args), version_queries.PER_PAGE
        ),
        versions=version_presenters.version_choices(
            version_queries.list_stamps(session, listing.id), today()
        ),
    )


def _history(listing: Listing, newest: int) -> tuple[version_presenters.VersionLine, ...]:
    session = db_session()
    page = pagination.asked_page(request.args)
    versions = version_queries.list_versions(session, listing.id, page=page, more=1)
    titles = relation_queries.titles_at_desk(session, versions)
    acts = undoing.list_acts(session, listing.id)
    names = user_queries.names_of(session, version_presenters.people(versions, acts))
    return version_presenters.version_lines(
        versions,
        acts,
        newest=newest,
        shown_id=listing.public_version_id,
        names={number: name for number, (name, _) in names.items()},
        teller=Teller(current_vocabulary(), agency_queries.known_codes(session), titles, today()),
        most=version_queries.PER_PAGE,
    )
