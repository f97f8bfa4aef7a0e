"""The yearly report as the prefecture makes it: its page, its files, the cost, closing a year."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import access, error_pages, form_keeping, view_counting
from portal.accounts.actors import actor_of
from portal.accounts.models import User
from portal.accounts.permissions import Permission
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError
from portal.extensions import current_vocabulary, db_session, resources, today
from portal.fiscal_year import FiscalYear
from portal.identity import signed_in_user
from portal.reports import closing, costs, presenters, services, wording, years
from portal.reports.closing import CannotCloseError, DamagedFileError
from portal.reports.files import render
from portal.reports.forms import CostForm
from portal.reports.models import ClosedYear
from portal.reports.services import Maker
from portal.reports.yearly import ReportFormat, YearlyReport
from portal.reports.years import NoSuchYearError
from portal.typesetting.typesetter import BusyError

blueprint = Blueprint("yearly_report", __name__, url_prefix="/admin/reports")

_CHANGED = "締めている間に数が変わりました。下の数を確かめて、もう一度締めてください。"
_UNCONFIRMED = "締めるには、「数を確かめました」に印を付けてください。"
_BUSY = "ほかのファイルを作っているところです。10秒ほど待って、もう一度押してください。"

_TYPES = {
    ReportFormat.CSV: "text/csv; charset=utf-8",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.PDF: "application/pdf",
    ReportFormat.JSON: "application/json",
}


@blueprint.get("/yearly")
@access.permission_required(Permission.MANAGE_REPORTS)
def show() -> Response:
    """The report of a year, with what can be done about it."""
    try:
        year = years.asked_year(request.args.get("fiscal_year"), today=today())
    except NoSuchYearError as error:
        return make_response(_no_year(str(error)), 404)
    return make_response(_page(year))


@blueprint.get("/yearly.<any(csv, xlsx, pdf, json):report_format>")
@access.permission_required(Permission.MANAGE_REPORTS)
def download(report_format: str) -> Response:
    """The report as a file: of a closed year as it was stored, else as it is now."""
    wanted = ReportFormat(report_format)
    try:
        year = years.asked_year(request.args.get("fiscal_year"), today=today())
        content = closing.stored_file(db_session(), year, wanted)
        if content is None:
            content = _render(_report(year), wanted)
    except NoSuchYearError as error:
        return make_response(_no_year(str(error)), 404)
    except DamagedFileError as error:
        return make_response(_page(year, problem=str(error)), 500)
    except BusyError:
        return _busy()
    response = make_response(content)
    response.headers["Content-Type"] = _TYPES[wanted]
    name = presenters.file_name(year, wanted)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/yearly/<int:fiscal_year>/cost")
@access.permission_required(Permission.MANAGE_REPORTS)
@form_keeping.keeps(CostForm)
def set_cost(fiscal_year: int) -> Response:
    """Enter what the programme cost in a year."""
    form, held = CostForm(request.form), resources()
    try:
        year = years.asked_year(str(fiscal_year), today=today())
        cost_yen = costs.read_yen(form.cost_yen.data or "")
        with write_transaction(held.sessions) as session:
            has_changed = costs.set_cost(
                session,
                year,
                cost_yen,
                actor=actor_of(signed_in_user()),
                now=held.clock.now(),
            )
    except NoSuchYearError as error:
        return make_response(_no_year(str(error)), 404)
    except InvalidInputError as error:
        form.show(error)
        return make_response(_page(year, form=form), 422)
    told = "事業費を入れました。" if has_changed else "変わったところはありません。"
    return _back(year, told)


@blueprint.post("/yearly/<int:fiscal_year>/close")
@access.permission_required(Permission.MANAGE_REPORTS)
def close(fiscal_year: int) -> Response:
    """Make the report of a year final."""
    try:
        year = years.asked_year(str(fiscal_year), today=today())
        if not request.form.get("is_confirmed"):
            return make_response(_page(year, problem=_UNCONFIRMED), 422)
        _close(year)
    except NoSuchYearError as error:
        return make_response(_no_year(str(error)), 404)
    except CannotCloseError as error:
        return make_response(_page(year, problem=str(error)), 409)
    except ChangedMeanwhileError:
        db_session().rollback()
        return make_response(_page(year, problem=_CHANGED), 409)
    except BusyError:
        return make_response(_page(year, problem=_BUSY), 503)
    return _back(year, f"{year.label}を締めました。これからは、いま作ったファイルを渡します。")


def _close(year: FiscalYear) -> None:
    held, maker = resources(), _maker()
    view_counting.count_now()
    db_session().rollback()
    vocabulary = current_vocabulary()
    report, files = closing.prepare(db_session(), year, _render, vocabulary=vocabulary, maker=maker)
    # Nobody waits for the pages that this request reads from here on.
    db_session().rollback()
    with write_transaction(held.sessions) as session:
        closing.close(
            session,
            report,
            files,
            vocabulary=vocabulary,
            maker=maker,
            actor=actor_of(signed_in_user()),
        )


def _back(year: FiscalYear, message: str) -> Response:
    flash(message)
    return redirect(url_for("yearly_report.show", fiscal_year=year.year), 303)


def _busy() -> Response:
    response = make_response(error_pages.answer(503))
    response.headers["Retry-After"] = "10"
    return response


def _maker() -> Maker:
    return Maker(_name_of(signed_in_user()), resources().clock.now())


def _name_of(user: User) -> str:
    return user.name or user.email


def _report(year: FiscalYear) -> YearlyReport:
    view_counting.count_now()
    # What this request read before does not have what was counted just now.
    db_session().rollback()
    return services.yearly_report(
        db_session(), year, vocabulary=current_vocabulary(), maker=_maker()
    )


def _render(report: YearlyReport, report_format: ReportFormat) -> bytes:
    return render(report, report_format, resources().typesetter)


def _no_year(message: str) -> str:
    known = years.list_years(db_session(), today=today())
    return render_template("reports/no_year.html", message=message, years=known)


def _page(year: FiscalYear, *, form: CostForm | None = None, problem: str | None = None) -> str:
    report, session = _report(year), db_session()
    closed = session.get(ClosedYear, year.year)
    if form is None:
        form = CostForm(cost_yen=None if report.cost_yen is None else str(report.cost_yen))
    stored_total = None
    try:
        stored_total = closing.stored_total(session, year)
    except DamagedFileError as error:
        problem = problem or str(error)
    return render_template(
        "reports/yearly.html",
        report=report,
        words=wording,
        year=year,
        years=years.list_years(session, today=today()),
        summary=presenters.summary(report),
        chart=presenters.chart(report),
        months=presenters.months(report),
        listings=presenters.listings(
            report, lambda public_id: url_for("listings.show", public_id=public_id)
        ),
        parts=presenters.parts(report),
        doings=presenters.doings(report),
        searches=presenters.searches(report),
        left_out=presenters.left_out(report),
        formats=presenters.FORMAT_LABELS.items(),
        closed=closed,
        jumps=presenters.jumps(report, is_closed=closed is not None),
        why_open=closing.why_open(session, report, now=resources().clock.now()),
        form=form,
        problem=problem,
        stored_total=stored_total,
    )
