"""Site notices as the prefecture looks after them."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts.actors import actor_of
from portal.accounts.permissions import Permission
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError
from portal.extensions import db_session, resources, today
from portal.identity import signed_in_user
from portal.notices import presenters, queries, services
from portal.notices.content import content_of, find_problems, mark_of
from portal.notices.forms import NoticeForm
from portal.notices.models import SiteNotice

blueprint = Blueprint("notices_admin", __name__, url_prefix="/admin/notices")

_DRAFT, _PUBLISH = "draft", "publish"
"""What the buttons of the form ask for; without one of them, nothing is stored and the form shows
how the notice would look."""


@blueprint.get("")
@access.permission_required(Permission.MANAGE_NOTICES)
def index() -> str:
    """All notices, those that visitors see first."""
    found = queries.list_newest(db_session())
    rows = presenters.rows(found, now=resources().clock.now(), today=today())
    return render_template("notices/admin_index.html", rows=rows)


@blueprint.get("/new")
@access.permission_required(Permission.MANAGE_NOTICES)
def show_new() -> str:
    """Where a notice is written."""
    return _page(NoticeForm(obj=presenters.new_content(resources().clock.now())))


@blueprint.post("/new")
@access.permission_required(Permission.MANAGE_NOTICES)
@form_keeping.keeps(NoticeForm, called=presenters.called)
def create() -> Response:
    """Publish a new notice, keep it as a draft, or show how it would look."""
    form, held = NoticeForm(request.form), resources()
    if (act := _asked_act()) is None:
        return _preview(form)
    is_published = act == _PUBLISH
    try:
        with write_transaction(held.sessions) as session:
            notice = services.create(
                session,
                form.content(),
                is_published=is_published,
                actor=actor_of(signed_in_user()),
                now=held.clock.now(),
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_page(form), 422)
    return _back(notice, _told(is_published))


@blueprint.get("/<int:notice_id>")
@access.permission_required(Permission.MANAGE_NOTICES)
def show(notice_id: int) -> str:
    """What a notice says, how it looks, and what can be done."""
    notice = queries.get_notice(db_session(), notice_id)
    return _page(NoticeForm(obj=content_of(notice), seen=mark_of(notice)), notice)


@blueprint.post("/<int:notice_id>")
@access.permission_required(Permission.MANAGE_NOTICES)
@form_keeping.keeps(NoticeForm, called=presenters.called)
def change(notice_id: int) -> Response:
    """Let a notice say something else, publish a draft, or show how it would look."""
    form, held = NoticeForm(request.form), resources()
    notice = queries.get_notice(db_session(), notice_id)
    if (act := _asked_act()) is None:
        return _preview(form, notice)
    try:
        with write_transaction(held.sessions) as session:
            changed = queries.get_notice(session, notice_id)
            has_changed = services.change(
                session,
                changed,
                form.content(),
                is_published=act == _PUBLISH,
                actor=actor_of(signed_in_user()),
                now=held.clock.now(),
                seen=form.seen.data,
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_page(form, notice), 422)
    except ChangedMeanwhileError:
        notice = _as_it_is(notice_id)
        # Sending it once more, with both before one's eyes, is meant.
        form.seen.data = mark_of(notice)
        return make_response(_page(form, notice, is_overtaken=True), 409)
    if not has_changed:
        return _back(notice, "変わったところはありません。")
    return _back(notice, _told(act == _PUBLISH))


@blueprint.post("/<int:notice_id>/end")
@access.permission_required(Permission.MANAGE_NOTICES)
def end(notice_id: int) -> Response:
    """Take a notice off the pages."""
    held = resources()
    with write_transaction(held.sessions) as session:
        notice = queries.get_notice(session, notice_id)
        has_ended = services.end(
            session, notice, actor=actor_of(signed_in_user()), now=held.clock.now()
        )
    if not has_ended:
        return _back(notice, "このお知らせは、もう表示されていません。")
    told = "表示を終えました。" if notice.is_published else "公開を取りやめ、下書きに戻しました。"
    return _back(notice, told)


@blueprint.post("/<int:notice_id>/discard")
@access.permission_required(Permission.MANAGE_NOTICES)
def discard(notice_id: int) -> Response:
    """Throw a draft away."""
    held = resources()
    with write_transaction(held.sessions) as session:
        notice = queries.get_notice(session, notice_id)
        is_gone = services.discard(
            session, notice, actor=actor_of(signed_in_user()), now=held.clock.now()
        )
    if not is_gone:
        return _back(notice, "公開したお知らせは消せません。「表示を終える」を使ってください。")
    flash(f"下書き「{notice.title}」を消しました。")
    return redirect(url_for("notices_admin.index"), 303)


def _asked_act() -> str | None:
    act = request.form.get("action")
    return act if act in (_DRAFT, _PUBLISH) else None


def _told(is_published: bool) -> str:
    if is_published:
        return "公開しました。決めた日時のあいだ、すべてのページの上に出ます。"
    return "下書きを保存しました。まだ、だれにも見えません。"


def _back(notice: SiteNotice, message: str) -> Response:
    flash(message)
    return redirect(url_for("notices_admin.show", notice_id=notice.id), 303)


def _as_it_is(notice_id: int) -> SiteNotice:
    # What this request read before may be older than what another one changed.
    db_session().rollback()
    return queries.get_notice(db_session(), notice_id)


def _preview(form: NoticeForm, notice: SiteNotice | None = None) -> Response:
    """The form again, with how it would look and what would have to be mended."""
    problems = find_problems(form.content(), is_published=True, now=resources().clock.now())
    if problems:
        form.show(InvalidInputError(problems))
    return make_response(_page(form, notice, is_preview=True), 422 if problems else 200)


def _page(
    form: NoticeForm,
    notice: SiteNotice | None = None,
    *,
    is_overtaken: bool = False,
    is_preview: bool = False,
) -> str:
    now = resources().clock.now()
    content = form.content()
    return render_template(
        "notices/admin_form.html",
        form=form,
        row=presenters.row(notice, now=now, today=today()) if notice else None,
        preview=presenters.preview(content, now=now) if notice or is_preview else None,
        is_preview=is_preview,
        problem=presenters.OVERTAKEN if is_overtaken else None,
        others=presenters.others(notice, content) if notice and is_overtaken else (),
        levels=presenters.level_choices(),
    )
