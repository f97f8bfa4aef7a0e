"""What the fields of a listing are called, in the order of the editor, and what their values say:
one place for forms, history and comparison."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from portal.fiscal_year import FiscalYear
from portal.formats import clock_time, grouped, near_day, yen
from portal.listings import condition_words
from portal.listings.content import AttachedFile, EventContent, RelationContent, RoundContent
from portal.listings.models import PastResult, SourceDocument
from portal.listings.stated_conditions import StatedConditions
from portal.listings.vocabulary import ALL_INDUSTRIES, ALL_INDUSTRIES_LABEL, Vocabulary

FIELD_LABELS: Mapping[str, str] = {
    "title": "制度の名前",
    "summary": "概要",
    "kind": "支援の種類",
    "level": "実施主体",
    "purposes": "目的",
    "industries": "業種",
    "regions": "地域",
    "region_exceptions": "除く地域",
    "eligibility": "対象者",
    "conditions": "チェックの条件",
    "date_state": "受付の状態",
    "opens_on": "受付開始日",
    "closes_on": "締切",
    "rounds": "募集の回",
    "date_note": "受付の備考",
    "events": "開催日",
    "rate": "補助率",
    "amount_max_yen": "上限額",
    "body": "内容",
    "how_to_apply": "申込方法",
    "apply_url": "申込先のアドレス",
    "documents": "必要な書類",
    "department": "担当課",
    "tel": "電話",
    "fax": "ファクス",
    "email": "メール",
    "url": "くわしいページ",
    "attachments": "添付ファイル",
    "keywords": "キーワード",
    "partners": "共に実施する機関",
    "relations": "ほかの支援との関係",
    "fiscal_years": "実施が確認できる年度",
    "past_results": "過去の実績",
    "past_budgets": "過去の予算",
    "source": "出典",
}

SEVERAL = frozenset(
    {
        *("purposes", "industries", "regions", "region_exceptions", "rounds", "events"),
        *("documents", "keywords", "partners", "fiscal_years", "past_results", "past_budgets"),
        *("attachments", "relations", "source", "conditions"),
    }
)
"""Fields that hold any number of values."""

Value = (
    str
    | int
    | RoundContent
    | EventContent
    | AttachedFile
    | RelationContent
    | PastResult
    | SourceDocument
)


@dataclass(frozen=True, slots=True)
class ValueWords:
    """Values as people read them.

    :ivar agency_names: names by code, for those that take part.
    :ivar listing_titles: by public id, of the listings it is related to.
    :ivar today: days of another year are told with their year.
    """

    vocabulary: Vocabulary
    agency_names: Mapping[str, str]
    listing_titles: Mapping[str, str]
    today: date

    def text(self, field: str, value: str | int | date | None) -> str:
        """The value of a field that holds one; empty for none."""
        match value:
            case None:
                return ""
            case date():
                return near_day(value, self.today)
            case int():
                return yen(value)
        return self._labels(field).get(value, value)

    def names(
        self, field: str, values: Iterable[Value] | Mapping[str, int] | StatedConditions
    ) -> tuple[str, ...]:
        """The values of a field that holds several."""
        if isinstance(values, StatedConditions):
            return condition_words.told(values)
        if isinstance(values, Mapping):
            return tuple(f"{_year(year)} {grouped(sum_)}千円" for year, sum_ in values.items())
        return tuple(self._name(field, value) for value in values)

    def _name(self, field: str, value: Value) -> str:
        match value:
            case RoundContent():
                return self._round(value)
            case EventContent():
                return self._event(value)
            case AttachedFile():
                return value.name
            case RelationContent():
                return value.kind.told(self.listing_titles.get(value.listing, value.listing))
            case int():
                return FiscalYear(value).label
            case str():
                return self._labels(field).get(value, value)
        if field == "source":
            document = cast(SourceDocument, value)
            return f"{document['document']} {document['line']}行目"
        return _figure(cast(PastResult, value))

    def _labels(self, field: str) -> Mapping[str, str]:
        return {
            "kind": self.vocabulary.kinds,
            "level": self.vocabulary.levels,
            "date_state": self.vocabulary.date_states,
            "industries": {
                **self.vocabulary.short_industries,
                ALL_INDUSTRIES: ALL_INDUSTRIES_LABEL,
            },
            "purposes": self.vocabulary.purposes,
            "regions": self.vocabulary.regions,
            "region_exceptions": self.vocabulary.regions,
            "partners": self.agency_names,
        }.get(field, {})

    def _round(self, row: RoundContent) -> str:
        first, last = (
            near_day(day, self.today) if day else "" for day in (row.opens_on, row.closes_on)
        )
        return f"{row.label or ''} {first}〜{last}".strip()

    def _event(self, row: EventContent) -> str:
        times = [clock_time(moment) for moment in (row.starts_at, row.ends_at) if moment]
        seats = f"定員{row.capacity}名" if row.capacity else ""
        parts = (near_day(row.held_on, self.today), "〜".join(times), row.venue, row.address, seats)
        return " ".join(part for part in parts if part)


def _year(text: str) -> str:
    return FiscalYear(int(text)).label


def _figure(item: PastResult) -> str:
    told = "、".join(
        f"{_year(year)} {grouped(number)}{item['unit']}"
        for year, number in item["values"].items()
        if number is not None
    )
    return f"{item['name']}（{told}）"
