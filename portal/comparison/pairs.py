"""What is known of using the compared listings together, two and two."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy.orm import Session

from portal.listings import relation_queries
from portal.listings.models import Listing, public_version
from portal.listings.relation_kinds import RelationKind


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence about two listings; ``is_warning`` where one has to choose between them."""

    kind: str
    text: str
    is_warning: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """What is known of all pairs; ``is_whole`` if of each it is known whether both can be used."""

    known: tuple[Pair, ...]
    is_whole: bool


_SENTENCES = {
    RelationKind.EXCLUSIVE: "「{}」と「{}」は、一緒には使えません。どちらか1つです。",
    RelationKind.COMBINABLE: "「{}」と「{}」は、一緒に使えます。",
    RelationKind.TOPS_UP: "「{}」は、「{}」に上乗せできます。",
    RelationKind.SUCCESSOR: "「{}」に代わるものが、「{}」です。",
    RelationKind.NEXT_YEAR: "「{}」の翌年度の分が、「{}」です。",
}
_ORDER = list(_SENTENCES)


def pairs(session: Session, listings: Sequence[Listing]) -> Pairs:
    """What published listings say of each other, what one must know first."""
    known: list[tuple[RelationKind, Pair]] = []
    answered = set()
    for listing in listings:
        version = public_version(listing)
        for row in relation_queries.list_shown(session, version):
            other = next((one for one in listings if one.id == row.other.listing_id), None)
            # Each is told from the side that has a sentence, once.
            is_mutual = row.kind.inverse is row.kind
            if other is None or (is_mutual and other.id < listing.id):
                continue
            if not row.kind.is_lineage:
                answered.add(frozenset({listing.id, other.id}))
            if row.kind in _SENTENCES:
                text = _SENTENCES[row.kind].format(version.title, public_version(other).title)
                is_warning = row.kind is RelationKind.EXCLUSIVE
                known.append((row.kind, Pair(row.kind.value, text, is_warning)))
    known.sort(key=lambda pair: _ORDER.index(pair[0]))
    asked = {frozenset({one.id, other.id}) for one, other in combinations(listings, 2)}
    return Pairs(tuple(pair for _, pair in known), is_whole=answered == asked)
