"""Page views of a predecessor come in by a file: all or nothing; what is wrong is told by row."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.errors import InvalidInputError
from portal.pageviews import import_files, imports
from portal.pageviews.imports import ImportResult
from portal.pageviews.models import ImportedPageView
from tests.conftest import NOW
from tests.factories import make_views

HEADER = "fiscal_year,month,page_views\n"
TODAY = date(2026, 11, 20)

Sessions = sessionmaker[Session]


def take_over(sessions: Sessions, rows: str | bytes, closed: tuple[int, ...] = ()) -> ImportResult:
    content = rows if isinstance(rows, bytes) else (HEADER + rows).encode()
    with write_transaction(sessions) as session:
        return imports.store(
            session,
            import_files.read(content),
            closed_years=closed,
            actor=OPERATOR,
            today=TODAY,
            now=NOW,
        )


def stored(sessions: Sessions) -> dict[tuple[int, int], int]:
    with sessions() as session:
        rows = session.scalars(select(ImportedPageView))
        return {(row.fiscal_year, row.month): row.views for row in rows}


def refusal(sessions: Sessions, rows: str | bytes, closed: tuple[int, ...] = ()) -> list[str]:
    with pytest.raises(InvalidInputError) as refused:
        take_over(sessions, rows, closed)
    return [problem.message for problem in refused.value.problems]


def test_years_and_months_are_taken_over_and_the_same_file_changes_nothing(
    database: Sessions,
) -> None:
    rows = '2022,,"31,272"\n\n２０２３,３,0\n2023,4,900\n'
    assert take_over(database, rows) == ImportResult(added=3, changed=0, unchanged=0)
    assert take_over(database, rows) == ImportResult(added=0, changed=0, unchanged=3)
    assert stored(database) == {(2022, 0): 31_272, (2023, 3): 0, (2023, 4): 900}
    corrected = rows.replace("900", "901")
    assert take_over(database, corrected) == ImportResult(added=0, changed=1, unchanged=2)
    assert stored(database)[(2023, 4)] == 901
    with database() as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [event.action for event in events] == ["page_views_imported"] * 2
    assert '"page_views":901' in events[1].detail


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{HEADER}2022,,5\n".encode(),
        f"{HEADER}2022,,5".encode("cp932"),
        "FISCAL_YEAR, month ,page_views\r\n2022,,５\r\n".encode("cp932"),
    ],
    ids=["byte-order-mark", "cp932", "windows"],
)
def test_files_of_spreadsheet_programs_are_read(content: bytes) -> None:
    (row,) = import_files.read(content)
    assert (row.number, row.fiscal_year, row.month, row.views) == (2, 2022, 0, 5)


def test_every_wrong_row_is_told_by_its_number(database: Sessions) -> None:
    rows = [
        *("2022,,100", "令和4,,5", "2022,13,5", "2022,1.5,5", "2022,1,", "2022,1,-5", "1999,1,5"),
        *("2101,1,5", "2022,1", "2022,1,5,6", "2022,1,=1+1", "2022,,7", "2023,4,1", "2023,4,1"),
        *("2022,5,5", "2022,1,9999999999"),
    ]
    told = refusal(database, "\n".join(rows))
    assert {line.partition("行目: ")[0] for line in told} == {
        *("3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "15", "16", "17")
    }
    assert "3行目: 年度「令和4」は、2022 のように西暦で入れてください。" in told
    assert "13行目: 令和4年度は2行目にもあります。1つにしてください。" in told
    whole = "16行目: 令和4年度は2行目に1年分があります。"
    assert any(line.startswith(whole) for line in told)
    assert stored(database) == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "1行目は fiscal_year,month,page_views という見出し"),
        (b"year,views\n2022,5\n", "1行目は"),
        (HEADER.encode(), "2行目から"),
        (b"\x82\xa0\x81", "文字コードが分かりません"),
        (HEADER.encode() + b'2022,,"5\n', "CSVとして読めません"),
        (HEADER.encode() + b"2022,,5\x00\n", "2行目: 閲覧数"),
        (HEADER.encode() + b"x" * 1_000_000, "大きすぎます"),
        (HEADER.encode() + b"x\n" * 500, "ほかに480個の間違いがあります"),
    ],
    ids=["empty", "header", "no-rows", "bytes", "quote", "nul", "large", "many"],
)
def test_file_that_is_none_is_refused_in_plain_words(content: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        import_files.read(content)


def test_nothing_is_counted_twice_or_before_its_time(database: Sessions) -> None:
    with database() as session:
        make_views(session, on=date(2026, 4, 30))
    take_over(database, "2022,,5\n2023,4,5\n")
    before = stored(database)
    cases = {
        "2026,4,5": "2行目: 令和8年度の4月は、このサイトが自分で数えています。",
        "2026,11,5": "2行目: 令和8年度の11月はまだ終わっていません。",
        "2026,3,5": "2行目: 令和8年度の3月はまだ終わっていません。",
        "2026,,5": "2行目: 令和8年度はまだ終わっていません。",
        "2022,5,5": "2行目: 令和4年度は、1年分がもう取り込んであります。",
        "2023,,5": "2行目: 令和5年度は、月ごとの数がもう取り込んであります。",
        "2021,5,1\n2020,,5": "3行目: 令和2年度は締めてあるので",
    }
    for rows, told in cases.items():
        (message,) = refusal(database, rows, closed=(2020,))
        assert message.startswith(told)
    assert stored(database) == before
    # The month before the first day that was counted, and one in between.
    assert take_over(database, "2025,3,5\n2026,5,6\n2023,5,7\n").added == 3
