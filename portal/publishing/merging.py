"""Two wordings that began from the same one, put together."""

from dataclasses import replace

from portal.listings.content import ListingContent
from portal.listings.field_words import FIELD_LABELS

# What makes sense only as a whole is taken from one of the two.
_TOGETHER = (
    frozenset({"date_state", "opens_on", "closes_on", "rounds"}),
    frozenset({"regions", "region_exceptions"}),
)


def merged(began: ListingContent, saved: ListingContent, typed: ListingContent) -> ListingContent:
    """What was saved meanwhile, with what was typed over it: fields whose writer changed nothing
    are as they were saved. Where both changed a field, it is as it was typed."""
    changed = {name for name in FIELD_LABELS if getattr(typed, name) != getattr(began, name)}
    for group in _TOGETHER:
        if changed & group:
            changed |= group
    return replace(saved, **{name: getattr(typed, name) for name in changed})
