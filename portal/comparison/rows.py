"""What is compared: one question a row, one listing a column."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from portal.fiscal_year import FiscalYear
from portal.listings.detail_presenters import ListingPage
from portal.listings.presenters import Badge


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell; ``address`` is where it leads, if anywhere."""

    text: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one listing says to one question; nothing if it says nothing."""

    lines: tuple[Line, ...]
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A question with an answer of each listing.

    ``is_list`` if an answer is several things of which the order says nothing.
    """

    code: str
    name: str
    cells: tuple[Cell, ...]
    is_list: bool = False

    @property
    def differs(self) -> bool:
        """Whether not all say the same; white space says nothing."""
        return len({self._said(cell) for cell in self.cells}) > 1

    def _said(self, cell: Cell) -> tuple[str, ...]:
        words = ["".join(line.text.split()) + (line.address or "") for line in cell.lines]
        told = sorted(words) if self.is_list else ["".join(words)]
        return (cell.badge.code if cell.badge else "", *told)


@dataclass(frozen=True, slots=True)
class Compared:
    """A listing with what its page says, and the fiscal years it is known from."""

    page: ListingPage
    fiscal_years: tuple[int, ...]
    agency_address: str


def rows(compared: Sequence[Compared]) -> tuple[Row, ...]:
    """All questions, in the order in which an owner asks them. Days and years of which none of the
    listings has any are left out; whatever else is not said is worth knowing."""
    money = _names_of_rates(compared)
    found = (
        Row("status", "受付と締切", tuple(_status(one) for one in compared)),
        _row("period", "受付期間", compared, _period),
        _row("events", "開催日", compared, _events),
        _row("amount", "上限額", compared, lambda one: _money(one, is_amount=True)),
        _row("rate", money, compared, lambda one: _rate(one, is_named="・" in money)),
        _row("eligibility", "対象者", compared, lambda one: [one.page.eligibility]),
        _row("industries", "業種", compared, lambda one: one.page.classification.industries),
        _row("regions", "地域", compared, _regions),
        _row("purposes", "目的", compared, _purposes),
        _row("kind", "支援の種類", compared, lambda one: [one.page.classification.kind]),
        Row("how", "申込方法", tuple(_how(one) for one in compared)),
        _row("documents", "用意するもの", compared, lambda one: one.page.documents),
        Row("desk", "問い合わせ", tuple(_desk(one) for one in compared)),
        Row("agency", "実施機関", tuple(_agency(one) for one in compared)),
        _row("years", "実施した年度", compared, _years),
        _row("confirmed", "最終確認", compared, lambda one: [one.page.confirmed]),
    )
    return tuple(row for row in found if row.code not in _OPTIONAL or _is_said(row))


_OPTIONAL = ("period", "events", "years")
_LISTS = ("industries", "purposes", "documents")
_ANY_RATE = "補助率・利率など"


def _row(
    code: str,
    name: str,
    compared: Sequence[Compared],
    texts: Callable[[Compared], Iterable[str | None]],
) -> Row:
    cells = tuple(Cell(tuple(Line(text) for text in texts(one) if text)) for one in compared)
    return Row(code, name, cells, is_list=code in _LISTS)


def _is_said(row: Row) -> bool:
    return any(cell.lines for cell in row.cells)


def _status(one: Compared) -> Cell:
    lines = [one.page.deadline, one.page.schedule.deadline_in_era, one.page.last_offered]
    return Cell(tuple(Line(text) for text in lines if text), one.page.status)


def _period(one: Compared) -> list[str | None]:
    rounds = [f"{row.label}：{row.days}（{row.state}）" for row in one.page.schedule.rounds]
    return [*rounds, one.page.schedule.note]


def _events(one: Compared) -> list[str]:
    events = one.page.schedule.events
    return [f"{event.day} {event.time} {event.place}".strip() for event in events]


def _money(one: Compared, *, is_amount: bool) -> list[str]:
    return [fact.value for fact in one.page.money if (fact.name == "上限額") == is_amount]


def _names_of_rates(compared: Sequence[Compared]) -> str:
    """What the rate is called, if it is the same to all who have one."""
    names = {fact.name for one in compared for fact in one.page.money} - {"上限額"}
    return names.pop() if len(names) == 1 else _ANY_RATE


def _rate(one: Compared, *, is_named: bool) -> list[str]:
    facts = [fact for fact in one.page.money if fact.name != "上限額"]
    return [f"{fact.name}：{fact.value}" if is_named else fact.value for fact in facts]


def _regions(one: Compared) -> list[str]:
    its = one.page.classification
    names = "、".join(term.label for term in its.region_terms) or its.regions
    return [names, f"{'・'.join(its.excepted)}を除く" if its.excepted else ""]


def _purposes(one: Compared) -> list[str]:
    return [term.label for term in one.page.classification.purposes]


def _how(one: Compared) -> Cell:
    ended = "受付は終了しました。" if one.page.is_closed else ""
    texts = [Line(text) for text in (ended, one.page.how_to_apply) if text]
    page = [Line("申込ページ", one.page.apply_url)] if one.page.apply_url else []
    return Cell((*texts, *page))


def _desk(one: Compared) -> Cell:
    contact = one.page.contact
    lines = [
        Line(contact.department or ""),
        Line(contact.tel or "", contact.tel_address),
        Line(contact.email or "", f"mailto:{contact.email}"),
    ]
    return Cell(tuple(line for line in lines if line.text))


def _agency(one: Compared) -> Cell:
    its = one.page.classification
    partners = "・".join(agency.name for agency in its.partners)
    lines = (
        Line(one.page.agency.name, one.agency_address),
        Line(f"（{its.level}）"),
        Line(f"共に実施：{partners}" if partners else ""),
    )
    return Cell(tuple(line for line in lines if line.text))


def _years(one: Compared) -> list[str]:
    return ["、".join(FiscalYear(year).label for year in sorted(one.fiscal_years))]
