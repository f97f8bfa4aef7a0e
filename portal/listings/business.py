"""What a business can be asked to be: codes that listings state and owners answer with."""

from collections.abc import Mapping
from enum import StrEnum


class Size(StrEnum):
    """How small a business has to be, by 中小企業基本法 2."""

    SME = "sme"
    SMALL = "small"


class Form(StrEnum):
    """事業の形: what kind of body runs the business."""

    SOLE = "sole"
    COMPANY = "company"
    COOPERATIVE = "cooperative"
    OTHER = "other"


class Trade(StrEnum):
    """What a business is to the law, finer than the industries of the search."""

    OTHER = "other"
    WHOLESALE = "wholesale"
    RETAIL = "retail"
    SERVICE = "service"
    LODGING = "lodging"
    AMUSEMENT = "amusement"
    SOFTWARE = "software"
    RUBBER = "rubber"


CLASS_OF_LAW: Mapping[Trade, Trade] = {
    Trade.LODGING: Trade.SERVICE,
    Trade.AMUSEMENT: Trade.SERVICE,
    Trade.SOFTWARE: Trade.SERVICE,
    Trade.RUBBER: Trade.OTHER,
}
"""What those trades are to 中小企業基本法 that other acts tell apart; the others are its own."""

CLASSES_OF_LAW = tuple(trade for trade in Trade if trade not in CLASS_OF_LAW)


class Planned(StrEnum):
    """Whether those who have not begun yet may come."""

    YES = "yes"
    NO = "no"
    ONLY = "only"


class Beyond(StrEnum):
    """Who is outside of what a listing chose, and is to ask the desk all the same."""

    REGIONS = "regions"
    INDUSTRIES = "industries"
