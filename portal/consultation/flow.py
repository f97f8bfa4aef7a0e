"""The way to a desk in three taps: where, what about, how far. The address holds the answers, and
nothing else does.

``place`` is a municipality or an area, ``purpose`` a purpose of the vocabulary; either may be
``unsure``. ``stage`` is one of ``Stage``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from werkzeug.datastructures import MultiDict

from portal.consultation.desks import Wanted, wanted_in
from portal.listings.vocabulary import Vocabulary

UNSURE = "unsure"

DROPPED = "読めない答えがあったため、その質問からもう一度うかがいます。"


class Step(StrEnum):
    """What is asked, in this order."""

    PLACE = "place"
    PURPOSE = "purpose"
    STAGE = "stage"


class Stage(StrEnum):
    """How far somebody has come."""

    FIRST = "first"
    """They ask for the first time."""
    EXPERT = "expert"
    """They know what they want to ask a specialist."""
    APPLY = "apply"
    """They are about to apply for something."""


Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers of an address, as far as they can be used."""

    place: str | None = None
    purpose: str | None = None
    stage: Stage | None = None
    notices: tuple[str, ...] = ()
    """In Japanese, of what could not be used. Repeats nothing of it."""

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The usable answers as parameters, in the order of the steps."""
        values = {Step.PLACE: self.place, Step.PURPOSE: self.purpose, Step.STAGE: self.stage}
        return tuple((step.value, str(value)) for step, value in values.items() if value)

    def pairs_without(self, step: Step) -> tuple[Pair, ...]:
        """The answers less one, which is then asked again."""
        return tuple(pair for pair in self.pairs if pair[0] != step)

    @property
    def next_step(self) -> Step | None:
        """The first question without an answer; None where all are answered."""
        given = {name for name, _ in self.pairs}
        return next((step for step in Step if step not in given), None)

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that were said, as a search takes them."""
        return (self.place,) if self.place and self.place != UNSURE else ()

    @property
    def purposes(self) -> tuple[str, ...]:
        """The purposes that were said, as a search takes them."""
        return (self.purpose,) if self.purpose and self.purpose != UNSURE else ()

    def wanted(self, vocabulary: Vocabulary) -> Wanted:
        """What is looked for by these answers."""
        return wanted_in(self.regions, vocabulary.tree, purposes=self.purposes)


def parse(args: MultiDict[str, str], vocabulary: Vocabulary) -> Asked:
    """Read an address. Never fails: what cannot be used is asked again, and said to be."""
    tree = vocabulary.tree
    known: dict[Step, Collection[str]] = {
        Step.PLACE: {UNSURE, *tree.areas, *tree.municipalities},
        Step.PURPOSE: {UNSURE, *vocabulary.purposes},
        Step.STAGE: set(Stage),
    }
    given = {step: args[step] for step in Step if step in args}
    usable = {step: value for step, value in given.items() if value in known[step]}
    stage = usable.get(Step.STAGE)
    return Asked(
        place=usable.get(Step.PLACE),
        purpose=usable.get(Step.PURPOSE),
        stage=Stage(stage) if stage else None,
        notices=(DROPPED,) if len(usable) < len(given) else (),
    )
