"""What a listing may not say of others, because others say otherwise. A draft is held to what its
agency knows: its own listings as they were last written, those of others as they are public. What
becomes public is held to what is public."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from portal.errors import FieldProblem, InvalidInputError
from portal.listings import relation_queries, title_queries
from portal.listings.content import RelationContent
from portal.listings.models import Listing, ListingVersion, listing_id_of, public_id_of
from portal.listings.relation_kinds import EARLIER, LATER, RelationKind
from portal.listings.relation_queries import Statement
from portal.listings.title_queries import Titled
from portal.listings.version_content import relations_of

MOST_RELATIONS = 10
"""As many as the editor has room for."""


def field_of(position: int) -> str:
    """The field of the editor beside which a problem of a relation stands."""
    return f"relations-{position}-kind"


def within(relations: Sequence[RelationContent]) -> Iterator[FieldProblem]:
    """What in some relations of one listing contradicts or repeats other ones of them."""
    said: defaultdict[str, list[RelationKind]] = defaultdict(list)
    for position, relation in enumerate(relations):
        before = said[relation.listing]
        if any(relation.kind.contradicts(kind) for kind in before):
            message = "同じ相手の支援に、両立しない関係が選ばれています。どちらかを消してください。"
            yield FieldProblem(field_of(position), message)
        elif any(relation.kind.is_lineage == kind.is_lineage for kind in before):
            message = "同じ相手の支援が2回入っています。1つにまとめてください。"
            yield FieldProblem(field_of(position), message)
        before.append(relation.kind)


def refuse_in_draft(
    session: Session, listing: Listing, relations: Sequence[RelationContent]
) -> None:
    """Refuse relations that a version of a listing is going to say.

    :raises InvalidInputError: something in them cannot be.
    """
    if not relations:
        return
    own = listing.agency_id
    said = relation_queries.said_at_desk(session, [listing.id], agency_id=own)
    after = partial(relation_queries.followers, session, agency_id=own)
    beside = _Beside(session, listing, relations, said, after, "内容")
    found = list(within(relations)) or beside.problems()
    if found:
        raise InvalidInputError(found)


def problems_in_public(
    session: Session, listing: Listing, version: ListingVersion
) -> list[FieldProblem]:
    """What a version says of others that cannot become public beside what they say."""
    relations = relations_of(version)
    if not relations:
        return []
    said = relation_queries.said_in_public(session, [listing.id])
    after = partial(relation_queries.followers, session)
    return _Beside(session, listing, relations, said, after, "公開中の内容").problems()


@dataclass(frozen=True, slots=True)
class _Beside:
    """Relations of a listing beside what others say of it.

    :ivar said: by others, of this listing.
    :ivar after: tells what came after some listings.
    :ivar place: what of the others is read.
    """

    session: Session
    listing: Listing
    relations: Sequence[RelationContent]
    said: Sequence[Statement]
    after: Callable[[Collection[int]], list[Statement]]
    place: str

    def problems(self) -> list[FieldProblem]:
        """All that cannot be, in the order of the relations; a circle is told where no two
        statements contradict each other."""
        found = list(self._contradictions())
        return found or list(self._circles())

    def _contradictions(self) -> Iterator[FieldProblem]:
        for position, relation in enumerate(self.relations):
            for statement in self.said:
                theirs = statement.from_other_side
                is_about_pair = public_id_of(theirs.other_id) == relation.listing
                if is_about_pair and relation.kind.contradicts(theirs.kind):
                    yield FieldProblem(field_of(position), self._message(theirs))

    def _message(self, theirs: Statement) -> str:
        other = self._titled(theirs.other_id)
        said = (
            f"「{other.title}」（{other.agency_name}、{other.public_id}）の{self.place}では"
            f"「{theirs.kind.choice}」となっています。"
        )
        if other.agency_id == self.listing.agency_id:
            return f"{said}先に相手の支援を直すか、ここを合わせてください。"
        return f"{said}{other.agency_name}に確かめて、どちらかを直してください。"

    def _circles(self) -> Iterator[FieldProblem]:
        positions = [
            position for position, relation in enumerate(self.relations) if relation.kind.is_lineage
        ]
        if not positions:
            return
        met = self._ids(EARLIER) & self._all_after(self._ids(LATER))
        if met:
            other = self._titled(min(met))
            message = (
                f"「{other.title}」（{other.agency_name}、{other.public_id}）が、この支援より前にも"
                "あとにもあることになります。後継や前年度の関係をたどって、まちがいを直してください。"
            )
            yield FieldProblem(field_of(positions[0]), message)

    def _ids(self, kinds: frozenset[RelationKind]) -> set[int]:
        """Those that came before, or after, as either side says."""
        own = {listing_id_of(row.listing) for row in self.relations if row.kind in kinds}
        theirs = (statement.from_other_side for statement in self.said)
        return {id_ for id_ in own if id_} | {row.other_id for row in theirs if row.kind in kinds}

    def _all_after(self, ids: set[int]) -> set[int]:
        """Those and all that came after them, without passing through this listing."""
        seen, step = set(ids), set(ids)
        while step:
            step = {row.other_id for row in self.after(step)} - seen - {self.listing.id}
            seen |= step
        return seen

    def _titled(self, listing_id: int) -> Titled:
        known = title_queries.known_titles(
            self.session, [listing_id], agency_id=self.listing.agency_id
        )
        return known[listing_id]
