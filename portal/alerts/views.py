"""Saved searches: asking for their mail, and the page by whose address one is changed."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, form_keeping
from portal.accounts import presenters as account_presenters
from portal.accounts import session_services
from portal.accounts.limits import TooManyAttemptsError
from portal.accounts.waiting import later
from portal.agencies import queries as agency_queries
from portal.alerts import asking, changing, criteria, presenters, queries, services
from portal.alerts.asking import Asking
from portal.alerts.changing import Change
from portal.alerts.criteria import Criteria, CriteriaReader
from portal.alerts.finding import find_baseline
from portal.alerts.forms import FrequencyForm, RequestForm, SentCriteria, SentRequest
from portal.alerts.models import AlertState, SavedSearch
from portal.alerts.sealed_links import (
    PATH,
    LinkMaker,
    Subject,
    UnusableLinkError,
    link_box,
    unseal,
)
from portal.alerts.services import Baseline, SameSearchError, TooManySearchesError
from portal.alerts.timing import Frequency
from portal.db import write_transaction
from portal.errors import NotFoundError
from portal.extensions import (
    base_url,
    current_vocabulary,
    db_session,
    letterhead,
    resources,
    today,
)
from portal.identity import identity, signed_in_session, source
from portal.listings import queries as listing_queries
from portal.listings.models import public_id_of
from portal.search.params import SearchParams

blueprint = Blueprint("alerts", __name__)
blueprint.after_request(access.keep_link_private)


@blueprint.get(PATH)
def new() -> str:
    """Where news of a search are asked for: the address has its parameters."""
    form = RequestForm(frequency=Frequency.DAILY.value)
    return _request_page(_reader().read(request.args), form)


@blueprint.post(PATH)
@form_keeping.keeps(SentRequest, called=presenters.called, is_public=True)
def request_mail() -> Response:
    """Save a search for who is signed in; send anybody else a mail that asks for a yes."""
    params = _reader().read(request.form)
    is_member = identity().session is not None
    form = FrequencyForm(request.form) if is_member else RequestForm(request.form)
    wanted = criteria.of_params(params)
    if not form.validate() or params.problems or wanted.is_too_long:
        problem = presenters.TOO_LONG if wanted.is_too_long else None
        return make_response(_request_page(params, form, problem), 422)
    frequency = Frequency(form.frequency.data or "")
    if is_member:
        return _save(params, form, wanted, frequency)
    return _ask(params, form, wanted, frequency)


def _save(
    params: SearchParams, form: FrequencyForm, wanted: Criteria, frequency: Frequency
) -> Response:
    held, found = resources(), _baseline(wanted)
    now = held.clock.now()
    try:
        with write_transaction(held.sessions) as session:
            user = session_services.hold(session, signed_in_session().id, now=now).user
            services.save(session, user, wanted, frequency, found, now=now)
    except TooManySearchesError:
        problem = (
            f"保存できる条件は{services.MOST_SEARCHES}個までです。"
            "マイページの「お知らせメール」で、使わない条件を消してください。"
        )
        return make_response(_request_page(params, form, problem), 409)
    flash("条件を保存しました。新着があったときに、メールでお知らせします。")
    return redirect(url_for("saved_searches.show"), 303)


def _ask(
    params: SearchParams, form: FrequencyForm, wanted: Criteria, frequency: Frequency
) -> Response:
    held, email = resources(), form["email"].data or ""
    reader = _reader()
    asked = Asking(
        email=email,
        criteria=wanted,
        conditions=reader.in_words(reader.params(wanted)),
        frequency=frequency,
        letterhead=letterhead(PATH),
    )
    now = held.clock.now()
    try:
        asking.ask(held.sessions, asked, source(), _links(), secret_key=held.secret_key, now=now)
    except TooManyAttemptsError as error:
        problem = account_presenters.mail_wait_text(error.wait)
        return later(_request_page(params, form, problem), error.wait)
    response = make_response(render_template("alerts/sent.html", email=email))
    # Once the answer is out, so that sending a mail does not make it slower.
    response.call_on_close(held.mailer.deliver_soon)
    return response


@blueprint.get(f"{PATH}/<signed>")
def show(signed: str) -> Response:
    """A saved search, to be confirmed, changed or stopped."""
    try:
        row = queries.get_search(db_session(), _search_id(signed))
        return make_response(_page(row, signed))
    except (UnusableLinkError, NotFoundError):
        return _gone()


@blueprint.post(f"{PATH}/<signed>")
@form_keeping.keeps(SentCriteria, is_public=True)
def change(signed: str) -> Response:
    """Do what the button that was pressed says."""
    held, reader = resources(), _reader()
    now = held.clock.now()
    try:
        asked = changing.read(request.form, reader)
        search_id = _search_id(signed)
        found = _baseline_for(search_id, asked)
        with write_transaction(held.sessions) as session:
            row = queries.get_held(session, search_id)
            told = changing.do(session, row, asked, found, now=now)
    except (UnusableLinkError, NotFoundError):
        return _gone()
    except SameSearchError:
        told = presenters.SAME
    except TooManySearchesError:
        told = presenters.TOO_MANY
    if told:
        flash(told)
    return redirect(url_for("alerts.show", signed=signed), 303)


def _baseline_for(search_id: int, asked: Change) -> Baseline | None:
    """What is there already, for a change after which news count from now on."""
    if not asked.begins_anew:
        return None
    row = queries.get_search(db_session(), search_id)
    return _baseline(asked.criteria or Criteria(row.criteria))


def _baseline(wanted: Criteria) -> Baseline | None:
    held, session = resources(), db_session()
    synonyms = held.synonyms.current(session)
    return find_baseline(session, held.index, _reader(), synonyms, wanted, today=today())


def _search_id(signed: str) -> int:
    subject, number = unseal(signed, box=link_box(resources().secret_key))
    if subject is not Subject.SAVED_SEARCH:
        raise UnusableLinkError("this link is about something else")
    return number


def _page(row: SavedSearch, signed: str) -> str:
    now = resources().clock.now()
    if row.state == AlertState.REQUESTED and row.requested_at <= now - services.REQUEST_LIVES:
        raise UnusableLinkError("nobody confirmed it in time")
    to_exclude = request.args.get("listing")
    named = [public_id_of(id_) for id_ in row.excluded]
    titles = listing_queries.published_titles(
        db_session(), [*named, to_exclude] if to_exclude else named
    )
    page = presenters.saved_search_page(row, _reader(), titles, to_exclude=to_exclude)
    asker = identity().session
    is_owner = asker is not None and row.user_id == asker.user_id
    return render_template(
        "alerts/saved_search.html",
        page=page,
        signed=signed,
        is_owner=is_owner,
        frequencies=presenters.FREQUENCIES,
    )


def _request_page(params: SearchParams, form: FrequencyForm, problem: str | None = None) -> str:
    asker = identity().session
    page = presenters.request_page(
        params, _reader(), member_email=asker.user.email if asker else None
    )
    return render_template(
        "alerts/new.html",
        page=page,
        form=form,
        problem=problem,
        frequencies=presenters.FREQUENCIES,
    )


def _gone() -> Response:
    return make_response(render_template("alerts/gone.html"), 410)


def _reader() -> CriteriaReader:
    return CriteriaReader(current_vocabulary(), agency_queries.known_codes(db_session()))


def _links() -> LinkMaker:
    held = resources()
    return LinkMaker(base_url(), link_box(held.secret_key), held.clock.now())
