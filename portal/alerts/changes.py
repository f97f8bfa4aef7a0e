"""Which change of a favourite its owner is told of: rules without database or clock.

``docs/alerts.md`` tells them so that mails can be foretold from it alone.
"""

from dataclasses import astuple, dataclass
from datetime import timedelta
from enum import StrEnum

from portal.listings.content import EventContent, ListingContent, RoundContent

QUIET_FOR = timedelta(minutes=10)
"""How long a listing must not have changed: corrections that follow each other are one mail."""

_DATES = ("date_state", "opens_on", "closes_on", "rounds", "date_note", "events")
_MONEY = ("rate", "amount_max_yen")
_WHOM = ("eligibility", "industries", "regions", "region_exceptions")
_HOW = ("how_to_apply", "apply_url", "documents")
_CONTACT = ("department", "tel", "fax", "email", "url")
FIELDS = frozenset({*_DATES, *_MONEY, *_WHOM, *_HOW, *_CONTACT})
"""Fields of a listing whose change its owner has to know."""


class Standing(StrEnum):
    """What the public sees of a listing."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Seen:
    """A public version of a listing, and whether the listing is still there."""

    version_id: int
    standing: Standing


class What(StrEnum):
    """What somebody is told of a favourite."""

    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    BACK = "back"
    """It was withdrawn, which they were told, and is there again."""


def what_to_tell(before: Seen, after: Seen, *, has_differences: bool) -> What | None:
    """What became of a favourite since its owner knew it; None if nothing that matters.

    :param has_differences: whether the two versions differ in one of ``FIELDS``, beyond white
        space.
    """
    if after.standing is Standing.WITHDRAWN:
        return None if before.standing is Standing.WITHDRAWN else What.WITHDRAWN
    if before.standing is Standing.WITHDRAWN:
        return What.BACK
    return What.CHANGED if has_differences else None


def changed_fields(before: ListingContent, after: ListingContent) -> frozenset[str]:
    """The fields that matter in which two wordings differ, beyond white space."""
    return frozenset(
        name for name in FIELDS if _plain(getattr(before, name)) != _plain(getattr(after, name))
    )


def _plain(value: object) -> object:
    """A value without any white space; an empty text is none."""
    match value:
        case str():
            return "".join(value.split()) or None
        case tuple():
            return tuple(_plain(part) for part in value)
        case RoundContent() | EventContent():
            return _plain(astuple(value))
    return value
