"""A favourite as it is kept, wherever that is, and what a set of them is put together to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from portal.errors import NotFoundError, PortalError


class TooManyFavoritesError(PortalError):
    """There is no room for one more; ``most`` is how many there may be."""

    def __init__(self, most: int) -> None:
        super().__init__(f"there are {most} favourites already")
        self.most = most


@dataclass(frozen=True, slots=True)
class Kept:
    """A listing that somebody keeps, by its row id, and the version of it that they know.

    ``note`` is empty for those without an account.
    """

    listing_id: int
    known_version_id: int
    saved_at: datetime
    note: str = ""


def merged(one: Iterable[Kept], other: Iterable[Kept]) -> tuple[Kept, ...]:
    """All of both, each listing once, in the order in which they were saved: since the earlier of
    two times, knowing the older of two versions, with the first note that there is."""
    found: dict[int, Kept] = {}
    for kept in (*one, *other):
        before = found.get(kept.listing_id)
        found[kept.listing_id] = kept if before is None else _both(before, kept)
    return tuple(sorted(found.values(), key=lambda kept: (kept.saved_at, kept.listing_id)))


def with_one_more(kept: Sequence[Kept], new: Kept, *, most: int) -> tuple[Kept, ...]:
    """A set with a favourite that may be in it already.

    :raises TooManyFavoritesError: it is not, and there is no room.
    """
    is_new = all(one.listing_id != new.listing_id for one in kept)
    if is_new and len(kept) >= most:
        raise TooManyFavoritesError(most)
    return merged(kept, [new])


def with_known(kept: Sequence[Kept], listing_id: int, version_id: int) -> tuple[Kept, ...]:
    """A set in which another version of one of its listings is known.

    :raises NotFoundError: the listing is not among them.
    """
    if all(one.listing_id != listing_id for one in kept):
        raise NotFoundError(f"listing {listing_id} is not kept")
    return tuple(
        replace(one, known_version_id=version_id) if one.listing_id == listing_id else one
        for one in kept
    )


def to_plain(kept: Kept) -> list[int | str]:
    """A favourite as values that any format takes."""
    second = int(kept.saved_at.timestamp())
    return [kept.listing_id, kept.known_version_id, second, kept.note]


def from_plain(values: list[int | str] | None) -> Kept | None:
    """What ``to_plain`` made of a favourite, given back; None of None."""
    match values:
        case [int(listing_id), int(version_id), int(second), str(note)]:
            return Kept(listing_id, version_id, datetime.fromtimestamp(second, UTC), note)
    return None


def _both(one: Kept, other: Kept) -> Kept:
    return replace(
        one,
        # Versions of a listing are numbered as they are written.
        known_version_id=min(one.known_version_id, other.known_version_id),
        saved_at=min(one.saved_at, other.saved_at),
        note=one.note or other.note,
    )
