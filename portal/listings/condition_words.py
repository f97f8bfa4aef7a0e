"""What stated conditions are called and say, for forms, history, pages and the check."""

from collections.abc import Callable, Iterator, Mapping

from portal.formats import grouped, yen
from portal.listings.business import Beyond, Form, Planned, Size, Trade
from portal.listings.stated_conditions import StatedConditions

SIZES: Mapping[str, str] = {Size.SME: "中小企業者", Size.SMALL: "小規模な事業者"}
FORMS: Mapping[str, str] = {
    Form.SOLE: "個人事業主",
    Form.COMPANY: "会社",
    Form.COOPERATIVE: "組合",
    Form.OTHER: "そのほかの法人・団体",
}
TRADES: Mapping[str, str] = {
    Trade.OTHER: "製造業その他",
    Trade.WHOLESALE: "卸売業",
    Trade.RETAIL: "小売業・飲食店",
    Trade.SERVICE: "サービス業",
    Trade.LODGING: "宿泊業",
    Trade.AMUSEMENT: "娯楽業",
    Trade.SOFTWARE: "ソフトウェア・情報処理",
    Trade.RUBBER: "ゴム製品の製造",
}
"""As the law has them, with those that other acts treat on their own."""
PLANNED: Mapping[str, str] = {
    Planned.YES: "これから創業する方も使える",
    Planned.NO: "これから創業する方は使えない",
    Planned.ONLY: "これから創業する方だけが使える",
}
BEYOND: Mapping[str, str] = {
    Beyond.REGIONS: "地域の外の方も窓口で確認",
    Beyond.INDUSTRIES: "ほかの業種の方も窓口で確認",
}
COMPLETE = "ほかに条件はない"


def told(stated: StatedConditions) -> tuple[str, ...]:
    """Each condition in words, in the order of the editor; none where nothing is stated."""
    return tuple(_told(stated))


def _told(stated: StatedConditions) -> Iterator[str]:
    if stated.size:
        yield SIZES[Size(stated.size)] + (f"または{stated.size_or}" if stated.size_or else "")
    if stated.forms:
        yield f"事業の形は{_names(stated.forms, FORMS)}"
    if stated.trades:
        yield f"法律上の業種は{_names(stated.trades, TRADES)}"
    if stated.employees_least or stated.employees_most:
        yield f"従業員{between(stated.employees_least, stated.employees_most, persons)}"
    if stated.capital_most_yen:
        yield f"資本金{between(None, stated.capital_most_yen, yen)}"
    if stated.years_least or stated.years_within:
        yield since_founding(stated.years_least, stated.years_within)
    if stated.planned:
        yield PLANNED[Planned(stated.planned)]
    for words in stated.desk:
        yield f"窓口で確認：{words}"
    if stated.is_complete:
        yield COMPLETE
    for code in stated.beyond:
        yield BEYOND[Beyond(code)]


def since_founding(least: int | None, within: int | None) -> str:
    """A range of years; at least one end."""
    if least is not None and within is not None:
        return f"創業から{least}年以上{within}年以内"
    return f"創業から{least}年以上" if within is None else f"創業から{within}年以内"


def between(least: int | None, most: int | None, name: Callable[[int], str]) -> str:
    """A range of numbers; one end may be open."""
    ends = [f"{name(least)}以上"] if least is not None else []
    ends += [f"{name(most)}以下"] if most is not None else []
    return "".join(ends)


def persons(number: int) -> str:
    """People, counted."""
    return f"{grouped(number)}人"


def _names(codes: tuple[str, ...], labels: Mapping[str, str]) -> str:
    return "・".join(label for code, label in labels.items() if code in codes)
