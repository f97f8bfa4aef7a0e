"""Answers that are a range: nobody has to count to the last yen to learn which side of a line they
are on.

The ranges are chosen so that every number of the law (``size_law``) is the end of one. A condition
with any other number may cut a range in two; then the answer is not known, never guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from portal.eligibility.truth import Truth, truth_of


@dataclass(frozen=True, slots=True)
class Band:
    """A range of whole numbers, both ends included; ``most`` is None where there is no end."""

    code: str
    least: int
    most: int | None

    def is_at_most(self, limit: int) -> Truth:
        """Whether a number in the range is ``limit`` or less."""
        if self.most is not None and self.most <= limit:
            return Truth.YES
        return truth_of(False if self.least > limit else None)

    def is_at_least(self, limit: int) -> Truth:
        """Whether a number in the range is ``limit`` or more."""
        if self.least >= limit:
            return Truth.YES
        return truth_of(False if self.most is not None and self.most < limit else None)


@dataclass(frozen=True, slots=True)
class Age:
    """For how many years somebody has been in business: more than ``over``, at most ``upto``; None
    where there is no end. Before founding it is ``PLANNED``.

    The anniversary belongs to the years before it. Whether a programme says 「以内」 or 「未満」
    then makes no difference but on that one day, and programmes count from days of their own.
    """

    code: str
    over: int
    upto: int | None
    is_planned: bool = False

    def is_within(self, years: int) -> Truth:
        """Whether it was founded no longer than so many years ago."""
        if self.is_planned:
            return Truth.NO
        if self.upto is not None and self.upto <= years:
            return Truth.YES
        return truth_of(False if self.over >= years else None)

    def has_lasted(self, years: int) -> Truth:
        """Whether it has been in business for so many years or longer."""
        if self.is_planned:
            return Truth.NO
        if self.over >= years:
            return Truth.YES
        return truth_of(False if self.upto is not None and self.upto <= years else None)


@dataclass(frozen=True, slots=True)
class Need:
    """By when somebody wants to begin: within so many days from today, or whenever (None)."""

    code: str
    days: int | None


PLANNED = Age("planned", 0, 0, is_planned=True)


Range = TypeVar("Range", Band, Age, Need)


def _by_code(ranges: Iterable[Range]) -> Mapping[str, Range]:
    return {item.code: item for item in ranges}


EMPLOYEES = _by_code(
    [
        Band("0-5", 0, 5),
        Band("6-20", 6, 20),
        Band("21-50", 21, 50),
        Band("51-100", 51, 100),
        Band("101-300", 101, 300),
        Band("301-", 301, None),
    ]
)
"""常時使用する従業員, persons."""

CAPITAL = _by_code(
    [
        Band("0-50m", 0, 50_000_000),
        Band("50m-100m", 50_000_001, 100_000_000),
        Band("100m-300m", 100_000_001, 300_000_000),
        Band("300m-", 300_000_001, None),
    ]
)
"""資本金の額又は出資の総額, yen."""

YEARS = _by_code(
    [
        PLANNED,
        Age("0-1", 0, 1),
        Age("1-3", 1, 3),
        Age("3-5", 3, 5),
        Age("5-10", 5, 10),
        Age("10-", 10, None),
    ]
)

NEEDS = _by_code(
    [Need("1m", 31), Need("3m", 92), Need("6m", 183), Need("1y", 366), Need("any", None)]
)
