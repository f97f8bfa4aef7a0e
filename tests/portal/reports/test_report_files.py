"""The four files of a yearly report tell the same, and are what their programs expect."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from pypdf import PdfReader

from portal.reports.files import render
from portal.reports.files.pdf_file import MOST_LISTINGS
from portal.reports.yearly import ReportFormat, YearlyReport
from portal.spreadsheets import unguarded
from portal.typesetting.texts import BREAK_HERE
from portal.typesetting.typesetter import Typesetter
from tests.each import each
from tests.portal.reports import some_report
from tests.portal.reports.some_report import FORMULAS, LISTINGS, PROGRAMME

CSV, XLSX, PDF, JSON = ReportFormat.CSV, ReportFormat.XLSX, ReportFormat.PDF, ReportFormat.JSON
TYPESETTER = Typesetter()
FULL = some_report.some_report()
YEARS = ["令和4年度（前年度）", "令和5年度（今年度）"]
Rows = list[list[Any]]


def file_of(report: YearlyReport, report_format: ReportFormat) -> bytes:
    return render(report, report_format, TYPESETTER)


def plain_of(report: YearlyReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file_of(report, JSON))
    return found


def workbook_of(report: YearlyReport) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(file_of(report, XLSX)))


def csv_rows(report: YearlyReport) -> list[list[str]]:
    text = file_of(report, CSV).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def pages_of(report: YearlyReport) -> list[str]:
    pages = PdfReader(io.BytesIO(file_of(report, PDF))).pages
    return [page.extract_text().replace(BREAK_HERE, "") for page in pages]


def compared(views: int | None, previous: int | None) -> list[int | None]:
    known = views is not None and previous is not None
    return [previous, views, views - previous if known else None]


def expected_sheets(plain: dict[str, Any]) -> dict[str, list[Rows]]:
    """What every sheet has to hold below its titles, table by table, by the JSON file alone."""
    year_heads = [*YEARS, "増減"]

    def values(name: str, key: str, *, is_whole: bool = False) -> list[Rows]:
        rows = [[row["label"], *compared(row["views"], row["previous"])] for row in plain[key]]
        total = compared(plain["total_page_views"], plain["previous_total_page_views"])
        return [[[name, *year_heads], *rows, *([["合計", *total]] if is_whole else [])]]

    def figures(key: str) -> Rows:
        rows = [[one["label"], one["unit"], one["previous"], one["value"]] for one in plain[key]]
        return [["項目", "単位", *YEARS], *rows]

    def searches(key: str) -> Rows:
        keys = ("label", "searches", "days", "without_hits", "with_few_hits")
        heads = ["検索の条件", "検索した回数", "検索された日数", "0件だった回数", "少なかった回数"]
        return [heads, *([row[one] for one in keys] for row in plain[key])]

    months = [
        [f"{int(row['month'][-2:])}月", *compared(row["views"], row["previous"])]
        for row in plain["by_month"]
    ]
    places = [
        1 + sum(other["views"] > row["views"] for other in plain["by_listing"])
        for row in plain["by_listing"]
    ]
    listings = [
        [place, row["id"], row["title"], row["agency"], *compared(row["views"], row["previous"])]
        for place, row in zip(places, plain["by_listing"], strict=True)
    ]
    total = compared(plain["total_page_views"], plain["previous_total_page_views"])
    return {
        "概要": [
            [
                ["年度", "事業費（円）", "1閲覧あたり（円）"],
                [YEARS[0], plain["previous_cost_yen"], plain["previous_yen_per_view"]],
                [YEARS[1], plain["cost_yen"], plain["yen_per_view"]],
            ],
            figures("activity"),
            figures("clicks"),
        ],
        "月別": [[["月", *year_heads], *months, ["合計", *total]]],
        "支援情報別": [
            [
                ["順位", "番号", "支援情報", "実施機関", *year_heads],
                *listings,
                [
                    None,
                    None,
                    "支援情報のないページ",
                    None,
                    None,
                    plain["views_without_listing"],
                    None,
                ],
                [None, None, "合計", None, None, plain["total_page_views"], None],
            ]
        ],
        "実施機関別": values("実施機関", "by_agency"),
        "種類別": values("支援の種類", "by_kind"),
        "目的別": values("目的", "by_purpose"),
        "業種別": values("業種", "by_industry"),
        "地域別": values("地域", "by_region"),
        "端末別": values("端末", "by_device", is_whole=True),
        "ページ別": values("ページの種類", "by_page_kind", is_whole=True),
        "検索": [searches("top_searches"), searches("searches_with_little")],
        "除いた数と定義": [[["定義"], *([one] for one in plain["definitions"])]],
    }


def table_at(rows: Rows, heads: list[Any], after: int = 0) -> tuple[Rows, int]:
    """The rows from some headings to the next empty row, and where that is."""
    cut = [row[: len(heads)] for row in rows]
    first = cut.index(heads, after)
    end = next((n for n in range(first, len(rows)) if not any(rows[n])), len(rows))
    return cut[first:end], end


def test_every_cell_of_the_workbook_is_what_the_json_says() -> None:
    plain, workbook = plain_of(FULL), workbook_of(FULL)
    expected = expected_sheets(plain)
    assert workbook.sheetnames == list(expected)
    for name, tables in expected.items():
        rows = [[cell.value for cell in row] for row in workbook[name].iter_rows()]
        assert rows[0][0] == plain["title"] == "令和5年度 年間ページビュー数の報告"
        end = 0
        for table in tables:
            found, end = table_at(rows, table[0], end)
            assert found == table, name
    summary = [[cell.value for cell in row] for row in workbook["概要"].iter_rows()][3:5]
    assert len(summary[0]) == 9
    assert dict(zip(*summary, strict=True)) == {
        "年度": plain["label"],
        "事業名": PROGRAMME,
        "項目名": "年間ページビュー数",
        "単位": "件",
        YEARS[0]: 31_272,
        YEARS[1]: 20_748,
        "増減率（%）": -33.7,
        "事業費（円）": 1_741_000,
        "1閲覧あたり（円）": 83.9,
    }
    left_out, _ = table_at(
        [[cell.value for cell in row] for row in workbook["除いた数と定義"].iter_rows()],
        ["区分", "除いた数"],
    )
    assert [row[1] for row in left_out[1:-1]] == list(plain["left_out"].values())
    assert left_out[-1] == ["除いた数の合計", sum(plain["left_out"].values())]


def test_csv_has_the_tables_of_the_workbook_one_below_the_other() -> None:
    rows, workbook = csv_rows(FULL), workbook_of(FULL)
    assert rows[0] == ["令和5年度 年間ページビュー数の報告"]
    assert rows[2][:7] == [
        "令和5年度",
        PROGRAMME,
        "年間ページビュー数",
        "件",
        "31272",
        "20748",
        "-33.7",
    ]
    told = [[unguarded(cell) for cell in row] for row in rows[1:]]
    sheets = [
        ["" if cell.value is None else str(cell.value) for cell in row]
        for sheet in workbook
        for row in sheet.iter_rows(min_row=4)
    ]
    bare = [cells for cells in map(without_end, told) if cells]
    assert bare == [cells for cells in map(without_end, sheets) if cells]
    assert rows.count([]) == len(bare_titles(workbook)) - 1


def without_end(cells: list[str]) -> list[str]:
    """Cells up to the last that says something."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def bare_titles(workbook: Workbook) -> list[Any]:
    """The first cells of all tables: each follows a row that is empty."""
    return [
        sheet.cell(row, 1).value
        for sheet in workbook
        for row in range(4, sheet.max_row + 1)
        if not any(cell.value for cell in sheet[row - 1])
    ]


def test_no_title_becomes_a_formula_or_a_link() -> None:
    titles = (*FORMULAS, "https://example.jp/", "mailto:a@example.jp", "12", "_x0041_")
    report = replace(
        FULL,
        by_listing=tuple(
            replace(row, title=title, agency=title)
            for row, title in zip(FULL.by_listing, titles, strict=False)
        ),
        programme="=1+1",
        made_by="@SUM(A1)",
    )
    sheet = workbook_of(report)["支援情報別"]
    assert [row[2].value for row in sheet.iter_rows(min_row=6, max_row=5 + len(titles))] == [
        *titles
    ]
    kinds = {
        cell.data_type for page in workbook_of(report) for row in page.iter_rows() for cell in row
    }
    assert kinds == {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(file_of(report, XLSX))) as parts:
        for name in parts.namelist():
            assert "<f>" not in (text := parts.read(name).decode()), name
            assert "hyperlink" not in text, name
    for row in csv_rows(report):
        for cell in row:
            is_number = re.fullmatch(r"-?[\d.]+", cell)
            assert is_number or not cell.startswith(("=", "+", "-", "@", "＝", "＠", "\t")), cell


def charted(file: bytes) -> list[str]:
    """The cells that the chart of a workbook is drawn from."""
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        return re.findall(r"<c:f>(.*?)</c:f>", parts.read("xl/charts/chart1.xml").decode())


def test_workbook_has_a_chart_of_both_years_and_tells_nothing_of_the_machine() -> None:
    file = file_of(FULL, XLSX)
    this_year = ["月別!$C$5", "月別!$A$6:$A$17", "月別!$C$6:$C$17"]
    assert charted(file) == ["月別!$B$5", "月別!$A$6:$A$17", "月別!$B$6:$B$17", *this_year]
    # A year of which nothing is known is not named beside it.
    assert charted(file_of(some_report.empty(), XLSX)) == this_year
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        core = parts.read("docProps/core.xml").decode()
    assert set(re.findall(r">([^<\n]+)<", core)) == {
        *("令和5年度 年間ページビュー数の報告", "あおビズサーチ"),
        *("2024年3月31日（令和6年）23時59分までの集計", "2024-04-10T03:00:00Z"),
    }
    workbook = openpyxl.load_workbook(io.BytesIO(file))
    for sheet in workbook:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    listings = workbook["支援情報別"]
    assert (listings.freeze_panes, listings.print_title_rows) == ("A6", "$5:$5")
    assert listings["E6"].number_format == "#,##0_ "


def test_pdf_is_tagged_with_its_fonts_inside_and_has_the_numbers_side_by_side() -> None:
    reader = PdfReader(io.BytesIO(file_of(FULL, PDF)))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "ja-JP"
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == "令和5年度 年間ページビュー数の報告（あおビズサーチ）"
    for page in reader.pages:
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
        for font in page["/Resources"]["/Font"].values():
            assert re.match(r"/[A-Z]{6}\+BIZUDPGothic", font.get_object()["/BaseFont"])
            inside = font.get_object()["/DescendantFonts"][0]["/FontDescriptor"]
            assert "/FontFile2" in inside
    texts = [" ".join(text.split()) for text in pages_of(FULL)]
    assert re.search(r"31,272件 ?20,748件 ?−33.7 % ?1,741,000円 ?83.9円", texts[0])
    assert "2024年3月31日（令和6年）23時59分までの集計" in texts[0]
    assert "2024年4月10日（令和6年）12時 県庁 花子（見本）" in texts[0]
    for number, text in enumerate(texts, start=1):
        assert f"{number}/{len(texts)}" in text
    assert f"上位{MOST_LISTINGS}件です。ほかの{LISTINGS - MOST_LISTINGS}件は" in texts[0]
    more = sum(row.views or 0 for row in FULL.by_listing[MOST_LISTINGS:])
    assert re.search(rf"ほかの{LISTINGS - MOST_LISTINGS}件 ?{more:,}", " ".join(texts))
    assert f"設備投資の補助金 第{MOST_LISTINGS - 1}弾" in texts[1]
    assert f"設備投資の補助金 第{MOST_LISTINGS}弾" not in " ".join(texts)


@each("report_format", list(ReportFormat))
def test_made_up_views_are_called_that_everywhere(report_format: ReportFormat) -> None:
    mark = "見本の数が含まれています"
    sample = replace(FULL, is_sample=True, by_region=(), made_by="花子")
    real = replace(sample, is_sample=False)
    if report_format is XLSX:
        first_cells = [sheet["A1"].value for sheet in workbook_of(sample)]
        assert all("（見本）" in title for title in first_cells)
        assert "見本" not in "".join(str(sheet["A1"].value) for sheet in workbook_of(real))
    elif report_format is PDF:
        pages = pages_of(sample)
        assert all("見本" in page for page in pages)
        assert mark in "".join(pages)
        assert mark not in "".join(pages_of(real))
    else:
        assert (
            "（見本）"
            in file_of(sample, report_format)
            .decode()
            .splitlines()[1 if report_format is JSON else 0]
        )
        assert "報告（見本）" not in file_of(real, report_format).decode()


def test_year_that_was_taken_over_says_what_is_not_known() -> None:
    report = some_report.taken_over()
    plain = plain_of(report)
    assert (plain["total_page_views"], plain["taken_over"]) == (31_272, True)
    assert {row["views"] for row in plain["by_month"]} == {None}
    (page,) = [" ".join(text.split()) for text in pages_of(report)]
    rows = csv_rows(report)
    for said in (
        *(
            "月ごとの数は分かりません。",
            "このサイトの数え方です。前のサイトの数え方は分かりません。",
        ),
        "前のサイトが数えた年度のため、分かりません。",
        "前のサイトが、閲覧の多いものとして公表した順です。閲覧数は分かりません。",
    ):
        assert said in page
        assert [said] in rows
    # What is not known of anything is said once.
    assert page.count("前のサイトが数えた年度のため") == 1
    assert re.search(r"不明 ?31,272件 ?不明 ?未入力 ?不明", page)
    titles = [row[2] for row in rows if len(row) == 7]
    assert titles == ["支援情報", *(row.title for row in report.by_listing)]


@each("report", [FULL, some_report.taken_over(), some_report.empty()])
def test_same_report_gives_the_same_bytes(report: YearlyReport) -> None:
    for report_format in ReportFormat:
        assert render(report, report_format, Typesetter()) == file_of(report, report_format)


def test_json_has_the_names_that_others_rely_on() -> None:
    plain = plain_of(FULL)
    assert (plain["fiscal_year"], plain["label"]) == (2023, "令和5年度")
    assert plain["counted_until"] == "2024-03-31T23:59:00+09:00"
    assert plain["made_at"] == "2024-04-10T12:00:00+09:00"
    assert set(plain["left_out"]) == {"bot", "staff", "prefetch", "monitor", "other"}
    assert plain["by_month"][0] == {"month": "2023-04", "views": 1_840, "previous": 2_650}
    assert [row["title"] for row in plain["by_listing"][: len(FORMULAS)]] == [*FORMULAS]
    assert set(plain) >= {
        *("total_page_views", "previous_total_page_views", "change_percent", "cost_yen"),
        *("yen_per_view", "taken_over", "by_agency", "by_kind", "by_purpose", "by_industry"),
        *("by_region", "by_device"),
    }


def test_sum_that_lacks_what_was_taken_over_whole_does_not_call_itself_the_total() -> None:
    report = some_report.some_report(total_page_views=30_000, taken_over_page_views=9_252)
    ends = {row[0] or row[2]: row[2:] for row in csv_rows(report) if "合計" in "".join(row[:3])}
    assert ends["内訳が分かる分の合計"] == ["20748", ""], "a part is not held against a whole"
    assert ends["合計"][3] == "30000"


@pytest.mark.parametrize("strange", ["#eval(*_`$\\@<a>//", "\x00\x07", "🎉שלום", "国" * 200])
def test_any_title_is_printed_as_data(strange: str) -> None:
    listings = tuple(replace(row, title=strange, agency=strange) for row in FULL.by_listing)
    report = replace(FULL, by_listing=listings, notes=(strange,), programme=strange)
    assert file_of(report, PDF).startswith(b"%PDF-")
