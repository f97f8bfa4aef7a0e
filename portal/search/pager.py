"""Links from one page of results to the others."""

from dataclasses import dataclass, replace

from portal.search import addresses
from portal.search.params import MAX_PAGE, SearchParams

NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page one may go to; a gap between numbers has no address."""

    label: str
    address: str | None
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """The links below a list of results. Without pages there is nothing to print."""

    pages: tuple[PageLink, ...]
    previous: str | None
    next: str | None


def pager(params: SearchParams, total: int) -> Pager:
    """First, last and neighbouring pages."""
    last = min(-(-total // params.per_page), MAX_PAGE)
    current = params.page
    if last < 2 or current > last:
        return Pager((), None, None)
    near = range(max(1, current - NEIGHBOURS), min(last, current + NEIGHBOURS) + 1)
    links: list[PageLink] = []
    before = 0
    for number in sorted({1, *near, last}):
        if number > before + 1:
            links.append(PageLink("…", None))
        links.append(PageLink(str(number), _address(params, number), number == current))
        before = number
    return Pager(
        tuple(links),
        previous=_address(params, current - 1) if current > 1 else None,
        next=_address(params, current + 1) if current < last else None,
    )


def _address(params: SearchParams, number: int) -> str:
    return addresses.of_params(replace(params, page=number))
