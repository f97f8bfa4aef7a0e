"""Which listing somebody means who relates theirs to another: by its public id, the address of a
page of it, or words of its title. An agency finds all of its own, of others what is public."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.listings import title_queries
from portal.listings.models import ListingState, listing_id_of
from portal.listings.title_queries import Titled
from portal.publishing.typed_relations import Meaning
from portal.publishing.typed_values import find_listing_id
from search_index import SearchIndex, SearchQuery, SearchUnavailableError

SHOWN = 8
_LONGEST = 200

_ITSELF = "この支援そのものは、相手にできません。ほかの支援を入れてください。"
_NO_SUCH_ID = "その番号の支援情報は見つかりません。公開中のものか、自分の実施機関のものを入れます。"
_SEVERAL = "どの支援かを、この欄の下に出ている中から選んでください。"
_NONE = (
    "そのことばを名前に含む支援は見つかりません。ことばを減らすか、相手のページのアドレスを"
    "貼り付けてください。"
)


@dataclass(frozen=True, slots=True)
class Relatable:
    """Finds listings for the writer of one.

    :ivar agency_id: whose listing is being written.
    :ivar itself: its row id, if it is there yet.
    :ivar named: row ids of those that it is related to already; they stay, public or not.
    """

    session: Session
    index: SearchIndex
    agency_id: int
    itself: int | None
    named: Collection[int]
    today: date

    def meanings(self, texts: Mapping[str, str]) -> dict[str, Meaning]:
        """What some texts mean, under the same names."""
        return {name: self.meaning(text) for name, text in texts.items()}

    def meaning(self, text: str) -> Meaning:
        """What a text that is not empty means."""
        public_id = find_listing_id(text)
        if public_id is not None:
            return self._of_id(public_id)
        found = self._of_words(text[:_LONGEST])
        same = [row for row in found if _folded(row.title) == _folded(text)]
        if len(same) == 1:
            return Meaning(same[0])
        return Meaning(candidates=tuple(found[:SHOWN]), problem=_SEVERAL if found else _NONE)

    def _of_id(self, public_id: str) -> Meaning:
        listing_id = listing_id_of(public_id)
        if listing_id is None:
            return Meaning(problem=_NO_SUCH_ID)
        if listing_id == self.itself:
            return Meaning(problem=_ITSELF)
        known = title_queries.known_titles(self.session, [listing_id], agency_id=self.agency_id)
        found = known.get(listing_id)
        is_usable = found is not None and (
            found.agency_id == self.agency_id
            or found.state is ListingState.PUBLISHED
            or listing_id in self.named
        )
        return Meaning(found) if is_usable else Meaning(problem=_NO_SUCH_ID)

    def _of_words(self, text: str) -> list[Titled]:
        words = _folded(text).split()
        own = title_queries.titles_of_agency(self.session, self.agency_id)
        alike = [row for row in own if all(word in _folded(row.title) for word in words)]
        found = {row.listing_id: row for row in alike[: SHOWN // 2]}
        for row in self._public(text):
            found.setdefault(row.listing_id, row)
        if self.itself is not None:
            found.pop(self.itself, None)
        return list(found.values())

    def _public(self, text: str) -> list[Titled]:
        """What the public finds by the words, the best first."""
        query = SearchQuery(on=self.today, text=text, include_closed=True, limit=SHOWN)
        try:
            hits = self.index.search(query).hits
        except SearchUnavailableError:
            # Its own agency's are worth telling alone, and an address finds the others.
            return []
        ids = [id_ for id_ in (listing_id_of(hit.id) for hit in hits) if id_ is not None]
        found = {row.listing_id: row for row in title_queries.public_titles(self.session, ids)}
        # Of its own agency it is told by the newest title.
        return [found[id_] for id_ in ids if id_ in found and not self._is_own(found[id_])]

    def _is_own(self, row: Titled) -> bool:
        return row.agency_id == self.agency_id


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
