"""One question of the check as a page."""

from dataclasses import dataclass

from portal.eligibility import labels
from portal.eligibility.addresses import of_pairs
from portal.eligibility.answers import Answers, Field
from portal.eligibility.parameters import ASK, SHOW, SHOW_RESULT, UNSURE, Asked, Pair
from portal.eligibility.services import Check
from portal.listings.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose."""

    code: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Answers under a heading to open; without one they are all in sight."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question."""

    field: str
    number: int
    """1 for the first."""
    left: int
    """How many may follow, at most."""
    question: str
    hint: str
    groups: tuple[ChoiceGroup, ...]
    unsure: str
    pairs: tuple[Pair, ...]
    """The answers so far, to go along."""
    back: str | None
    result: str | None
    notices: tuple[str, ...]


def question_page(field: Field, asked: Asked, check: Check, vocabulary: Vocabulary) -> QuestionPage:
    """A question, with the answers given so far."""
    words = labels.QUESTIONS[field]
    pairs = asked.pairs_without(field)
    others = [pair for pair in asked.answered if pair in pairs]
    return QuestionPage(
        field=field.value,
        number=len(others) + 1,
        left=len([one for one in check.questions if one is not field]),
        question=words.question,
        hint=words.hint,
        groups=_choice_groups(field, asked.answers, vocabulary),
        unsure=UNSURE,
        pairs=pairs,
        back=_back(asked, pairs) if asked.answered else None,
        result=of_pairs((*pairs, (SHOW, SHOW_RESULT))) if others else None,
        notices=asked.notices,
    )


def _back(asked: Asked, pairs: tuple[Pair, ...]) -> str | None:
    if len(pairs) < len(asked.pairs):
        # Answered already: somebody came from the result to change it.
        return of_pairs((*asked.pairs, (SHOW, SHOW_RESULT)))
    return of_pairs((*pairs[:-1], (ASK, pairs[-1][0])))


def _choice_groups(
    field: Field, answers: Answers, vocabulary: Vocabulary
) -> tuple[ChoiceGroup, ...]:
    chosen = labels.code_of(field, answers)
    found = labels.choices(field, vocabulary, answers.industry)
    choices = {code: Choice(code, label, code == chosen) for code, label in found.items()}
    if field is not Field.PLACE:
        return (ChoiceGroup("", tuple(choices.values())),)
    tree = vocabulary.tree
    groups = [
        ChoiceGroup(
            vocabulary.regions[area.code],
            tuple(choices[code] for code in tree.municipalities if code in area.municipalities),
        )
        for area in tree.areas.values()
    ]
    elsewhere = tuple(one for code, one in choices.items() if code not in tree.municipalities)
    return (*groups, ChoiceGroup("", elsewhere))
