"""Pages of saved searches: everything their templates print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.alerts.criteria import Criteria, CriteriaReader, of_params
from portal.alerts.letters import Words
from portal.alerts.models import AlertState, SavedSearch
from portal.alerts.services import MOST_SEARCHES
from portal.alerts.timing import Frequency
from portal.listings.models import public_id_of
from portal.search import addresses, conditions
from portal.search.conditions import Condition
from portal.search.params import SearchParams
from portal.told_form import Called

FREQUENCIES = tuple((frequency.value, frequency.label) for frequency in Frequency)
TOO_LONG = "条件が多すぎるため、保存できません。検索の画面で、条件を減らしてください。"
TOO_MANY = (
    f"1つのアドレスで保存できる条件は{MOST_SEARCHES}個までです。"
    "使わない条件を消してから、もう一度「メールを受け取る」を押してください。"
)
SAME = "同じ条件が、もう保存されています。"


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Where news of a search are asked for."""

    conditions: Words
    pairs: Sequence[tuple[str, str]]
    """The search as hidden fields."""
    search: str
    notices: tuple[str, ...]
    member_email: str | None
    """Of who is signed in, and need not type it."""


@dataclass(frozen=True, slots=True)
class NamedListing:
    """A listing by its public id; without title if it is not public any more."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class SavedSearchPage:
    """Where a saved search is shown and changed."""

    state: AlertState
    conditions: Words
    is_unusable: bool
    """Whether there is a condition that is none any more, so that nothing can be told."""
    q: str
    kept: tuple[Condition, ...]
    """Conditions that may be taken away."""
    frequency: str
    frequency_label: str
    email: str
    search: str
    excluded: tuple[NamedListing, ...]
    to_exclude: NamedListing | None


@dataclass(frozen=True, slots=True)
class SavedSearchLine:
    """A saved search in the list of its owner."""

    state: AlertState
    conditions: Words
    is_unusable: bool
    frequency: str
    address: str
    """Of the page where it is changed."""


def called() -> Called:
    """What codes are called in the forms."""
    return {"frequency": dict(FREQUENCIES)}


def request_page(
    params: SearchParams, reader: CriteriaReader, *, member_email: str | None
) -> RequestPage:
    """The page for a search."""
    asked = reader.params(of_params(params))
    notices = [problem.message for problem in params.problems]
    if "closed" in params.choices.get("status", ()):
        notices.append("終了した支援は新着にならないため、その条件は外しています。")
    return RequestPage(
        conditions=reader.in_words(asked),
        pairs=asked.to_pairs(),
        search=addresses.of_params(params),
        notices=tuple(notices),
        member_email=member_email,
    )


def saved_search_page(
    row: SavedSearch,
    reader: CriteriaReader,
    titles: Mapping[str, str],
    *,
    to_exclude: str | None,
) -> SavedSearchPage:
    """The page of a saved search.

    :param titles: of listings by public id, as far as they are public.
    :param to_exclude: the public id of the listing that a mail offered to leave out.
    """
    params = reader.readable(Criteria(row.criteria))
    excluded = [public_id_of(id_) for id_ in sorted(row.excluded)]
    is_offered = to_exclude in titles and to_exclude not in excluded
    return SavedSearchPage(
        state=AlertState(row.state),
        conditions=reader.in_words(params),
        is_unusable=bool(params.problems),
        q=params.q,
        kept=conditions.one_by_one(params, reader.vocabulary, reader.agency_names),
        frequency=row.frequency,
        frequency_label=Frequency(row.frequency).label,
        email=row.user.email if row.user else row.address or "",
        search=addresses.of_params(params),
        excluded=tuple(NamedListing(id_, titles.get(id_, "")) for id_ in excluded),
        to_exclude=NamedListing(to_exclude, titles[to_exclude])
        if to_exclude is not None and is_offered
        else None,
    )


def line(row: SavedSearch, reader: CriteriaReader, *, address: str) -> SavedSearchLine:
    """A saved search in a list."""
    params = reader.readable(Criteria(row.criteria))
    return SavedSearchLine(
        state=AlertState(row.state),
        conditions=reader.in_words(params),
        is_unusable=bool(params.problems),
        frequency=Frequency(row.frequency).label,
        address=address,
    )
