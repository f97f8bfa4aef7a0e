"""Where visitors write, without an account: about the portal, or that something is wrong in a
listing."""

from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import form_keeping, view_counting
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.origins import origin_of
from portal.accounts.waiting import later
from portal.consultation import presenters as consultation_presenters
from portal.db import write_transaction
from portal.errors import InvalidInputError
from portal.extensions import (
    consultation_desks,
    current_vocabulary,
    db_session,
    letterhead,
    resources,
)
from portal.identity import source
from portal.links import tel_address
from portal.listings import queries as listing_queries
from portal.listings.models import public_version
from portal.messages import presenters, services
from portal.messages.desks import ADMIN_DESK, STAFF_DESK
from portal.messages.forms import ContactForm, MessageForm, ReportForm
from portal.messages.letters import Letterheads
from portal.messages.services import Sending

blueprint = Blueprint("messages", __name__)

Page = Callable[[MessageForm, str | None], str]
"""The page of a form, with what is wrong with the whole of it."""


@blueprint.get("/contact")
def contact() -> str:
    """Whom to ask what, the telephone numbers of consultation desks, and a form."""
    return _contact_page(ContactForm())


@blueprint.post("/contact")
@form_keeping.keeps(ContactForm, called=presenters.called, is_public=True)
def send() -> Response:
    """Take a message about the portal."""
    return _send(ContactForm(request.form), None, _contact_page)


@blueprint.get("/contact/sent")
def sent() -> str:
    """That a message came, and the way back to the listing that it was about."""
    public_id = request.args.get("listing", "")
    title = listing_queries.published_titles(db_session(), [public_id]).get(public_id)
    return render_template("messages/sent.html", public_id=public_id, title=title)


@blueprint.get("/listings/<public_id>/report")
def show_report(public_id: str) -> str:
    """Where one tells that something is wrong in a listing."""
    return _report_page(public_id, ReportForm())


@blueprint.post("/listings/<public_id>/report")
@form_keeping.keeps(ReportForm, called=presenters.called, is_public=True)
def report(public_id: str) -> Response:
    """Take a message about a listing."""

    def page(form: MessageForm, problem: str | None = None) -> str:
        return _report_page(public_id, form, problem)

    return _send(ReportForm(request.form), public_id, page)


def _send(form: MessageForm, public_id: str | None, page: Page) -> Response:
    held = resources()
    try:
        with write_transaction(held.sessions) as session:
            listing = listing_queries.get_public(session, public_id) if public_id else None
            services.send(session, form.content(), listing, _sending(session), now=held.clock.now())
    except InvalidInputError as error:
        form.show(error)
        return make_response(page(form, None), 422)
    except TooManyAttemptsError as error:
        return later(page(form, presenters.wait_text(error.wait)), error.wait)
    response = redirect(url_for("messages.sent", listing=public_id), 303)
    # Once the answer is out, so that sending a mail does not make it slower.
    response.call_on_close(held.mailer.deliver_soon)
    return response


def _sending(session: Session) -> Sending:
    held = resources()
    # Counted by network alone: nobody shows who they are, and addresses are made up at will.
    origin = origin_of(
        session, "", None, source(), secret_key=held.secret_key, now=held.clock.now()
    )
    heads = Letterheads(letterhead(STAFF_DESK.path), letterhead(ADMIN_DESK.path))
    return Sending(origin, heads, held.settings.contact_mailbox)


def _contact_page(form: MessageForm, problem: str | None = None) -> str:
    desks = [desk for desk in consultation_desks() if desk.tel]
    return render_template(
        "messages/contact.html",
        desks=consultation_presenters.rows(desks, current_vocabulary()),
        form=form,
        problem=problem,
        topics=presenters.topic_choices(is_about_listing=False),
    )


def _report_page(public_id: str, form: MessageForm, problem: str | None = None) -> str:
    listing = listing_queries.get_public(db_session(), public_id)
    version = public_version(listing)
    view_counting.note_listing(listing.id, version.id)
    return render_template(
        "messages/report.html",
        public_id=public_id,
        title=version.title,
        agency=listing.agency.name,
        tel=version.tel,
        tel_address=tel_address(version.tel),
        form=form,
        problem=problem,
        topics=presenters.topic_choices(is_about_listing=True),
    )
