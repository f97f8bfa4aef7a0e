"""The way through a list that is longer than a page."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

_LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbers of the pages around this one; None where there is none."""

    previous: int | None
    next: int | None
    current: int
    last: int


def asked_page(asked: MultiDict[str, str]) -> int:
    """The page that an address asks for; the first is 1, and a number of any size is one that can
    be reckoned with."""
    return min(max(asked.get("page", 1, type=int), 1), _LAST_PAGE)


def steps(total: int, page: int, per_page: int) -> Steps:
    """The way through a list of so many rows."""
    last = max(1, -(-total // per_page))
    before, after = page - 1, page + 1
    return Steps(
        previous=min(before, last) if before >= 1 else None,
        next=after if after <= last else None,
        current=page,
        last=last,
    )
