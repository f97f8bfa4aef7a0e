"""Looking after messages: the prefecture after all of them under ``/admin/messages``, agencies
after those about their listings under ``/staff/messages``."""

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping, pagination
from portal.accounts.actors import actor_of
from portal.accounts.bounds import bound_of
from portal.accounts.permissions import Permission
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError
from portal.extensions import db_session, letterhead, resources, today
from portal.identity import signed_in_user
from portal.messages import presenters, queries, services
from portal.messages.desks import ADMIN_DESK, STAFF_DESK, desk_of, path_at_own_desk
from portal.messages.forms import AnswerForm
from portal.messages.models import Message, MessageState

_ALL = "all"


def index() -> str:
    """Messages that wait, or those of another state."""
    session, bound = db_session(), _bound()
    asked = request.args.get("state", "")
    asked = asked if asked in (*MessageState, _ALL) else MessageState.OPEN.value
    state = None if asked == _ALL else MessageState(asked)
    page = pagination.asked_page(request.args)
    total = queries.count_messages(session, state, agency_id=bound)
    found = queries.list_messages(session, state, agency_id=bound, page=page)
    return render_template(
        "messages/index.html",
        desk=desk_of(request.blueprint),
        rows=presenters.rows(found, today=today()),
        total=total,
        around=pagination.steps(total, page, queries.PER_PAGE),
        asked={"state": asked},
        states=[*presenters.STATE_LABELS.items(), (_ALL, "すべて")],
    )


def show(message_id: int) -> str:
    """What somebody wrote, and what can be done."""
    message = queries.get_message(db_session(), message_id, agency_id=_bound())
    return _page(message, AnswerForm())


@form_keeping.keeps(AnswerForm)
def answer(message_id: int) -> Response:
    """Answer a message."""
    form, held, user = AnswerForm(request.form), resources(), signed_in_user()
    try:
        with write_transaction(held.sessions) as session:
            message = queries.get_message(session, message_id, agency_id=_bound())
            services.answer(
                session,
                message,
                form.answer.data or "",
                actor=actor_of(user),
                letterhead=letterhead(desk_of(request.blueprint).path),
                now=held.clock.now(),
            )
    except InvalidInputError as error:
        form.show(error)
        return make_response(_page(_as_it_is(message_id), form), 422)
    except ChangedMeanwhileError:
        return make_response(_page(_as_it_is(message_id), form, is_overtaken=True), 409)
    is_mailed = message.reply_to is not None
    response = _back(message_id, "回答を送りました。" if is_mailed else "回答を記録しました。")
    # Once the answer is out, so that sending a mail does not make it slower.
    response.call_on_close(held.mailer.deliver_soon)
    return response


def close(message_id: int) -> Response:
    """Note that nothing more is to be done."""
    held, user = resources(), signed_in_user()
    with write_transaction(held.sessions) as session:
        message = queries.get_message(session, message_id, agency_id=_bound())
        is_done = services.close(session, message, actor=actor_of(user), now=held.clock.now())
    return _back(message_id, "対応を終えました。" if is_done else "もう対応が済んでいます。")


def reopen(message_id: int) -> Response:
    """Take back that nothing more is to be done."""
    held, user = resources(), signed_in_user()
    with write_transaction(held.sessions) as session:
        message = queries.get_message(session, message_id, agency_id=_bound())
        is_done = services.reopen(session, message, actor=actor_of(user), now=held.clock.now())
    return _back(message_id, "対応待ちに戻しました。" if is_done else "戻せませんでした。")


def _bound() -> int | None:
    return bound_of(signed_in_user(), Permission.ANSWER_MESSAGES)


def _as_it_is(message_id: int) -> Message:
    # What this request read before may be older than what another one changed.
    db_session().rollback()
    bound = _bound()
    return queries.get_message(db_session(), message_id, agency_id=bound)


def _back(message_id: int, told: str) -> Response:
    flash(told)
    return redirect(url_for(".show", message_id=message_id), 303)


def _page(message: Message, form: AnswerForm, *, is_overtaken: bool = False) -> str:
    return render_template(
        "messages/show.html",
        desk=desk_of(request.blueprint),
        row=presenters.row(message, today=today()),
        form=form,
        problem=presenters.OVERTAKEN if is_overtaken else None,
        kept_days=services.KEPT_HANDLED.days,
    )


_ROUTES = (
    ("", "GET", index),
    ("/<int:message_id>", "GET", show),
    ("/<int:message_id>/answer", "POST", answer),
    ("/<int:message_id>/close", "POST", close),
    ("/<int:message_id>/reopen", "POST", reopen),
)

# All of /admin is the prefecture's: who answers for one agency alone does so at their own desk.
admin_blueprint = access.guarded_blueprint(
    ADMIN_DESK.blueprint, ADMIN_DESK.path, Permission.USE_DESK, _ROUTES
)
staff_blueprint = access.guarded_blueprint(
    STAFF_DESK.blueprint,
    STAFF_DESK.path,
    Permission.ANSWER_MESSAGES,
    _ROUTES,
    elsewhere=path_at_own_desk,
)
