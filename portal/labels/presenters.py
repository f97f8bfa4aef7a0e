"""What the pages and files say by which labels are looked after."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.clock import in_japan
from portal.labels.content import folded
from portal.listings.vocabulary import RENAMED_FACETS, Label, Term, Vocabulary
from portal.spreadsheets import Cell, csv_chunks

FACET_TITLES = {"purpose": "目的", "kind": "支援の種類", "industry": "業種"}
STATE_LABELS = {"changed": "変えたもの", "shipped": "はじめのまま"}
OVERTAKEN = (
    "この画面を開いたあとで、ほかの管理者がこの表示名を変更しました。"
    "下の「いまの内容」と見くらべて、よければもう一度「変更を保存する」を押してください。"
)

_HEADER = (
    *("分類", "コード", "表示名", "読みがな", "短い表示名"),
    *("はじめの表示名", "はじめの読みがな", "はじめの短い表示名", "変えた日"),
)
_BEGINNING = 3
_EVERYWHERE = {
    "purpose": ("ホームの「目的から探す」", "支援情報のページの「目的」", "掲載者の編集画面"),
    "kind": (
        *("ホームの「支援の種類から探す」", "検索結果の1件ずつの欄"),
        *("支援情報のページの「支援の種類」", "掲載者の編集画面"),
    ),
    "industry": (
        *("ホームの「業種から探す」", "検索結果の1件ずつの欄"),
        *("支援情報のページの「業種」", "掲載者の編集画面"),
    ),
}
"""Where a label stands beside the search: of industries the short one."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A code and what it is called, in the list or on its own page."""

    facet: str
    code: str
    label: Label
    shipped: Label
    changed_on: str | None
    """The day in Japan; None where it is called what ships."""

    @property
    def facet_title(self) -> str:
        """What the facet is called."""
        return FACET_TITLES[self.facet]

    @property
    def state(self) -> str:
        """One of ``STATE_LABELS``."""
        return "changed" if self.changed_on else "shipped"


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """Which labels; what is empty does not narrow.

    :param text: a part of a label or its reading, in any width, case and kana, or of a code.
    :param state: one of ``STATE_LABELS``.
    """

    text: str = ""
    facet: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class ShownAt:
    """A place of the portal, and what stands there."""

    place: str
    text: str


def rows(
    current: Vocabulary,
    shipped: Vocabulary,
    changed_at: Mapping[Term, datetime],
    wanted: LabelFilter,
) -> tuple[LabelRow, ...]:
    """The labels that are wanted, in the order of the pages."""
    every = (
        row((facet, code), current.label((facet, code)), shipped, changed_at)
        for facet in RENAMED_FACETS
        for code in current.search_values(facet)
    )
    return tuple(found for found in every if _is_wanted(found, wanted))


def row(
    term: Term, label: Label, shipped: Vocabulary, changed_at: Mapping[Term, datetime]
) -> LabelRow:
    """What is told of a label."""
    at = changed_at.get(term)
    changed_on = in_japan(at).strftime("%Y-%m-%d") if at else None
    return LabelRow(*term, label, shipped.label(term), changed_on)


def _is_wanted(found: LabelRow, wanted: LabelFilter) -> bool:
    label, shipped = found.label, found.shipped
    texts = (label.text, label.kana, label.short, shipped.text, shipped.short, found.code)
    return (
        wanted.facet in ("", found.facet)
        and wanted.state in ("", found.state)
        and any(folded(wanted.text) in folded(text) for text in texts)
    )


def shown_at(facet: str, label: Label) -> tuple[ShownAt, ...]:
    """What a label looks like where visitors and staff meet it."""
    begun = label.kana[:_BEGINNING]
    places = ("検索のしぼり込み", f"検索の入力の候補（「{begun}」まで入れたとき）")
    elsewhere = label.short if facet == "industry" else label.text
    return (
        *(ShownAt(place, label.text) for place in places),
        *(ShownAt(place, elsewhere) for place in _EVERYWHERE[facet]),
    )


def told_of_change(before: Label, after: Label) -> str:
    """What to say after a change: also of a reading that may have been forgotten."""
    told = "変更しました。次に開くページから、この名前になります。"
    if before.text != after.text and before.kana == after.kana:
        told += "読みがなは前のままです。合っているか確かめてください。"
    return told


def others(now: Label, typed: Label) -> tuple[tuple[str, str], ...]:
    """What somebody else made of a label where something else was typed: name and value."""
    values = (
        ("表示名", now.text, typed.text),
        ("読みがな", now.kana, typed.kana),
        ("短い表示名", now.short, typed.short),
    )
    return tuple((name, theirs) for name, theirs, ours in values if theirs != ours)


def labels_csv(found: Iterable[LabelRow]) -> Iterator[str]:
    """A CSV file of labels, bit by bit."""
    return csv_chunks(_HEADER, (_cells(each) for each in found))


def _cells(found: LabelRow) -> tuple[Cell, ...]:
    label, shipped = found.label, found.shipped
    return (
        *(found.facet_title, found.code, label.text, label.kana, label.short),
        *(shipped.text, shipped.kana, shipped.short, found.changed_on or ""),
    )
