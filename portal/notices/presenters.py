"""Site notices as administrators see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.formats import near_moment
from portal.notices.appearance import ShownNotice, paragraphs_of
from portal.notices.content import LABELS, NoticeContent, content_of, typed_moment
from portal.notices.models import NoticeLevel, SiteNotice
from portal.told_form import Called

USUAL_LENGTH = timedelta(days=7)
"""What is offered as the time a new notice is shown."""

OVERTAKEN = (
    "この画面を開いたあとで、ほかの管理者がこのお知らせを変更しました。"
    "下の「いまの内容」と見くらべて、よければもう一度保存してください。"
)

_EXPLAINED = {
    NoticeLevel.EMERGENCY: "（災害など。すべてのページのいちばん上に、目立つ色で出ます）",
    NoticeLevel.WARNING: "（停止の予定など。すべてのページの上に出ます）",
    NoticeLevel.INFO: "（見出しだけがすべてのページの上に、本文はホームに出ます）",
}
_STATES = {
    "shown": "表示中",
    "scheduled": "表示待ち",
    "draft": "下書き",
    "over": "終わりました",
}
"""What is told of each state, in the order of the list."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in the list, or on its own page."""

    id: int
    title: str
    level: str
    state: str
    """``shown``, ``scheduled``, ``draft`` or ``over``."""
    state_label: str
    starts: str | None
    ends: str | None


def rows(notices: Iterable[SiteNotice], *, now: datetime, today: date) -> list[NoticeRow]:
    """Notices of the list, those before and on the pages first."""
    found = [row(notice, now=now, today=today) for notice in notices]
    return sorted(found, key=lambda row: list(_STATES).index(row.state))


def row(notice: SiteNotice, *, now: datetime, today: date) -> NoticeRow:
    """What is told of a notice."""
    state = _state_of(notice, now)
    return NoticeRow(
        id=notice.id,
        title=notice.title,
        level=NoticeLevel(notice.level).label,
        state=state,
        state_label=_STATES[state],
        starts=near_moment(notice.starts_at, today) if notice.starts_at else None,
        ends=near_moment(notice.ends_at, today) if notice.ends_at else None,
    )


def _state_of(notice: SiteNotice, now: datetime) -> str:
    if not notice.is_published or notice.starts_at is None or notice.ends_at is None:
        return "draft"
    if notice.ends_at <= now:
        return "over"
    return "shown" if notice.starts_at <= now else "scheduled"


def new_content(now: datetime) -> NoticeContent:
    """What the form of a new notice begins with."""
    return NoticeContent(ends_at=typed_moment(now + USUAL_LENGTH))


def preview(content: NoticeContent, *, now: datetime) -> ShownNotice:
    """What was typed, as visitors would see it; of an unknown level as the least urgent."""
    is_known = content.level in list(NoticeLevel)
    level = NoticeLevel(content.level) if is_known else NoticeLevel.INFO
    return ShownNotice(0, level, content.title, paragraphs_of(content.text), now, now)


def level_choices() -> Sequence[tuple[str, str]]:
    """Levels to choose from, each with what it does."""
    return [(level.value, level.label + _EXPLAINED[level]) for level in NoticeLevel]


def called() -> Called:
    """What codes are called in the form."""
    return {"level": {level.value: level.label for level in NoticeLevel}}


def others(notice: SiteNotice, typed: NoticeContent) -> tuple[tuple[str, str], ...]:
    """What somebody else has made of a notice where something else was typed: label and value."""
    now, words = content_of(notice), called()
    differing = {
        name: getattr(now, name)
        for name in NoticeContent.__dataclass_fields__
        if getattr(now, name) != getattr(typed, name)
    }
    return tuple(
        (LABELS[name], words.get(name, {}).get(value, value.replace("T", " ")) or "（空）")
        for name, value in differing.items()
    )
