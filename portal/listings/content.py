"""What a version of a listing says, as one value: what forms, imports and samples hand over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from portal.listings.models import PastResult, SourceDocument
from portal.listings.relation_kinds import RelationKind
from portal.listings.stated_conditions import NOTHING_STATED, StatedConditions


@dataclass(frozen=True, slots=True)
class RoundContent:
    """A further round of applications."""

    opens_on: date | None
    closes_on: date | None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class EventContent:
    """A day of a seminar or fair."""

    held_on: date
    starts_at: time | None = None
    ends_at: time | None = None
    venue: str | None = None
    address: str | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file, by its number within the listing and by its name."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class RelationContent:
    """How the listing is related to another, which is named by its public id."""

    kind: RelationKind
    listing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingContent:
    """Everything a listing says. Field names are those of the public interfaces.

    ``kind`` and ``date_state`` are None in a draft whose writer has not chosen them yet.
    ``industries`` may be ``("*",)`` for all; ``partners`` are agency codes; ``past_budgets`` are
    thousand yen by fiscal year.
    """

    title: str
    kind: str | None
    date_state: str | None
    summary: str = ""
    body: str = ""
    level: str | None = None
    """Who stands behind it; None for the level of the lead agency."""
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    region_exceptions: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    opens_on: date | None = None
    closes_on: date | None = None
    date_note: str | None = None
    rounds: tuple[RoundContent, ...] = ()
    events: tuple[EventContent, ...] = ()
    eligibility: str | None = None
    conditions: StatedConditions = NOTHING_STATED
    rate: str | None = None
    amount_max_yen: int | None = None
    how_to_apply: str | None = None
    apply_url: str | None = None
    documents: tuple[str, ...] = ()
    department: str | None = None
    tel: str | None = None
    fax: str | None = None
    email: str | None = None
    url: str | None = None
    keywords: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    relations: tuple[RelationContent, ...] = ()
    fiscal_years: tuple[int, ...] = ()
    past_results: tuple[PastResult, ...] = ()
    past_budgets: Mapping[str, int] = field(default_factory=dict)
    attachments: tuple[AttachedFile, ...] | None = None
    """Files of the same listing; None leaves those that the version before lists, for whoever
    writes texts and knows nothing of files."""
    source: tuple[SourceDocument, ...] = ()
