"""What somebody says of their business. Every answer may be missing."""

from dataclasses import dataclass
from enum import StrEnum

from portal.eligibility.bands import Age, Band, Need
from portal.eligibility.size_law import TRADES
from portal.listings.business import Form, Trade

OUTSIDE = "outside"
"""A place that is no municipality of the prefecture, now or later."""


class Field(StrEnum):
    """What can be asked, in the order of asking where nothing else decides."""

    PURPOSE = "purpose"
    PLACE = "place"
    INDUSTRY = "industry"
    YEARS = "years"
    FORM = "form"
    EMPLOYEES = "employees"
    CAPITAL = "capital"
    TRADE = "trade"
    BY = "by"


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to the questions, under the names of ``Field``; None where there is none."""

    purpose: str | None = None
    """A code of the vocabulary. It chooses what is looked at, and decides nothing."""
    place: str | None = None
    """The municipality of the place of business or of the planned one, or ``OUTSIDE``."""
    industry: str | None = None
    years: Age | None = None
    form: Form | None = None
    employees: Band | None = None
    capital: Band | None = None
    trade: Trade | None = None
    """Says more of the industry; says nothing without one, or where it cannot be of that one."""
    by: Need | None = None

    def has(self, field: Field) -> bool:
        """Whether a question is answered."""
        return getattr(self, field.value) is not None

    @property
    def trades(self) -> tuple[Trade, ...]:
        """What the business may be to the law."""
        if self.industry is None:
            return tuple(Trade)
        possible = TRADES[self.industry]
        return (self.trade,) if self.trade in possible else possible

    @property
    def forms(self) -> tuple[Form, ...]:
        """What body may run the business."""
        return tuple(Form) if self.form is None else (self.form,)
