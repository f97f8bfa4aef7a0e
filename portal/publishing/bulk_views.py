"""What is done to many listings at once: on the lists of an agency under ``/staff/listings``, on
those of all agencies under ``/admin/listings``. What says something takes a page of its own, on
which it is typed once for all."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts.permissions import Permission
from portal.errors import FieldProblem, InvalidInputError, NotFoundError
from portal.extensions import db_session, index_soon, letterhead, resources
from portal.identity import signed_in_user
from portal.listings.models import LONGEST_COMMENT, LONGEST_REASON
from portal.publishing import announcing, bulk, bulk_presenters, desk_queries, publication, undoing
from portal.publishing.acts import Act
from portal.publishing.bulk import Chosen, Doer
from portal.publishing.bulk_presenters import NOTHING_CHOSEN, ChosenRow
from portal.publishing.desk_forms import BulkReturnForm, BulkWithdrawForm
from portal.publishing.listing_desks import ADMIN_DESK, STAFF_DESK, desk_for
from portal.refused_form import RefusedForm


@dataclass(frozen=True, slots=True)
class BulkAct:
    """What is done to each listing that was ticked; ``{}`` in what is told is a number."""

    act: Act
    do: Callable[..., None]
    told: str


@dataclass(frozen=True, slots=True)
class SaidWith:
    """What has to be said with an act: the field it is typed into, what is told if it is left
    empty, and how many characters it may have."""

    field: str
    empty: str
    longest: int


_WITHIN = "10分のあいだは、「いま行ったこと」から取り消せます。"
_PUBLISH = BulkAct(Act.PUBLISH, publication.publish, f"{{}}件を公開しました。{_WITHIN}")
_CONFIRM = BulkAct(
    Act.CONFIRM, publication.confirm, f"{{}}件の内容を確認したことを記録しました。{_WITHIN}"
)
_ARCHIVE = BulkAct(Act.ARCHIVE, publication.archive, f"{{}}件を保管しました。{_WITHIN}")
_RETURN = BulkAct(
    Act.RETURN,
    publication.send_back,
    f"{{}}件を差し戻しました。書いた人にメールで知らせます。{_WITHIN}",
)
_WITHDRAW = BulkAct(Act.WITHDRAW, publication.withdraw, f"{{}}件の掲載を終えました。{_WITHIN}")
_UNDO = BulkAct(Act.UNDO, undoing.undo, "{}件を、する前の様子に戻しました。")

_COMMENT = SaidWith("comment", "直してほしいことを書いてください。", LONGEST_COMMENT)
_REASON = SaidWith("reason", "掲載を終える理由を書いてください。", LONGEST_REASON)


def publish_chosen() -> Response:
    """Publish what was ticked."""
    return _do(_PUBLISH)


def confirm_chosen() -> Response:
    """Vouch for what was ticked."""
    return _do(_CONFIRM)


def archive_chosen() -> Response:
    """Put away what was ticked."""
    return _do(_ARCHIVE)


def undo_chosen() -> Response:
    """Take back what was done just now."""
    return _do(_UNDO)


@form_keeping.keeps(BulkReturnForm)
def return_chosen() -> Response:
    """Return what was ticked, once it is said what has to be mended."""
    return _do_saying(_RETURN, BulkReturnForm(request.form), _COMMENT)


@form_keeping.keeps(BulkWithdrawForm)
def withdraw_chosen() -> Response:
    """Take what was ticked off the public pages, once it is said why."""
    return _do_saying(_WITHDRAW, BulkWithdrawForm(request.form), _REASON)


def _chosen() -> list[Chosen]:
    return bulk.read_chosen(request.form.getlist("chosen"))[: bulk.MOST_AT_ONCE]


def _do_saying(what: BulkAct, form: RefusedForm, said_with: SaidWith) -> Response:
    if said_with.field not in request.form:
        return _page(what, form) if _chosen() else _do(what)
    said = (form[said_with.field].data or "").strip()
    problem = said_with.empty if not said else ""
    if len(said) > said_with.longest:
        problem = f"{said_with.longest:,}文字以内で書いてください（いま{len(said):,}文字）。"
    if problem:
        form.show(InvalidInputError([FieldProblem(said_with.field, problem)]))
        return _page(what, form, 422)
    return _do(what, said)


def _do(what: BulkAct, *said: str) -> Response:
    held, chosen = resources(), _chosen()
    if not chosen:
        flash(NOTHING_CHOSEN)
        return _back()
    doer = Doer(signed_in_user().id, letterhead(announcing.PATH), held.clock.now())
    outcome = bulk.do_each(held.sessions, what.act, what.do, chosen, *said, doer=doer)
    index_soon()
    held.mailer.deliver_soon()
    for sentence in bulk_presenters.told(outcome, what.told):
        flash(sentence)
    return _back()


def _back() -> Response:
    """To the list that the boxes were ticked on."""
    own = desk_for(signed_in_user().role)
    is_of_review = request.path.startswith(f"{own.path}/review/")
    index = url_for(f"{own.review if is_of_review else own.listings}.index")
    return redirect(access.local_target(index), 303)


def _page(what: BulkAct, form: RefusedForm, status: int = 200) -> Response:
    page = render_template(
        "publishing/bulk.html",
        desk=desk_for(signed_in_user().role),
        act=what.act,
        form=form,
        rows=_rows(_chosen()),
        back=access.local_target(""),
    )
    return make_response(page, status)


def _rows(chosen: list[Chosen]) -> tuple[ChosenRow, ...]:
    """Those that are there for whoever asks; others are told of when it is done."""
    rows = []
    for one in chosen:
        try:
            listing = desk_queries.get_for_desk(db_session(), one.public_id, signed_in_user())
        except NotFoundError:
            continue
        title = listing.versions[-1].title
        rows.append(ChosenRow(one.public_id, title, f"{one.public_id}:{one.seen}"))
    return tuple(rows)


_ROUTES = (
    ("/review/publish", "POST", publish_chosen),
    ("/review/undo", "POST", undo_chosen),
    ("/listings/confirm", "POST", confirm_chosen),
    ("/listings/archive", "POST", archive_chosen),
    ("/listings/return", "POST", return_chosen),
    ("/listings/withdraw", "POST", withdraw_chosen),
)

staff_blueprint = access.guarded_blueprint(
    STAFF_DESK.bulk, STAFF_DESK.path, Permission.WRITE_LISTINGS, _ROUTES
)
admin_blueprint = access.guarded_blueprint(
    ADMIN_DESK.bulk, ADMIN_DESK.path, Permission.USE_DESK, _ROUTES
)
