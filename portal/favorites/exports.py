"""Favourites to take along: as a table for spreadsheets, and as a calendar."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.clock import in_japan
from portal.favorites.facts import is_withdrawn
from portal.favorites.presenters import WITHDRAWN
from portal.favorites.queries import KeptListing
from portal.feeds import calendars, entries
from portal.feeds.calendars import Heading
from portal.feeds.entries import EarlierDay
from portal.listings import wording
from portal.listings.date_state import status_on
from portal.listings.models import Listing, public_version
from portal.listings.vocabulary import Vocabulary
from portal.spreadsheets import Cell, csv_chunks

_HEADER = (
    *("番号", "名前", "実施機関", "状況", "受付", "締切", "上限額（円）", "補助率など"),
    *("担当課", "電話", "アドレス"),
)
_OWN_HEADER = ("保存した日", "メモ")


@dataclass(frozen=True, slots=True)
class Cells:
    """Writes a row about a listing.

    :ivar url_of: the whole address of its page.
    """

    url_of: Callable[[Listing], str]
    today: date
    vocabulary: Vocabulary

    def about(self, listing: Listing, title_of_withdrawn: str) -> tuple[Cell, ...]:
        """What is told of a listing; of one that was withdrawn, no more than on its page."""
        version, agency, url = public_version(listing), listing.agency.name, self.url_of(listing)
        if is_withdrawn(listing):
            named = (listing.public_id, title_of_withdrawn, agency, WITHDRAWN.label)
            return (*named, *("" for _ in _HEADER[len(named) : -1]), url)
        status = status_on(version, self.today)
        return (
            listing.public_id,
            version.title,
            agency,
            self.vocabulary.statuses[status.code],
            wording.deadline(version, status, self.today),
            status.closes_on.isoformat() if status.closes_on else "",
            version.amount_max_yen,
            version.rate or "",
            version.department or "",
            # Nobody answers the telephone of a sample.
            "" if wording.is_sample(version) else version.tel or "",
            url,
        )


def listings_csv(listings: Sequence[Listing], cells: Cells) -> Iterator[str]:
    """A table of a set of listings, as anybody may have it."""
    rows = (cells.about(row, f"掲載終了 {row.public_id}") for row in listings)
    return csv_chunks(_HEADER, rows)


def favorites_csv(
    kept: Sequence[KeptListing], known_titles: Mapping[int, str], cells: Cells
) -> Iterator[str]:
    """A table of somebody's own favourites, with what they wrote about them."""

    def row(each: KeptListing) -> tuple[Cell, ...]:
        title = known_titles.get(each.listing.id, each.listing.public_id)
        saved_on = in_japan(each.kept.saved_at).date().isoformat()
        return (*cells.about(each.listing, title), saved_on, each.kept.note)

    return csv_chunks((*_HEADER, *_OWN_HEADER), map(row, kept))


def calendar(
    name: str,
    listings: Sequence[Listing],
    earlier: Mapping[int, Sequence[EarlierDay]],
    *,
    page_url: str,
    url_of: Callable[[Listing], str],
    authority: str,
) -> bytes:
    """The days of a set of listings; of those that were withdrawn as cancelled.

    :param earlier: days that they had before, by row id: those that are gone are cancelled.
    :param authority: the host name by which this portal names things.
    """
    found = [
        entry
        for listing in listings
        for entry in entries.of_listing(
            listing,
            url=url_of(listing),
            authority=authority,
            earlier=earlier.get(listing.id, ()),
        )
    ]
    heading = Heading(name, "お気に入りの支援の締切と開催日です。", page_url)
    return calendars.write(heading, sorted(found, key=entries.by_day))
