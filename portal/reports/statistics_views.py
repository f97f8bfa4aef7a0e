"""``/staff/statistics``: what was counted of an agency's own listings; under ``/admin`` of any."""

from collections.abc import Callable, Sequence

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, pagination, view_counting
from portal.accounts.bounds import bound_of
from portal.accounts.permissions import Permission
from portal.agencies import queries as agency_queries
from portal.agencies.models import Agency
from portal.extensions import current_vocabulary, db_session, resources, today
from portal.fiscal_year import FiscalYear
from portal.identity import signed_in_user
from portal.publishing.listing_desks import ADMIN_DESK, STAFF_DESK, desk_for, path_at_own_desk
from portal.reports import statistics, statistics_files, statistics_presenters, view_queries
from portal.reports.agency_statistics import AgencyStatistics
from portal.reports.statistics_files import XLSX_TYPE
from portal.reports.statistics_presenters import NOTES, ChosenYear
from portal.spreadsheets import csv_headers


def index() -> str:
    """An agency's year, or what there is to choose from."""
    view_counting.count_now()
    agency, years = _agency(), statistics.counted_years(db_session(), today())
    chosen = _chosen(years)
    if agency is None:
        return _agencies_page(years, chosen)
    page = None
    if chosen.year is not None:
        page = statistics_presenters.statistics_page(
            _statistics(agency, chosen.year), page=pagination.asked_page(request.args)
        )
    return render_template(
        "reports/statistics.html",
        desk=desk_for(signed_in_user().role),
        agency=agency,
        page=page,
        notes=NOTES,
        **_choices(years, chosen),
    )


def write_csv() -> Response:
    """The same as one file of tables."""

    def answer(found: AgencyStatistics, name: str) -> Response:
        return make_response(statistics_files.to_csv(found, NOTES), csv_headers(f"{name}.csv"))

    return _file(answer)


def write_xlsx() -> Response:
    """The same as a workbook."""

    def answer(found: AgencyStatistics, name: str) -> Response:
        author = resources().shipped_vocabulary.portal_name
        made_at = resources().clock.now()
        content = statistics_files.to_xlsx(found, NOTES, author=author, made_at=made_at)
        disposition = f'attachment; filename="{name}.xlsx"'
        headers = {"Content-Type": XLSX_TYPE, "Content-Disposition": disposition}
        return make_response(content, headers)

    return _file(answer)


def _file(answer: Callable[[AgencyStatistics, str], Response]) -> Response:
    view_counting.count_now()
    agency = _agency()
    year = _chosen(statistics.counted_years(db_session(), today())).year
    if agency is None or year is None:
        # There the choice is, and why there is no such file.
        asked = request.args
        return redirect(
            url_for(".index", agency=asked.get("agency"), fiscal_year=asked.get("fiscal_year")), 303
        )
    return answer(_statistics(agency, year), f"statistics-{agency.code}-{year.year}")


def _agencies_page(years: Sequence[FiscalYear], chosen: ChosenYear) -> str:
    rows = view_queries.views_by_agency(db_session(), chosen.year) if chosen.year else ()
    return render_template(
        "reports/statistics_agencies.html",
        desk=ADMIN_DESK,
        rows=rows,
        is_sample=any(row.views.is_sample for row in rows),
        year_label=chosen.year.label if chosen.year else "",
        **_choices(years, chosen),
    )


def _choices(years: Sequence[FiscalYear], chosen: ChosenYear) -> dict[str, object]:
    is_bound = bound_of(signed_in_user(), Permission.READ_STATISTICS) is not None
    return {
        "problem": chosen.problem,
        "year": chosen.year.year if chosen.year else "",
        "years": [(year.year, year.label) for year in years],
        "agencies": () if is_bound else agency_queries.known_codes(db_session()).items(),
    }


def _statistics(agency: Agency, year: FiscalYear) -> AgencyStatistics:
    return statistics.agency_statistics(
        db_session(), agency, year, current_vocabulary(), today=today()
    )


def _chosen(years: Sequence[FiscalYear]) -> ChosenYear:
    return statistics_presenters.chosen_year(request.args.get("fiscal_year"), years)


def _agency() -> Agency | None:
    """Their own, or the one that somebody who sees all of them asks for; None before they do."""
    session = db_session()
    bound = bound_of(signed_in_user(), Permission.READ_STATISTICS)
    if bound is not None:
        return session.get_one(Agency, bound)
    code = request.args.get("agency")
    return agency_queries.get_by_code(session, code) if code else None


_ROUTES = (
    ("/statistics", "GET", index),
    ("/statistics.csv", "GET", write_csv),
    ("/statistics.xlsx", "GET", write_xlsx),
)

staff_blueprint = access.guarded_blueprint(
    "statistics_staff",
    STAFF_DESK.path,
    Permission.READ_STATISTICS,
    _ROUTES,
    elsewhere=path_at_own_desk,
)
admin_blueprint = access.guarded_blueprint(
    "statistics_admin", ADMIN_DESK.path, Permission.USE_DESK, _ROUTES
)
