"""The conditions of a saved search: how they are kept, compared and told.

What a search looks like and that it shows what is over are no conditions of news: listings that are
closed never are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from portal.alerts.models import LONGEST_CRITERIA
from portal.errors import PortalError
from portal.listings.vocabulary import Vocabulary
from portal.search import conditions
from portal.search.params import SearchParams, parse

_CLOSED = "closed"


class UnreadableCriteriaError(PortalError):
    """Kept conditions that the search does not know any more; with fewer it would find more than
    its owner asked for."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """The conditions of a search: equal ones have equal texts."""

    text: str
    """Their query string."""

    @property
    def digest(self) -> str:
        """64 letters and digits that stand for them."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def is_too_long(self) -> bool:
        """Whether nobody can have chosen so many by hand."""
        return len(self.text) > LONGEST_CRITERIA


@dataclass(frozen=True, slots=True)
class CriteriaReader:
    """Reads conditions; ``agency_names`` are all there are, by code."""

    vocabulary: Vocabulary
    agency_names: Mapping[str, str]

    def params(self, criteria: Criteria) -> SearchParams:
        """The search again.

        :raises UnreadableCriteriaError: it has a condition that is none any more.
        """
        read = self.readable(criteria)
        if read.problems:
            raise UnreadableCriteriaError(f"unknown conditions: {read.problems[0].name}")
        return read

    def readable(self, criteria: Criteria) -> SearchParams:
        """As much of the search as is known today, for its owner to see and to mend; the rest is
        among its problems."""
        return self.read(MultiDict(parse_qsl(criteria.text)))

    def read(self, args: MultiDict[str, str]) -> SearchParams:
        """What an address or a form says; what cannot be used is among its problems."""
        return parse(args, vocabulary=self.vocabulary, agency_codes=self.agency_names)

    def in_words(self, params: SearchParams) -> tuple[tuple[str, str], ...]:
        """Each kind of condition with its values: 地域, 弘前市・青森市."""
        return conditions.in_words(params, self.vocabulary, self.agency_names)


def of_params(params: SearchParams) -> Criteria:
    """The conditions of a search."""
    return Criteria(urlencode(newsworthy(params).to_pairs()))


def newsworthy(params: SearchParams) -> SearchParams:
    """The same search without what has no meaning for news."""
    status = tuple(code for code in params.choices.get("status", ()) if code != _CLOSED)
    choices = {**params.choices, "status": status}
    default = SearchParams()
    return replace(
        params,
        choices={name: codes for name, codes in choices.items() if codes},
        include_closed=False,
        sort=None,
        page=default.page,
        per_page=default.per_page,
        problems=(),
    )
