"""Short Japanese sentences about a listing: until when, where, for whom, how sure we are."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from portal.fiscal_year import FiscalYear
from portal.formats import near_day
from portal.listings.date_state import KINDS_OF_A_DAY, Dated, Status
from portal.listings.models import DateState, SourceDocument
from portal.listings.regions import NATION, PREFECTURE
from portal.listings.vocabulary import ALL_INDUSTRIES, ALL_INDUSTRIES_LABEL, Vocabulary

SHOWN_AT_ONCE = 3
"""Names listed on a card before it says 「ほか」."""

SAMPLE_MARK = "（見本）"
"""Ends the title of a listing that was made up to show how the portal looks."""

_STANDING_HELP = ("desk", "expert", "information")


class Described(Dated, Protocol):
    """What the sentences are about: a version of a listing, or its outline."""

    @property
    def title(self) -> str: ...
    @property
    def rate(self) -> str | None: ...
    @property
    def amount_max_yen(self) -> int | None: ...
    @property
    def region_codes(self) -> Sequence[str]: ...
    @property
    def exception_codes(self) -> Sequence[str]: ...
    @property
    def industry_codes(self) -> Sequence[str]: ...
    @property
    def fiscal_years(self) -> Sequence[int]: ...
    @property
    def source(self) -> Sequence[SourceDocument]: ...


def is_sample(version: Described) -> bool:
    """Whether it is made up: nothing to apply for, and nobody at its telephone."""
    return version.title.endswith(SAMPLE_MARK)


def deadline(version: Described, status: Status, today: date) -> str:
    """When one can apply, in the words that matter on this day."""
    if version.kind in KINDS_OF_A_DAY and status.code not in ("closed", "unknown"):
        held = next_event_on(version, today)
        if held and status.closes_on is None:
            return f"{near_day(held, today)} 開催"
    return {
        "open": _until,
        "closing": _until,
        "upcoming": _from,
        "always": _always,
        "unknown": _unknown,
        "closed": _ended,
    }[status.code](version, status, today)


def _until(version: Described, status: Status, today: date) -> str:
    left = status.days_left(today)
    if status.closes_on is None or left is None:
        if version.date_state == DateState.BUDGET:
            return "予算がなくなり次第終了"
        return "受付中。締切は窓口でご確認ください"
    if left == 0:
        return f"今日 {near_day(status.closes_on, today)}まで"
    return f"{near_day(status.closes_on, today)}まで・あと{left}日"


def _from(_version: Described, status: Status, today: date) -> str:
    if status.opens_on is None:
        return "近日受付開始"
    return f"{near_day(status.opens_on, today)}から受付"


def _always(version: Described, _status: Status, today: date) -> str:
    if last_offered(version, today):
        # Known from years ago only: nobody has said that one can still come at any time.
        return "期間の定めなし"
    is_help = version.kind in _STANDING_HELP
    return "いつでも利用できます" if is_help else "いつでも申し込めます"


def _unknown(_version: Described, _status: Status, _today: date) -> str:
    return "日程は窓口でご確認ください"


def _ended(version: Described, status: Status, today: date) -> str:
    ended_on = status.closes_on or max(version.event_days, default=None)
    return f"{near_day(ended_on, today)}で終了" if ended_on else "終了しました"


def next_event_on(version: Described, today: date) -> date | None:
    """The next day on which something is held, or None."""
    return min((day for day in version.event_days if day >= today), default=None)


def is_urgent(status: Status) -> bool:
    """Whether the deadline is near enough to stand out."""
    return status.code == "closing"


def region_names(version: Described, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Where it can be used, widest first and then in the official order."""
    return _names_of(version.region_codes, vocabulary.regions)


def excepted_names(version: Described, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Where it can not be used although it lies within."""
    return _names_of(version.exception_codes, vocabulary.regions)


def regions(version: Described, vocabulary: Vocabulary) -> str:
    """Where it can be used, on one line: 中南地域（弘前市を除く）."""
    excepted = excepted_names(version, vocabulary)
    suffix = f"（{first_few(excepted)}を除く）" if excepted else ""
    names = region_names(version, vocabulary)
    return f"{first_few(names)}{suffix}" if names else ""


def industries(version: Described, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Whom it is for; 全業種 says all that could be listed."""
    if ALL_INDUSTRIES in version.industry_codes:
        return (ALL_INDUSTRIES_LABEL,)
    return _names_of(version.industry_codes, vocabulary.short_industries)


def _names_of(codes: Sequence[str], labels: Mapping[str, str]) -> tuple[str, ...]:
    """The labels of some codes in the vocabulary's order."""
    return tuple(label for code, label in labels.items() if code in codes)


def first_few(names: tuple[str, ...]) -> str:
    """Some names on one line, the rest as a number: 青森市・弘前市・八戸市 ほか2."""
    shown = "・".join(names[:SHOWN_AT_ONCE])
    rest = len(names) - SHOWN_AT_ONCE
    return f"{shown} ほか{rest}" if rest > 0 else shown


def last_offered(version: Described, today: date) -> str | None:
    """Which year it is known from, if that is over: nobody has said that it goes on."""
    latest = max(version.fiscal_years, default=None)
    if latest is None or latest >= FiscalYear.containing(today).year:
        return None
    return f"{FiscalYear(latest).label}に実施。今年度は未確認"


def is_vouched_this_year(day: date | None, *, is_by_agency: bool, today: date) -> bool:
    """Whether its agency has said in this fiscal year that it is all still so, whichever years it
    is known from."""
    year = FiscalYear.containing(today)
    return is_by_agency and day is not None and FiscalYear.containing(day) == year


def confirmed(
    version: Described,
    day: date | None,
    *,
    is_by_agency: bool,
    agency_name: str,
    today: date,
) -> str | None:
    """Who vouched for it and when; facts read in a document are as old as that document.

    :param is_by_agency: whether somebody of the agency did, that day, document or not.
    """
    if day is None:
        return None
    year = "" if day.year == today.year else f"{day.year}年"
    text = f"{year}{day.month}月{day.day}日"
    if version.source and not is_by_agency:
        return f"{text}時点の資料による"
    return f"{text} {agency_name}が確認"


def searchable_regions(version: Described) -> tuple[str, ...]:
    """The regions a search may ask for to find its neighbours."""
    return tuple(PREFECTURE if code == NATION else code for code in version.region_codes)
