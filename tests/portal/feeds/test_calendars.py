"""Any text gets through a calendar whole."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from portal.feeds import calendars
from portal.feeds.calendars import Heading
from portal.feeds.entries import Entry, EntryKind
from tests.portal.feeds.calendar_reading import ReadCalendar

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
HEADING = Heading("締切", "条件に合う支援の締切です。", "https://portal.example.jp/search")
ENTRY = Entry(
    uid="L000001-deadline-1@portal.example.jp",
    sequence=1,
    created_at=AT,
    changed_at=AT,
    kind=EntryKind.DEADLINE,
    day=date(2026, 12, 4),
    starts_at=None,
    ends_at=None,
    summary="締切",
    description="",
    location="",
    url="https://portal.example.jp/listings/L000001",
    is_cancelled=False,
)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).map(
    str.strip
)


@given(texts, st.lists(texts, max_size=4))
def test_any_text_is_read_as_it_was_written(title: str, lines: list[str]) -> None:
    description = "\n".join(line for line in lines if line)
    entry = replace(ENTRY, summary=f"締切：{title}", description=description, location=title)
    heading = replace(HEADING, name=f"{title}の締切")
    read = ReadCalendar(calendars.write(heading, [entry]))
    assert read.event.summary.value == f"締切：{title}"
    assert read.event.description.value == description
    assert read.whole.x_wr_calname.value == f"{title}の締切"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_adds_a_line_of_its_own(title: str) -> None:
    read = ReadCalendar(calendars.write(HEADING, [replace(ENTRY, summary=title)]))
    shown = read.event.summary.value if "summary" in read.event.contents else ""
    assert re.sub(r"\s", "", shown) == re.sub(r"[\s\x00-\x1f\x7f]", "", title)
    assert len(read.event.valarm_list) == 2
