"""What a site notice says, and the rules it has to keep."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.clock import JAPAN, in_japan
from portal.errors import FieldProblem
from portal.notices.models import LONGEST_TEXT, LONGEST_TITLE, NoticeLevel, SiteNotice

LONGEST_SHOWN = timedelta(days=366)
"""A notice that nobody ends is gone after this at the latest; a wrong year is refused."""

LABELS = {
    "level": "種類",
    "title": "見出し",
    "text": "本文",
    "starts_at": "表示のはじめ",
    "ends_at": "表示のおわり",
}
"""What each field is called on pages."""

_MOMENT = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?[T\s]*(\d{1,2})[:時](\d{1,2})(?:分|:\d\d)?"
)
_MOMENT_FORM = "「2026-12-01 09:00」の形で、日付と時刻を入れてください。"


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """A notice as somebody typed it; times are those of a clock in Japan."""

    level: str = NoticeLevel.INFO.value
    title: str = ""
    text: str = ""
    starts_at: str = ""
    """Empty for the moment it is published."""
    ends_at: str = ""

    def tidied(self) -> "NoticeContent":
        """Without needless spaces, lines ended alike, times in one form where they can be read."""
        lines = (line.rstrip() for line in self.text.splitlines())
        return NoticeContent(
            level=self.level,
            title=" ".join(self.title.split()),
            text="\n".join(lines).strip(),
            starts_at=_tidied_moment(self.starts_at),
            ends_at=_tidied_moment(self.ends_at),
        )


def content_of(notice: SiteNotice) -> NoticeContent:
    """What a notice says, as a form shows it."""
    return NoticeContent(
        level=notice.level,
        title=notice.title,
        text=notice.text,
        starts_at=typed_moment(notice.starts_at),
        ends_at=typed_moment(notice.ends_at),
    )


def mark_of(notice: SiteNotice) -> str:
    """A short text that is another one for a notice that says something else, or is no draft any
    more."""
    told = repr((content_of(notice), notice.is_published))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def typed_moment(instant: datetime | None) -> str:
    """An instant as browsers fill it into a field; empty for None."""
    return in_japan(instant).strftime("%Y-%m-%dT%H:%M") if instant else ""


def read_moment(typed: str) -> datetime | None:
    """The instant of a day and time in Japan, in the ways people write them; None if it is none."""
    found = _MOMENT.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    if found is None:
        return None
    year, month, day, hour, minute = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=JAPAN)
    except ValueError:
        return None


def find_problems(
    content: NoticeContent, *, is_published: bool, now: datetime
) -> list[FieldProblem]:
    """What keeps a tidied content from being stored; of drafts less is asked."""
    problems = list(_problems_of_words(content))
    starts_at, ends_at = read_moment(content.starts_at), read_moment(content.ends_at)
    for field, instant in (("starts_at", starts_at), ("ends_at", ends_at)):
        if getattr(content, field) and instant is None:
            problems.append(FieldProblem(field, f"{LABELS[field]}は{_MOMENT_FORM}"))
    if is_published and not content.ends_at:
        text = "表示のおわりを入れてください。過ぎると自動で消えます。"
        problems.append(FieldProblem("ends_at", text))
    if ends_at:
        problems += _problems_of_end(starts_at, ends_at, is_published=is_published, now=now)
    return problems


def _problems_of_words(content: NoticeContent) -> Iterator[FieldProblem]:
    if content.level not in list(NoticeLevel):
        yield FieldProblem("level", "種類を選んでください。")
    if not content.title:
        yield FieldProblem("title", "見出しを入れてください。")
    for field, longest in (("title", LONGEST_TITLE), ("text", LONGEST_TEXT)):
        words = getattr(content, field)
        if len(words) > longest:
            over = len(words) - longest
            text = f"{LABELS[field]}は{longest}文字以内にしてください（いま{over}文字多いです）。"
            yield FieldProblem(field, text)
        elif not words.replace("\n", " ").replace("\u3000", " ").isprintable():
            text = f"{LABELS[field]}に使えない文字があります。入れ直してください。"
            yield FieldProblem(field, text)


def _problems_of_end(
    starts_at: datetime | None, ends_at: datetime, *, is_published: bool, now: datetime
) -> Iterator[FieldProblem]:
    begins = starts_at or now
    if starts_at and ends_at <= starts_at:
        yield FieldProblem("ends_at", "表示のおわりは、はじめより後にしてください。")
    elif is_published and ends_at <= now:
        yield FieldProblem("ends_at", "表示のおわりは、いまより後にしてください。")
    elif ends_at - begins > LONGEST_SHOWN:
        yield FieldProblem("ends_at", "表示できるのは1年までです。おわりを早くしてください。")


def _tidied_moment(typed: str) -> str:
    instant = read_moment(typed)
    return typed_moment(instant) if instant else typed.strip()
