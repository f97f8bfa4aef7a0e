"""Three-valued logic after Kleene: what is not known stays so until it cannot matter any more.

Everything else here rests on one property of it: knowing more turns UNKNOWN into NO or YES, and
never a NO or YES into anything else.
"""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """Whether something holds. The numbers are an order: AND takes the least, OR the greatest."""

    NO = 0
    UNKNOWN = 1
    YES = 2


def all_of(truths: Iterable[Truth]) -> Truth:
    """AND. YES of nothing."""
    return min(truths, key=_rank, default=Truth.YES)


def any_of(truths: Iterable[Truth]) -> Truth:
    """OR. NO of nothing."""
    return max(truths, key=_rank, default=Truth.NO)


def agreed(truths: Iterable[Truth]) -> Truth:
    """What holds in every case that may be the one; UNKNOWN where the cases differ.

    :param truths: one for each case, at least one.
    """
    found = set(truths)
    return found.pop() if len(found) == 1 else Truth.UNKNOWN


def truth_of(holds: bool | None) -> Truth:
    """A known or unknown fact as a truth."""
    if holds is None:
        return Truth.UNKNOWN
    return Truth.YES if holds else Truth.NO


def _rank(truth: Truth) -> int:
    return truth.value
