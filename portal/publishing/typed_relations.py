"""How a listing is related to others, as somebody typed it into the editor."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.listings.content import RelationContent
from portal.listings.relation_kinds import RelationKind
from portal.listings.title_queries import Titled
from portal.publishing.relation_rules import MOST_RELATIONS, within
from portal.publishing.typed_fields import LONGEST, FieldReader

_LONGEST = LONGEST["url"]
"""Of a title or an address that was pasted."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which listing is meant by a text.

    :ivar candidates: where it may be one of several.
    :ivar problem: why it is none, and what to do.
    """

    listing: Titled | None = None
    candidates: tuple[Titled, ...] = ()
    problem: str = ""


def titles_of(meanings: Mapping[str, Meaning]) -> dict[str, str]:
    """The titles of the listings that are meant, by public id."""
    found = (meaning.listing for meaning in meanings.values())
    return {row.public_id: row.title for row in found if row is not None}


def read_relations(
    reader: FieldReader, meanings: Mapping[str, Meaning]
) -> tuple[RelationContent, ...]:
    """All that is filled in.

    :param meanings: of what stands in the fields, by their names.
    """
    found: list[RelationContent] = []
    before = len(reader.problems)
    for number in range(MOST_RELATIONS):
        relation = _relation(reader, f"relations-{number}", meanings)
        if relation is not None:
            found.append(relation)
    if len(reader.problems) == before:
        for problem in within(found):
            reader.wrong(problem.field, problem.message)
    return tuple(found)


def _relation(
    reader: FieldReader, prefix: str, meanings: Mapping[str, Meaning]
) -> RelationContent | None:
    name = f"{prefix}-listing"
    kind = reader.value(f"{prefix}-kind", RelationKind, "どういう関係かを選び直してください。")
    text = reader.line(name, _LONGEST)
    if not text:
        if kind is not None:
            reader.wrong(name, "相手の支援を入れてください。なければ、関係を選ばないでください。")
        return None
    meaning = meanings.get(name, Meaning())
    if meaning.listing is None and not reader.is_wrong(name):
        reader.wrong(name, meaning.problem or "相手の支援が見つかりません。")
    if kind is None and not reader.is_wrong(f"{prefix}-kind"):
        reader.wrong(f"{prefix}-kind", "どういう関係かを選んでください。")
    if meaning.listing is None or kind is None:
        return None
    return RelationContent(kind, meaning.listing.public_id)
