"""What happens in a simulated year, as plain data. Nothing here knows the portal.

Listings, searches and members are named by numbers from 0; all times are in Japan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Said:
    """What a listing says. The ``title`` of each is another one; ``words`` are made up and stand in
    its text."""

    title: str
    kind: str
    words: tuple[str, ...]
    industries: tuple[str, ...]
    regions: tuple[str, ...]
    exceptions: tuple[str, ...]
    purposes: tuple[str, ...]
    amount_max_yen: int | None
    date_state: str
    opens_on: date | None = None
    closes_on: date | None = None
    rounds: tuple[tuple[date | None, date | None], ...] = ()
    event_days: tuple[date, ...] = ()
    rate: str | None = None
    tel: str | None = None
    eligibility: str | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """An agency: its code and level."""

    agency: str
    level: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The conditions of a search: values of one name are alternatives, names add up."""

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    amount_min: int | None = None
    local_only: bool = False


@dataclass(frozen=True, slots=True)
class Publish:
    """A new listing, or another wording of a published one."""

    listing: int
    said: Said


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A listing goes."""

    listing: int


@dataclass(frozen=True, slots=True)
class ShowAgain:
    """A listing that went is there again, as it was."""

    listing: int


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for news of a search; ``member`` is None without an account, and then a mail
    asks them to confirm."""

    search: int
    member: int | None
    address: str
    wanted: Wanted
    frequency: str


@dataclass(frozen=True, slots=True)
class Press:
    """A button on the page of a saved search: confirm, stop, resume, delete, frequency, criteria,
    exclude or include."""

    search: int
    button: str
    frequency: str = ""
    wanted: Wanted | None = None
    listing: int | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """A member makes a listing a favourite."""

    member: int
    listing: int


@dataclass(frozen=True, slots=True)
class Drop:
    """A member lets go of a favourite."""

    member: int
    listing: int


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A member says on the page that they know what changed."""

    member: int
    listing: int


@dataclass(frozen=True, slots=True)
class Choose:
    """A member turns mails on or off; None leaves them as they are."""

    member: int
    deadline_mails: bool | None = None
    change_mails: bool | None = None


@dataclass(frozen=True, slots=True)
class Disable:
    """An administrator stops an account, or lets it be used again."""

    member: int
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class Synonyms:
    """From now on two words mean the same."""

    words: tuple[str, str]


Act = (
    Publish
    | Withdraw
    | ShowAgain
    | Request
    | Press
    | Keep
    | Drop
    | Acknowledge
    | Choose
    | Disable
    | Synonyms
)


class Runs(StrEnum):
    """How the jobs run in a round."""

    DUE = "due"
    """Those that are due."""
    TWICE = "twice"
    """Those that are due, and then all once more by hand."""
    AT_ONCE = "at once"
    """All by hand, in two threads at the same time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An act, or with ``runs`` a round of the jobs."""

    at: datetime
    act: Act | None = None
    runs: Runs | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """All that happens, in order.

    :ivar places: of each listing.
    :ivar refused: addresses that the mail server never takes.
    :ivar busy: addresses that it asks to come back later the first times.
    """

    places: tuple[Place, ...]
    members: tuple[str, ...]
    moments: tuple[Moment, ...]
    refused: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()


class Kind(StrEnum):
    """What a mail is about."""

    NEWS = "news"
    DEADLINES = "deadlines"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """What a mail says of one listing: 新着, opened, 14, 3, changed, withdrawn or back; of a change
    also the fields that differ."""

    listing: int
    what: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A mail: when, to whom, about what. ``owner`` is the number of the search or member."""

    at: datetime
    kind: Kind
    owner: int
    to: str
    lines: tuple[Line, ...]
    left_out: int = 0
    """Listings that it only counts."""
