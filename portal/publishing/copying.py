"""Last year's listing as the beginning of this year's: moved by whole years, with a list of what
has to be confirmed, because nobody has said yet that it is so again."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from portal.fiscal_year import FiscalYear
from portal.formats import near_day
from portal.listings.content import EventContent, ListingContent, RelationContent, RoundContent
from portal.listings.models import Listing
from portal.listings.relation_kinds import RelationKind
from portal.publishing.relation_rules import MOST_RELATIONS
from portal.publishing.typed_fields import LONGEST
from portal.publishing.typed_values import LATEST

_YEAR = re.compile(
    r"(?P<name>令和|Ｒ|R)(?P<of_era>元|[0-9０-９]{1,2})(?=年)|(?P<year>(?:20|２０)[0-9０-９]{2})(?=年)"
)


def years_to_move(content: ListingContent, today: date) -> int:
    """By how many years a listing has to move to be of this fiscal year; one at least, and one
    where it says no day."""
    days = _days(content)
    if not days:
        return 1
    return max(1, FiscalYear.containing(today).year - FiscalYear.containing(max(days)).year)


def moved(content: ListingContent, years: int, *, model_id: str) -> ListingContent:
    """The same so many years later. What was found out about earlier years stays; what tells where
    it was read does not, as nobody has read it of this year.

    :param model_id: the public id of the listing that says ``content``: last year's from now on.
    """
    return replace(
        content,
        title=_later_text(content.title, years, LONGEST["title"]),
        summary=_later_text(content.summary, years, LONGEST["summary"]),
        opens_on=_later(content.opens_on, years),
        closes_on=_later(content.closes_on, years),
        rounds=tuple(
            RoundContent(_later(row.opens_on, years), _later(row.closes_on, years), row.label)
            for row in content.rounds
        ),
        events=tuple(_later_event(event, years) for event in content.events),
        relations=tuple(_later_relations(content, model_id)),
        fiscal_years=(),
        source=(),
    )


def is_new_copy(listing: Listing, content: ListingContent) -> bool:
    """Whether the public has not seen a listing yet that follows last year's.

    :param content: what its newest version says.
    """
    kinds = {relation.kind for relation in content.relations}
    return listing.public_version_id is None and RelationKind.LAST_YEAR in kinds


def to_confirm(content: ListingContent, today: date) -> Iterator[str]:
    """What whoever goes on from a moved listing has to confirm, most important first."""
    told = [
        f"{name}: {near_day(day, today)}"
        for name, day in (("受付開始日", content.opens_on), ("締切", content.closes_on))
        if day
    ]
    if told:
        days = "、".join(told)
        yield f"日付を{days}にしました。曜日が変わるので、今年度の要項で確かめてください。"
    if content.rounds:
        yield f"2回目からの募集（{len(content.rounds)}回）の日付も動かしました。"
    if content.events:
        days = "、".join(near_day(event.held_on, today) for event in content.events)
        yield f"開催日を{days}にしました。日時、会場、定員は変わっていませんか。"
    yield "名前と概要の年度は、今年度のものになっていますか。"
    if content.rate or content.amount_max_yen is not None:
        yield "補助率、上限額、費用は変わっていませんか。"
    yield "対象者、チェックの条件、申込方法、必要な書類は変わっていませんか。"
    if any(not relation.kind.is_lineage for relation in content.relations):
        yield "一緒に使える支援、使えない支援は、今年度も同じですか。相手も新しくなっていませんか。"
    if content.apply_url or content.url:
        yield "アドレスは、今年度のページのものですか。"
    yield "担当課、電話、メールは、いまも同じですか。"


def _days(content: ListingContent) -> list[date]:
    days = [content.opens_on, content.closes_on, *(event.held_on for event in content.events)]
    days += [day for row in content.rounds for day in (row.opens_on, row.closes_on)]
    return [day for day in days if day is not None]


def _later(day: date | None, years: int) -> date | None:
    return None if day is None else _moved_day(day, years)


def _moved_day(day: date, years: int) -> date:
    if day.year + years > LATEST.year:
        # Nobody knows so far ahead: it was a slip of the pen last year already.
        return day
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 29 February of a year that has none: the last day of the month, as it was.
        return day.replace(year=day.year + years, day=28)


def _later_event(event: EventContent, years: int) -> EventContent:
    return replace(event, held_on=_moved_day(event.held_on, years))


def _later_relations(content: ListingContent, model_id: str) -> Iterator[RelationContent]:
    """What it can be used with, and what it comes from; what came before or after last year's is
    said there."""
    using = [relation for relation in content.relations if not relation.kind.is_lineage]
    # The editor has room for so many.
    yield from using[: MOST_RELATIONS - 1]
    yield RelationContent(RelationKind.LAST_YEAR, model_id)


def _later_text(text: str, years: int, longest: int) -> str:
    """A text whose years are later, told in the width in which they were; as it was, where a year
    of one more digit would make it too long."""

    def later(found: re.Match[str]) -> str:
        digits = found["of_era"] or found["year"]
        number = 1 if digits == "元" else int(unicodedata.normalize("NFKC", digits))
        written = str(number + years)
        if digits != "元" and not digits.isascii():
            written = "".join(chr(ord(digit) + 0xFEE0) for digit in written)
        return f"{found['name'] or ''}{written}"

    moved_text = _YEAR.sub(later, text)
    return moved_text if len(moved_text) <= longest else text
