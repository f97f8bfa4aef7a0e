"""Where the conditions come from that listings state of their own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from portal.eligibility.condition_json import VERSION, ConditionFormatError, Stated, from_row
from portal.listings.outlines import Outline

_FILE = Path(__file__).resolve().parent / "reviewed_conditions.json"


class ConditionSource(Protocol):
    """Knows what a listing states. A column of the listing can take the place of the file."""

    def stated_by(self, listing: Outline) -> tuple[Stated, ...] | None:
        """What it states, or None where nobody has looked at its words."""
        ...


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody found in the words of a listing: all of it, as conditions."""

    eligibility: str | None
    """The whole field as it was then."""
    stated: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class ReviewedListings:
    """Reviews of listings by the id where they came from."""

    reviews: Mapping[str, Review]

    def stated_by(self, listing: Outline) -> tuple[Stated, ...] | None:
        """What a review found, as long as the listing still says it."""
        review = self.reviews.get(listing.source_id or "")
        if review is None or review.eligibility != listing.eligibility:
            return None
        words = words_of(listing)
        return review.stated if all(one.ground in words for one in review.stated) else None


def words_of(listing: Outline) -> str:
    """The texts of a listing in which a condition can have its ground."""
    texts = (listing.title, listing.summary, listing.body, listing.eligibility or "")
    return "\n".join(texts)


@cache
def reviewed_listings() -> ReviewedListings:
    """The reviews that come with the portal, of its sample listings.

    :raises ConditionFormatError: the file is broken.
    """
    document = json.loads(_FILE.read_text(encoding="utf-8"))
    if document["version"] != VERSION:
        raise ConditionFormatError(f"version {document['version']!r} is not {VERSION}")
    return ReviewedListings(
        {
            source_id: Review(row["eligibility"], tuple(map(from_row, row["conditions"])))
            for source_id, row in document["listings"].items()
        }
    )
