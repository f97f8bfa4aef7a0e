"""How two listings may be related, and what of that contradicts what. All of it is said from the
side of one of the two; ``inverse`` says the same from the other side."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class RelationKind(StrEnum):
    """Codes are stored and public: add some, never rename one. 'This' is the listing that has the
    relation, 'the other' the one it leads to."""

    COMBINABLE = "combinable"
    EXCLUSIVE = "exclusive"
    """Whoever uses the one cannot use the other."""
    TOPS_UP = "tops_up"
    """This comes on top of the other, as a town's subsidy on that of the prefecture."""
    TOPPED_UP_BY = "topped_up_by"
    SUCCESSOR = "successor"
    """The other took the place of this."""
    PREDECESSOR = "predecessor"
    LAST_YEAR = "last_year"
    """The other is the same support in the fiscal year before."""
    NEXT_YEAR = "next_year"

    @property
    def inverse(self) -> "RelationKind":
        """The same, said from the other side."""
        return _INVERSE.get(self, self)

    @property
    def is_lineage(self) -> bool:
        """Whether it is about what came before or after, not about using both."""
        return self in LATER or self in EARLIER

    @property
    def choice(self) -> str:
        """What the editor calls it."""
        return _CHOICES[self]

    @property
    def note(self) -> str:
        """What the page of this says beside the other."""
        return _NOTES[self]

    def told(self, title: str) -> str:
        """How the history names it."""
        return _TOLD[self].format(title)

    def contradicts(self, other: "RelationKind") -> bool:
        """Whether two statements about one pair, from the same side, cannot both be true."""
        return frozenset({self, other}) in _CONTRADICTIONS


_K = RelationKind
LATER = frozenset({_K.SUCCESSOR, _K.NEXT_YEAR})
"""The other came after this."""
EARLIER = frozenset({_K.PREDECESSOR, _K.LAST_YEAR})

_PAIRS = (
    (_K.TOPS_UP, _K.TOPPED_UP_BY),
    (_K.SUCCESSOR, _K.PREDECESSOR),
    (_K.NEXT_YEAR, _K.LAST_YEAR),
)
_INVERSE: Mapping[RelationKind, RelationKind] = {
    **dict(_PAIRS),
    **{after: before for before, after in _PAIRS},
}
_USABLE = (_K.COMBINABLE, _K.TOPS_UP, _K.TOPPED_UP_BY)
_CONTRADICTIONS = frozenset(
    {
        *(frozenset({kind, _K.EXCLUSIVE}) for kind in _USABLE),
        frozenset({_K.TOPS_UP, _K.TOPPED_UP_BY}),
        *(frozenset({later, earlier}) for later in LATER for earlier in EARLIER),
    }
)

_MOST_CAREFUL_FIRST = (_K.EXCLUSIVE, _K.TOPS_UP, _K.TOPPED_UP_BY, _K.COMBINABLE)
_NEAREST_FIRST = (_K.SUCCESSOR, _K.NEXT_YEAR, _K.PREDECESSOR, _K.LAST_YEAR)


def settled(said: Collection[RelationKind]) -> tuple[RelationKind, ...]:
    """What is shown of all that is said of one pair, from one side: one kind at most of using both,
    and one of before and after. Contradictions are refused before they are public; where two became
    public at one moment, whoever reads is told the more careful one, and of before and after
    nothing."""
    using = [kind for kind in _MOST_CAREFUL_FIRST if kind in said]
    lineage = [kind for kind in _NEAREST_FIRST if kind in said]
    is_clear = not any(one.contradicts(other) for one in lineage for other in lineage)
    return (*using[:1], *(lineage[:1] if is_clear else ()))


_CHOICES = {
    _K.COMBINABLE: "一緒に使える",
    _K.EXCLUSIVE: "一緒には使えない",
    _K.TOPS_UP: "この支援を、相手に上乗せできる",
    _K.TOPPED_UP_BY: "相手を、この支援に上乗せできる",
    _K.SUCCESSOR: "相手は、この支援の後継",
    _K.PREDECESSOR: "相手は、この支援の前身",
    _K.LAST_YEAR: "相手は、前年度の分",
    _K.NEXT_YEAR: "相手は、翌年度の分",
}
_NOTES = {
    _K.COMBINABLE: "一緒に使えます",
    _K.EXCLUSIVE: "一緒には使えません",
    _K.TOPS_UP: "このページの支援を、上乗せできます",
    _K.TOPPED_UP_BY: "このページの支援に、上乗せできます",
    _K.SUCCESSOR: "このページの支援に代わるものです",
    _K.PREDECESSOR: "このページの支援の前にあったものです",
    _K.LAST_YEAR: "前年度の分です",
    _K.NEXT_YEAR: "翌年度の分です",
}
_TOLD = {
    _K.COMBINABLE: "「{}」と一緒に使える",
    _K.EXCLUSIVE: "「{}」とは一緒に使えない",
    _K.TOPS_UP: "「{}」に上乗せできる",
    _K.TOPPED_UP_BY: "「{}」を上乗せできる",
    _K.SUCCESSOR: "後継は「{}」",
    _K.PREDECESSOR: "前身は「{}」",
    _K.LAST_YEAR: "前年度の分は「{}」",
    _K.NEXT_YEAR: "翌年度の分は「{}」",
}
