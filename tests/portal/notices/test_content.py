"""What may be said in a site notice, and how it is read and shown."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.notices.appearance import Piece, ShownNotice, most_urgent_first, paragraphs_of
from portal.notices.content import NoticeContent, find_problems, read_moment, typed_moment
from portal.notices.models import NoticeLevel
from tests.conftest import NOW

NINE = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
GOOD = {"title": "大雪", "ends_at": "2026-12-01T09:00"}


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "2026-12-01T09:00",
            "2026-12-01 09:00",
            "2026/12/1 9:00",
            "２０２６年１２月１日９時００分",
        ),
        *(" 2026-12-01T09:00:30 ", "2026年12月1日　9:00"),
    ],
)
def test_moment_is_read_in_the_ways_people_write_it(typed: str) -> None:
    assert read_moment(typed) == NINE


@pytest.mark.parametrize(
    "typed", ["", "明日", "2026-12-01", "2026-13-01 09:00", "2026-02-30 09:00", "2026-12-01 25:00"]
)
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert read_moment(typed) is None


def test_moment_is_shown_as_browsers_fill_it_in() -> None:
    assert typed_moment(NINE) == "2026-12-01T09:00"
    assert typed_moment(None) == ""


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"level": "panic"}, "level"),
        ({"title": " "}, "title"),
        ({"title": "雪" * 61}, "title"),
        ({"title": "雪\0"}, "title"),
        ({"text": "雪" * 1_001}, "text"),
        ({"text": "雪\x1b"}, "text"),
        ({"starts_at": "明日"}, "starts_at"),
        ({"ends_at": "あさって"}, "ends_at"),
        ({"ends_at": ""}, "ends_at"),
        ({"ends_at": "2026-11-20T12:00"}, "ends_at"),
        ({"starts_at": "2026-12-01T09:00"}, "ends_at"),
        ({"ends_at": "2028-01-01T09:00"}, "ends_at"),
    ],
)
def test_wrong_field_is_named_with_how_to_mend_it(typed: dict[str, str], field: str) -> None:
    content = NoticeContent(**(GOOD | typed)).tidied()
    (problem,) = find_problems(content, is_published=True, now=NOW)
    assert problem.field == field
    assert problem.message.endswith(("ください。", "です）。", "消えます。"))


def test_draft_needs_a_title_alone() -> None:
    assert find_problems(NoticeContent(title="大雪"), is_published=False, now=NOW) == []
    past = NoticeContent(title="大雪", ends_at="2020-01-01T09:00")
    assert find_problems(past, is_published=False, now=NOW) == []


def test_lines_of_any_kind_and_ideographic_spaces_are_taken() -> None:
    content = NoticeContent(**GOOD, text=" 一\u3000二 \r\n\r\n三\r").tidied()
    assert content.text == "一\u3000二\n\n三"
    assert find_problems(content, is_published=True, now=NOW) == []


def test_addresses_become_links_without_what_follows_them() -> None:
    assert paragraphs_of(
        "詳しくは https://example.jp/a?b=1。\n電話でも\n\n（http://example.jp）"
    ) == (
        (
            (
                Piece("詳しくは "),
                Piece("https://example.jp/a?b=1", "https://example.jp/a?b=1"),
                Piece("。"),
            ),
            (Piece("電話でも"),),
        ),
        ((Piece("（"), Piece("http://example.jp", "http://example.jp"), Piece("）")),),
    )
    assert paragraphs_of("") == ()
    assert paragraphs_of("javascript:alert(1)") == (((Piece("javascript:alert(1)"),),),)


def test_most_urgent_comes_first_then_the_newest() -> None:
    def notice(number: int, level: NoticeLevel, days_ago: int) -> ShownNotice:
        return ShownNotice(number, level, "", (), NOW - timedelta(days=days_ago), NOW)

    notices = [
        notice(1, NoticeLevel.INFO, 0),
        notice(2, NoticeLevel.WARNING, 3),
        notice(3, NoticeLevel.WARNING, 1),
        notice(4, NoticeLevel.EMERGENCY, 9),
    ]
    assert [each.id for each in most_urgent_first(notices)] == [4, 3, 2, 1]
