"""Search parameters: one set for the page, the API, feeds and saved searches.

Only known names and values get through. What does not is remembered as a ``ParamProblem``: the page
says so and searches with the rest, the API refuses.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from portal.listings.vocabulary import Vocabulary
from search_index import SearchQuery, Sort, SynonymTable

MAX_TEXT = 200
MAX_PAGE = 10_000
PAGE_SIZES = (10, 20, 50, 100)
DEFAULT_PAGE_SIZE = 20
MAX_AMOUNT_YEN = 10**12
FACET_PARAMS = ("industry", "region", "purpose", "kind", "level", "agency", "status")

# Of many unknown values so many are named: whoever sends thousands learns nothing from the rest.
_UNKNOWN_NAMED = 3

# Control characters, and what is left of bytes that were no UTF-8.
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd\ufeff]+")


@dataclass(frozen=True, slots=True)
class ParamProblem:
    """A parameter that could not be used. ``message`` is Japanese and says how to mend it."""

    name: str
    value: str
    message: str
    allowed: tuple[str, ...] = ()
    is_error: bool = True
    """False for what the API takes in silence too: any text is legal."""


@dataclass(frozen=True, slots=True)
class SearchParams:
    """A search as its URL says it. ``choices`` maps a facet parameter to the chosen codes."""

    q: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    include_closed: bool = False
    local_only: bool = False
    amount_min: int | None = None
    sort: Sort | None = None
    """None for the default: relevance where there is text, else new."""
    page: int = 1
    per_page: int = DEFAULT_PAGE_SIZE
    problems: tuple[ParamProblem, ...] = ()

    @property
    def order(self) -> Sort:
        """The sort in force."""
        return self.sort or (Sort.RELEVANCE if self.q else Sort.NEW)

    @property
    def is_past_limit(self) -> bool:
        """True beyond the last page number that is ever answered."""
        return self.page > MAX_PAGE

    def to_pairs(self) -> list[tuple[str, str]]:
        """The query string of this search, without defaults; equal searches give equal pairs."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(name, code) for name in FACET_PARAMS for code in self.choices.get(name, ())]
        if self.amount_min is not None:
            pairs.append(("amount_min", str(self.amount_min)))
        if self.local_only:
            pairs.append(("local_only", "1"))
        if self.include_closed:
            pairs.append(("include_closed", "1"))
        if self.sort:
            pairs.append(("sort", self.sort.value))
        if self.per_page != DEFAULT_PAGE_SIZE:
            pairs.append(("per_page", str(self.per_page)))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def without_conditions(self) -> "SearchParams":
        """The same text, order and size of pages, with no condition."""
        return replace(
            self, choices={}, include_closed=False, local_only=False, amount_min=None, page=1
        )

    def without(self, name: str, code: str | None = None) -> "SearchParams":
        """This search from page 1 with a parameter, or one chosen code of a facet, taken away."""
        if name in FACET_PARAMS:
            kept = tuple(c for c in self.choices.get(name, ()) if code is not None and c != code)
            # Without a place there is nothing to be local to.
            local_only = self.local_only and not (name == "region" and not kept)
            choices = {**self.choices, name: kept}
            return replace(self, choices=choices, local_only=local_only, page=1)
        default = SearchParams()
        return replace(self, **{name: getattr(default, name)}, page=1)

    def to_query(self, *, today: date, synonyms: SynonymTable) -> SearchQuery:
        """The same as the engine is asked."""
        return SearchQuery(
            on=today,
            text=self.q,
            filters={name: codes for name, codes in self.choices.items() if codes},
            include_closed=self.include_closed,
            local_only=self.local_only,
            amount_min=self.amount_min,
            sort=self.order,
            offset=(self.page - 1) * self.per_page,
            limit=self.per_page,
            synonyms=synonyms,
        )


def parse(
    args: MultiDict[str, str], *, vocabulary: Vocabulary, agency_codes: Collection[str]
) -> SearchParams:
    """Read a query string. Never fails: what cannot be used ends in ``problems``."""
    problems = _repetitions(args)
    choices = {}
    for name in FACET_PARAMS:
        allowed = agency_codes if name == "agency" else vocabulary.search_values(name)
        choices[name] = _codes(args.getlist(name), name, allowed, problems)
    return SearchParams(
        q=_text(args.get("q", ""), problems),
        choices={name: codes for name, codes in choices.items() if codes},
        include_closed=_flag(args, "include_closed", problems),
        local_only=_flag(args, "local_only", problems),
        amount_min=_number(args, "amount_min", 0, MAX_AMOUNT_YEN, problems),
        sort=_sort(args.get("sort", ""), problems),
        page=_page(args, problems),
        per_page=_page_size(args.get("per_page", ""), problems),
        problems=tuple(problems),
    )


_SINGLE = {
    "q": "ことば",
    "amount_min": "補助上限額",
    "include_closed": "終了した支援も表示",
    "local_only": "この地域限定",
    "sort": "並べ方",
    "page": "ページ",
    "per_page": "表示件数",
}


def _repetitions(args: MultiDict[str, str]) -> list[ParamProblem]:
    """Parameters that take one value and were given several that differ."""
    return [
        ParamProblem(
            name, "", f"「{label}」が2つ以上あったため、はじめのものを使いました。", is_error=False
        )
        for name, label in _SINGLE.items()
        if len(set(args.getlist(name))) > 1
    ]


def read_text(raw: str) -> tuple[str, tuple[ParamProblem, ...]]:
    """What somebody typed, without what cannot be searched for, and what was wrong with it."""
    problems: list[ParamProblem] = []
    return _text(raw, problems), tuple(problems)


def _text(raw: str, problems: list[ParamProblem]) -> str:
    raw = raw[: 50 * MAX_TEXT]
    if _UNREADABLE.search(raw):
        message = "読めない文字があったため、除いて探しました。"
        problems.append(ParamProblem("q", "", message, is_error=False))
    text = " ".join(_UNREADABLE.sub(" ", raw).split())
    if len(text) > MAX_TEXT:
        message = f"検索のことばが長すぎるため、はじめの{MAX_TEXT}文字で探しました。"
        problems.append(ParamProblem("q", text[:MAX_TEXT], message))
        text = text[:MAX_TEXT].rstrip()
    return text


def _codes(
    raw: Iterable[str], name: str, allowed: Collection[str], problems: list[ParamProblem]
) -> tuple[str, ...]:
    values = dict.fromkeys(raw)
    known = values.keys() & set(allowed)
    unknown = [value for value in values if value and value not in known]
    if unknown:
        first = "".join(f"「{_shown(value)}」" for value in unknown[:_UNKNOWN_NAMED])
        others = len(unknown) - _UNKNOWN_NAMED
        rest = f"など{len(unknown)}個の条件" if others > 0 else "という条件"
        message = f"{first}{rest}はないため、外して探しました。"
        problems.append(ParamProblem(name, _shown(unknown[0]), message, tuple(allowed)))
    # In the vocabulary's order, so that the same choices always make the same address.
    return tuple(code for code in allowed if code in known)


def _flag(args: MultiDict[str, str], name: str, problems: list[ParamProblem]) -> bool:
    value = args.get(name, "")
    if value not in ("", "0", "1"):
        message = f"{name} は 1 だけが使えます。「{_shown(value)}」は外して探しました。"
        problems.append(ParamProblem(name, _shown(value), message, ("1",)))
    return value == "1"


def _number(
    args: MultiDict[str, str], name: str, low: int, high: int, problems: list[ParamProblem]
) -> int | None:
    value = args.get(name, "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) <= 15 and low <= int(value) <= high:
        return int(value)
    message = f"金額「{_shown(value)}」は読めないため、外して探しました。円の数字で入れてください。"
    problems.append(ParamProblem(name, _shown(value), message))
    return None


def _sort(value: str, problems: list[ParamProblem]) -> Sort | None:
    if not value:
        return None
    try:
        return Sort(value)
    except ValueError:
        message = f"並べ方「{_shown(value)}」はないため、いつもの順に並べました。"
        problems.append(ParamProblem("sort", _shown(value), message, tuple(Sort)))
        return None


def _page(args: MultiDict[str, str], problems: list[ParamProblem]) -> int:
    value = args.get("page", "").strip()
    if not value:
        return 1
    if value.isascii() and value.isdigit() and int(value[:20]) >= 1:
        # Past the limit any number means the same, and a huge one must not reach arithmetic.
        return min(int(value[:20]), MAX_PAGE + 1)
    message = f"ページ「{_shown(value)}」はないため、1ページ目を表示しました。"
    problems.append(ParamProblem("page", _shown(value), message))
    return 1


def _page_size(value: str, problems: list[ParamProblem]) -> int:
    if not value:
        return DEFAULT_PAGE_SIZE
    if value in map(str, PAGE_SIZES):
        return int(value)
    sizes = "・".join(map(str, PAGE_SIZES))
    message = f"表示件数は {sizes} から選べます。{DEFAULT_PAGE_SIZE}件ずつ表示しました。"
    problems.append(ParamProblem("per_page", _shown(value), message, tuple(map(str, PAGE_SIZES))))
    return DEFAULT_PAGE_SIZE


def _shown(value: str) -> str:
    """A refused value as it may be repeated to its sender: short, without control characters."""
    cleaned = " ".join(_UNREADABLE.sub(" ", value).split())
    return cleaned if len(cleaned) <= 40 else cleaned[:40] + "…"
