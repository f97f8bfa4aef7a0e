"""「変わったこと」: what became of a listing since the version that somebody knows.

The difference between that version and the public one, however many came between: what was changed
and changed back is none. Nor is white space.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal.favorites import queries
from portal.favorites.queries import KeptListing
from portal.listings import relation_queries
from portal.listings.differences import Difference, differences
from portal.listings.models import Listing, ListingVersion
from portal.listings.version_content import content_of
from portal.listings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a listing that says something else, as in ``listings.field_words``, and that in
    words: 「締切：9月30日（水） → 10月15日（木）」."""

    field: str
    words: str


def changes_of_kept(
    session: Session, kept: Sequence[KeptListing], *, vocabulary: Vocabulary, today: date
) -> dict[int, tuple[Change, ...]]:
    """What changed in favourites, by the row id of the listing."""
    known = {row.listing.id: row.kept.known_version_id for row in kept}
    listings = [row.listing for row in kept]
    return changes_of(session, listings, known, vocabulary=vocabulary, today=today)


def changes_of(
    session: Session,
    listings: Sequence[Listing],
    known: Mapping[int, int],
    *,
    vocabulary: Vocabulary,
    today: date,
) -> dict[int, tuple[Change, ...]]:
    """What changed in each of some listings, by row id, in a fixed number of statements.

    :param known: the row ids of the versions that are known, by the row id of the listing.
    """
    changed = {row.id for row in listings if row.public_version_id not in (None, known[row.id])}
    pairs = {row.id: (known[row.id], row.public_version_id) for row in listings}
    wanted = {id_ for listing_id in changed for id_ in pairs[listing_id] if id_ is not None}
    versions = queries.whole_versions(session, wanted)
    titles = relation_queries.titles_in_public(session, versions.values())
    found: dict[int, tuple[Change, ...]] = {}
    for listing in listings:
        before, after = (versions.get(id_ or 0) for id_ in pairs[listing.id])
        # A number of another listing is as good as none.
        is_told = before is not None and after is not None and before.listing_id == listing.id
        found[listing.id] = (
            _between(before, after, titles, vocabulary, today)
            if is_told and before is not None and after is not None
            else ()
        )
    return found


def _between(
    before: ListingVersion,
    after: ListingVersion,
    titles: Mapping[str, str],
    vocabulary: Vocabulary,
    today: date,
) -> tuple[Change, ...]:
    partners = (*before.partner_rows, *after.partner_rows)
    found = differences(
        content_of(before),
        content_of(after),
        vocabulary=vocabulary,
        agency_names={row.agency.code: row.agency.name for row in partners},
        listing_titles=titles,
        today=today,
    )
    real = [row for each in found if (row := _without_white_space(each))]
    return tuple(Change(row.field, row.in_words()) for row in real)


def _without_white_space(row: Difference) -> Difference | None:
    """A difference without what differs in white space alone; None if that is all of it."""
    if not (row.gained or row.lost):
        return None if _squeezed(row.before) == _squeezed(row.after) else row
    gained, lost = set(map(_squeezed, row.gained)), set(map(_squeezed, row.lost))
    really = replace(
        row,
        gained=tuple(name for name in row.gained if _squeezed(name) not in lost),
        lost=tuple(name for name in row.lost if _squeezed(name) not in gained),
    )
    return really if really.gained or really.lost else None


def _squeezed(text: str) -> str:
    return "".join(text.split())
