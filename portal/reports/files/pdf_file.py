"""The report as a PDF file to hand in: A4, tagged, with its fonts inside."""

from dataclasses import asdict, replace
from pathlib import Path

from portal.reports import wording
from portal.reports.charts import year_chart
from portal.reports.files import breakdowns, overview
from portal.reports.files.tables import Cell, CellKind, Row, Table, nothing_known
from portal.reports.yearly import YearlyReport
from portal.typesetting import texts
from portal.typesetting.typesetter import Typesetter

MOST_LISTINGS = 50
"""How many listings are printed; the other files have all."""

_TEMPLATE = Path(__file__).parent / "report.typ"

_NOT_KNOWN = "–"
_CELL_EM = 11.0
"""Of the narrowest column of texts; what is longer may be broken anywhere."""
_LINE_EM = 40.0
"""Of a line across the page."""


def pdf_file(report: YearlyReport, typesetter: Typesetter) -> bytes:
    """The file, PDF/UA-1.

    :raises BusyError: others have PDF files made, more than can be waited for.
    """
    return typesetter.pdf(_TEMPLATE, _data(report), made_at=report.made_at)


def _data(report: YearlyReport) -> dict[str, object]:
    """What ``report.typ`` prints."""
    chart = year_chart(report)
    definitions = overview.definitions(report)
    return {
        "title": _line(wording.title(report)),
        "portal_name": _line(report.portal_name),
        "programme": _line(report.programme),
        "is_counted_here": report.counted_until is not None,
        "sample": wording.SAMPLE if report.is_sample else "",
        "facts": [[_line(str(cell)) for cell in row] for row in overview.about(report).rows],
        "summary_title": wording.SUMMARY,
        "summary": _summary(report),
        "chart": asdict(chart) if chart else None,
        "months": _table(breakdowns.months(report)),
        "listings": _listings(report),
        "values": _known(
            breakdowns.agencies(report),
            breakdowns.kinds(report),
            breakdowns.purposes(report),
            breakdowns.industries(report),
            breakdowns.regions(report),
            breakdowns.devices(report),
            breakdowns.page_kinds(report),
        ),
        "figures": _known(overview.activity(report), overview.clicks(report)),
        "searches": [
            _table(breakdowns.top_searches(report)),
            _table(breakdowns.searches_with_little(report)),
        ],
        "left_out": _table(overview.left_out(report)),
        "definitions": [_line(str(sentence)) for (sentence,) in definitions.rows],
        "definitions_note": definitions.note,
        "nothing": nothing_known(report),
    }


def _summary(report: YearlyReport) -> dict[str, str]:
    """The summary row, each number with its unit."""
    previous = wording.previous_year(report).label
    return {
        "item": wording.ITEM,
        "previous_label": previous,
        "label": report.fiscal_year.label,
        "previous": wording.count(report.previous_total_page_views, "件"),
        "now": wording.count(report.total_page_views, "件"),
        "change": wording.change(report.change_percent),
        "cost": wording.cost(report.cost_yen),
        "per_view": wording.yen(report.yen_per_view),
        "previous_cost": _previous_cost(report, previous),
    }


def _previous_cost(report: YearlyReport, previous: str) -> str:
    if report.previous_cost_yen is None:
        return ""
    said = f"{previous}の事業費は{wording.yen(report.previous_cost_yen)}でした"
    if report.previous_yen_per_view is None:
        return f"{said}。"
    return f"{said}（1閲覧あたり{wording.yen(report.previous_yen_per_view)}）。"


def _listings(report: YearlyReport) -> dict[str, object]:
    table = breakdowns.listings(report)
    more = len(table.rows) - MOST_LISTINGS
    if more > 0:
        rest = sum(row.views or 0 for row in report.by_listing[MOST_LISTINGS:])
        others: Row = (None, None, f"ほかの{more:,}件", None, None, rest, None)
        table = replace(
            table,
            rows=table.rows[:MOST_LISTINGS],
            ends=(others, *table.ends) if table.ends else (),
            note=f"上位{MOST_LISTINGS}件です。ほかの{more:,}件は、ExcelとCSVのファイルにあります。",
        )
    return _table(table)


def _known(*tables: Table) -> list[dict[str, object]]:
    """Tables that have rows; the page says at once that there are none."""
    return [_table(table) for table in tables if table.rows]


def _table(table: Table) -> dict[str, object]:
    kinds = tuple(column.kind for column in table.columns)
    return {
        "title": table.title,
        "note": table.note,
        "empty": table.empty,
        "columns": [column.name for column in table.columns],
        "is_text": [kind is CellKind.TEXT for kind in kinds],
        "rows": [_cells(row, kinds, nothing=_NOT_KNOWN) for row in table.rows],
        "ends": [_cells(row, kinds, nothing="") for row in table.ends],
    }


def _cells(row: Row, kinds: tuple[CellKind, ...], *, nothing: str) -> list[str]:
    return [
        _cell(value, kind) or ("" if kind is CellKind.TEXT else nothing)
        for value, kind in zip(row, kinds, strict=True)
    ]


def _cell(value: Cell, kind: CellKind) -> str:
    """What is printed of a value; empty for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return texts.breakable(texts.clean(value), _CELL_EM)
    if kind is CellKind.DIFFERENCE:
        return wording.signed(value, f"{abs(value):,}")
    return f"{value:,}"


def _line(text: str) -> str:
    return texts.breakable(texts.clean(text), _LINE_EM)
