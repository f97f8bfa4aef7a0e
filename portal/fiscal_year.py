"""Japan's fiscal year (年度): 1 April to 31 March, named by the year of its April."""

from dataclasses import dataclass
from datetime import date

# First day and name of each era since 1912 (元号法 and its predecessors).
_ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
)


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """A fiscal year by the calendar year of its April: ``FiscalYear(2026)`` is 令和8年度."""

    year: int

    @classmethod
    def containing(cls, day: date) -> "FiscalYear":
        """The fiscal year a day in Japan falls in."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def starts_on(self) -> date:
        """1 April."""
        return date(self.year, 4, 1)

    @property
    def ends_on(self) -> date:
        """31 March of the next year."""
        return date(self.year + 1, 3, 31)

    @property
    def label(self) -> str:
        """As officials write it. FY 2019 began in 平成 but is called 令和元年度 since May 2019."""
        named_on = date(2019, 5, 1) if self.year == 2019 else self.starts_on
        return f"{era_year(named_on)}度"


def era_year(day: date) -> str:
    """The year of a day in the Japanese calendar, such as 令和8年; 西暦 before 1912-07-30."""
    for first_day, name in _ERAS:
        if day >= first_day:
            number = day.year - first_day.year + 1
            return f"{name}{'元' if number == 1 else number}年"
    return f"{day.year}年"
