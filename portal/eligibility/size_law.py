"""中小企業者 and 小規模企業者 of the Basic Act on Small and Medium-sized Enterprises.

中小企業基本法 (昭和38年法律第154号) 第2条第1項: companies whose capital **or** whose regular
employees are within a limit, and sole proprietors whose employees are. Its four numbers name
製造業、建設業、運輸業その他の業種, then 卸売業, サービス業 and 小売業. 第2条第5項: 小規模企業者
have no more than 20 regular employees (「おおむね」), 5 where the main business is 商業 (卸売業
and 小売業) or サービス業.

Other acts take in more: by their orders the limits for hotels are 200 employees, those for software
300 million yen or 300 employees, those for most rubber goods 900 employees, and hotels and
amusement are 小規模 up to 20 employees. Programmes seldom say whose words they use, so who is
beyond the first limit but within the second is neither in nor out. Cooperatives and other bodies
are no 「会社及び個人」, and many programmes take them in all the same; the desk knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.eligibility.bands import Band
from portal.eligibility.truth import Truth, any_of
from portal.listings.business import Form, Size, Trade


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to where a business is 中小 (yen; employees) and 小規模 (employees), all included."""

    capital: int
    employees: int
    small: int


_LIMITS_OF_OTHERS = Limits(capital=300_000_000, employees=300, small=20)
_LIMITS_OF_SERVICE = Limits(capital=50_000_000, employees=100, small=5)

LIMITS: Mapping[Trade, Limits] = {
    Trade.OTHER: _LIMITS_OF_OTHERS,
    Trade.WHOLESALE: Limits(capital=100_000_000, employees=100, small=5),
    Trade.RETAIL: Limits(capital=50_000_000, employees=50, small=5),
    Trade.SERVICE: _LIMITS_OF_SERVICE,
    Trade.LODGING: _LIMITS_OF_SERVICE,
    Trade.AMUSEMENT: _LIMITS_OF_SERVICE,
    Trade.SOFTWARE: _LIMITS_OF_SERVICE,
    Trade.RUBBER: _LIMITS_OF_OTHERS,
}
"""第2条第1項 and 第5項."""

WIDER_LIMITS: Mapping[Trade, Limits] = {
    Trade.LODGING: Limits(capital=50_000_000, employees=200, small=20),
    Trade.AMUSEMENT: Limits(capital=50_000_000, employees=100, small=20),
    Trade.SOFTWARE: Limits(capital=300_000_000, employees=300, small=5),
    Trade.RUBBER: Limits(capital=300_000_000, employees=900, small=20),
}
"""Of other acts, where they take in more."""

TRADES: Mapping[str, tuple[Trade, ...]] = {
    **dict.fromkeys("ABCDFHJ", (Trade.OTHER,)),
    "E": (Trade.OTHER, Trade.RUBBER),
    "G": (Trade.SOFTWARE, Trade.SERVICE, Trade.OTHER),
    "I": (Trade.WHOLESALE, Trade.RETAIL),
    "K": (Trade.OTHER, Trade.SERVICE),
    "M": (Trade.LODGING, Trade.RETAIL),
    "N": (Trade.SERVICE, Trade.AMUSEMENT, Trade.OTHER),
    **dict.fromkeys("LOPQR", (Trade.SERVICE,)),
}
"""Which trades an industry (JSIC major division, 14th edition) may be. The law's words follow an
older edition: places to eat are 小売業, of information and communication only broadcasting,
information services and the making of films, music and advertisements are サービス業, of real
estate and renting only car parks and the renting of goods, of daily life all but travel agents."""


def is_of_size(
    size: Size, trade: Trade, form: Form, employees: Band | None, capital: Band | None
) -> Truth:
    """Whether a business is of a size, as far as its numbers are known."""
    found = _is_within(LIMITS[trade], size, form, employees, capital)
    wider = WIDER_LIMITS.get(trade)
    if found is Truth.NO and wider is not None:
        is_taken_in = _is_within(wider, size, form, employees, capital) is not Truth.NO
        return Truth.UNKNOWN if is_taken_in else Truth.NO
    return found


def _is_within(
    limits: Limits, size: Size, form: Form, employees: Band | None, capital: Band | None
) -> Truth:
    if size is Size.SMALL:
        found = _at_most(employees, limits.small)
    elif form is Form.COMPANY:
        found = any_of([_at_most(capital, limits.capital), _at_most(employees, limits.employees)])
    else:
        found = _at_most(employees, limits.employees)
    if form in (Form.SOLE, Form.COMPANY):
        return found
    # Not of the law. Too large a body is small under no rule; one with a capital may be 中小.
    return Truth.NO if size is Size.SMALL and found is Truth.NO else Truth.UNKNOWN


def _at_most(band: Band | None, limit: int) -> Truth:
    return Truth.UNKNOWN if band is None else band.is_at_most(limit)
