"""The four files of a yearly report, all from its one value, so that they cannot disagree."""

import json

from portal.reports.files.csv_file import csv_file
from portal.reports.files.pdf_file import pdf_file
from portal.reports.files.plain import to_plain
from portal.reports.files.xlsx_file import xlsx_file
from portal.reports.yearly import ReportFormat, YearlyReport
from portal.typesetting.typesetter import Typesetter


def render(report: YearlyReport, report_format: ReportFormat, typesetter: Typesetter) -> bytes:
    """The report as a file. The same report gives the same bytes.

    :raises BusyError: others have PDF files made, more than can be waited for.
    """
    match report_format:
        case ReportFormat.JSON:
            return f"{json.dumps(to_plain(report), ensure_ascii=False, indent=2)}\n".encode()
        case ReportFormat.CSV:
            return csv_file(report)
        case ReportFormat.XLSX:
            return xlsx_file(report)
        case ReportFormat.PDF:
            return pdf_file(report, typesetter)
