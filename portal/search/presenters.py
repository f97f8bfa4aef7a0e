"""The page of search results: everything its templates print."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from portal.formats import yen
from portal.listings.presenters import Card, cards
from portal.listings.vocabulary import Vocabulary
from portal.search import addresses, conditions
from portal.search.addresses import FeedAddresses
from portal.search.conditions import Chip, Way
from portal.search.facet_groups import Facet, facets
from portal.search.notices import Notice, notices
from portal.search.pager import Pager, pager
from portal.search.params import PAGE_SIZES, SearchParams
from portal.search.services import Found
from search_index import Sort

AMOUNTS_YEN = (500_000, 1_000_000, 3_000_000, 5_000_000, 10_000_000)

_SORTS = {
    Sort.RELEVANCE: "関連が強い順",
    Sort.NEW: "掲載が新しい順",
    Sort.DEADLINE: "締切が近い順",
    Sort.AMOUNT: "補助上限額が高い順",
    Sort.POPULAR: "よく見られている順",
}
_ALWAYS_OFFERED = (Sort.NEW, Sort.DEADLINE, Sort.AMOUNT, Sort.POPULAR)


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a select."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Empty:
    """What to do when nothing is shown."""

    is_past_end: bool
    first_page: str
    ways: tuple[Way, ...]
    cleared: str


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """A page of results."""

    title: str
    q: str
    total: int
    range: str
    cards: tuple[Card, ...]
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    cleared: str
    notices: tuple[Notice, ...]
    narrowed: tuple[Way, ...]
    sorts: tuple[Choice, ...]
    sizes: tuple[Choice, ...]
    amounts: tuple[Choice, ...]
    include_closed: bool
    closed_count: int
    local_only: bool
    can_be_local: bool
    pager: Pager
    empty: Empty | None
    feeds: FeedAddresses
    alert: str
    """Where news of this search are asked for by mail."""
    is_start: bool
    """True for all listings in the usual order: the one result page search engines may keep."""


def results_page(
    found: Found, *, today: date, vocabulary: Vocabulary, agency_names: Mapping[str, str]
) -> ResultsPage:
    """The page of a search that was run."""
    params = found.params
    total = found.results.total
    return ResultsPage(
        title=_title(params),
        q=params.q,
        total=total,
        range=_range(params, total),
        cards=cards(
            found.listings,
            today=today,
            vocabulary=vocabulary,
            highlighter=found.results.highlighter,
        ),
        facets=facets(found, vocabulary, agency_names),
        chips=conditions.chips(params, vocabulary, agency_names),
        cleared=conditions.cleared(params),
        notices=notices(found),
        narrowed=conditions.narrowed(found, vocabulary),
        sorts=_sorts(params),
        sizes=tuple(_size(params, size) for size in PAGE_SIZES),
        amounts=_amounts(params),
        include_closed=params.include_closed,
        closed_count=found.results.facets.get("status", {}).get("closed", 0),
        local_only=params.local_only,
        can_be_local=bool(params.choices.get("region")),
        pager=pager(params, total),
        empty=None if found.listings else _empty(found),
        feeds=addresses.of_feeds(params),
        alert=addresses.of_alert(params),
        is_start=not params.to_pairs(),
    )


def _title(params: SearchParams) -> str:
    return f"「{params.q}」の検索結果" if params.q else "支援情報をさがす"


def _range(params: SearchParams, total: int) -> str:
    first = (params.page - 1) * params.per_page + 1
    last = min(params.page * params.per_page, total)
    return f"{first:,}〜{last:,}件目" if total > params.per_page and first <= last else ""


def _sorts(params: SearchParams) -> tuple[Choice, ...]:
    # The usual order is sent as nothing: it becomes another as soon as there is text.
    usual = replace(params, sort=None).order
    # Orders that do not fit this search are not offered, but an address may ask for them.
    offered = {*_ALWAYS_OFFERED, params.order} | ({Sort.RELEVANCE} if params.q else set())
    return tuple(
        Choice("" if sort == usual else sort.value, label, sort == params.order)
        for sort, label in _SORTS.items()
        if sort in offered
    )


def _size(params: SearchParams, size: int) -> Choice:
    return Choice(str(size), f"{size}件", size == params.per_page)


def _amounts(params: SearchParams) -> tuple[Choice, ...]:
    chosen = params.amount_min
    amounts = sorted({*AMOUNTS_YEN} | ({chosen} if chosen is not None else set()))
    return (
        Choice("", "指定しない", chosen is None),
        *(Choice(str(amount), f"{yen(amount)}以上", amount == chosen) for amount in amounts),
    )


def _empty(found: Found) -> Empty:
    params = found.params
    return Empty(
        is_past_end=found.results.total > 0,
        first_page=addresses.of_params(replace(params, page=1)),
        ways=conditions.loosened(found),
        cleared=conditions.cleared(params),
    )
