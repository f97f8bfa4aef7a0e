"""Unmet demand: an agency's under ``/staff/demand``, that of all places under ``/admin/demand``."""

from flask import make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import access, pagination
from portal.accounts.actors import actor_of
from portal.accounts.permissions import Permission
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Target
from portal.db import write_transaction
from portal.extensions import current_vocabulary, db_session, resources, today
from portal.fiscal_year import FiscalYear
from portal.identity import signed_in_user
from portal.pageviews.queries import has_samples
from portal.proposals import queries as proposal_queries
from portal.proposals.desks import ADMIN_DESK, STAFF_DESK, desk_of, path_at_own_desk
from portal.reports import demand_asking, demand_places, demand_presenters
from portal.reports.demand import Demand, first_year, list_demands
from portal.reports.demand_asking import AskedDemand, Choices
from portal.reports.searched import LEAST_DAYS, LEAST_SEARCHES, SearchReader
from portal.search import synonym_queries
from portal.search.equivalents import WordFinder
from portal.spreadsheets import csv_headers
from portal.view_counting import count_now


def index() -> str:
    """Searches that found nothing or little, what most often did first."""
    count_now()
    session, desk, own = db_session(), desk_of(request.blueprint), _own_place()
    possible = _choices(session, own)
    asked = demand_asking.read(request.args, possible)
    demands = _demands(session, asked)
    page, per_page = pagination.asked_page(request.args), demand_presenters.PER_PAGE
    vocabulary, finder = current_vocabulary(), _finder(session)
    proposals = () if desk.is_of_agency else proposal_queries.list_open(session)
    return render_template(
        "reports/demand.html",
        desk=desk,
        rows=[
            demand_presenters.row(
                demand,
                finder,
                vocabulary,
                month=asked.month,
                is_for_own_place=own is not None,
                proposals=proposals,
            )
            for demand in demands[(page - 1) * per_page : page * per_page]
        ],
        total=len(demands),
        around=pagination.steps(len(demands), page, per_page),
        asked=asked,
        years=[(str(year.year), year.label) for year in possible.years],
        places=possible.places,
        months=demand_presenters.month_choices(),
        own_name=vocabulary.regions[own] if own else None,
        is_sample=_is_sample(session, asked.year),
        open_proposals=len(proposals),
        least=(LEAST_SEARCHES, LEAST_DAYS),
        here=request.full_path.rstrip("?"),
    )


def write_csv() -> Response:
    """What is looked at as a file; that somebody took it is recorded."""
    count_now()
    held, vocabulary = resources(), current_vocabulary()
    with write_transaction(held.sessions) as session:
        asked = demand_asking.read(request.form, _choices(session, own=None))
        demands = _demands(session, asked)
        is_sample = _is_sample(session, asked.year)
        audit.record(
            session,
            AuditAction.DATA_EXPORTED,
            actor=actor_of(signed_in_user()),
            target=Target("demand", "csv"),
            detail={"rows": len(demands)},
            now=held.clock.now(),
        )
    text = "".join(
        demand_presenters.csv(
            demands, asked.year, vocabulary, month=asked.month, is_sample=is_sample
        )
    )
    name = f"demand-{asked.year.year}{'-sample' if is_sample else ''}.csv"
    return make_response(text, csv_headers(name))


def _own_place() -> str | None:
    """The municipality whose demand whoever asks sees; None for all."""
    if not desk_of(request.blueprint).is_of_agency:
        return None
    return demand_places.own_place(signed_in_user().agency, current_vocabulary().tree)


def _choices(session: Session, own: str | None) -> Choices:
    this_year = FiscalYear.containing(today())
    return demand_asking.choices(this_year, first_year(session), own, current_vocabulary())


def _demands(session: Session, asked: AskedDemand) -> list[Demand]:
    """Those that are asked for, what most often found little in that time first."""
    vocabulary = current_vocabulary()
    reader, place_names = SearchReader(session, vocabulary), resources().places
    found = [
        (figures.with_little, demand)
        for demand in list_demands(session, asked.year, reader=reader, place_names=place_names)
        if demand_places.concerns(demand, asked.place, vocabulary.tree)
        and (figures := demand.of_month(asked.month))
    ]
    return [demand for _, demand in sorted(found, key=lambda pair: -pair[0])]


def _finder(session: Session) -> WordFinder:
    held = resources()
    return WordFinder(
        held.index,
        held.synonyms.current(session),
        synonym_queries.list_in_force(session),
        held.places,
        today=today(),
    )


def _is_sample(session: Session, year: FiscalYear) -> bool:
    return has_samples(session, year.starts_on, year.ends_on)


staff_blueprint = access.guarded_blueprint(
    STAFF_DESK.demand,
    STAFF_DESK.path,
    Permission.READ_STATISTICS,
    (("", "GET", index),),
    elsewhere=path_at_own_desk,
)
# All of /admin is the prefecture's.
admin_blueprint = access.guarded_blueprint(
    ADMIN_DESK.demand,
    ADMIN_DESK.path,
    Permission.USE_DESK,
    (("", "GET", index), ("/export", "POST", write_csv)),
)
