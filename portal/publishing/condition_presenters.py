"""What the eligibility check will say of a listing, told to whoever writes it."""

from dataclasses import dataclass

from portal.eligibility import wording
from portal.eligibility.answers import Answers
from portal.eligibility.conditions import (
    AnyOf,
    Condition,
    DeskCondition,
    IndustryCondition,
    PlaceCondition,
)
from portal.eligibility.listing_conditions import Asking
from portal.listings.content import ListingContent
from portal.listings.vocabulary import Vocabulary
from portal.publishing.condition_fields import OPTIONS
from portal.publishing.typed_conditions import read_conditions
from portal.publishing.typed_content import Choices
from portal.publishing.typed_fields import FieldReader, Typed
from portal.told_form import Called

_ELIGIBLE = "上のすべてに合う方に、「対象」と示します。"
_ASK = "合わないところが見つからない方に、「窓口で確認」と示します。"
_MAY_BE_COMPLETE = "「ほかに条件はない」に印を付けると、「対象」と示せるようになります。"
OUTDATED = (
    "「対象者」の文章が変わりました。「使える支援のチェック」の条件も変わっていないか、"
    "確かめてください。"
)
_OUT = "合わない方は「対象外」"
_DESK = "窓口で確認"
_LEFT_TO_DESK = "合わない方は「窓口で確認」"


@dataclass(frozen=True, slots=True)
class ToldCondition:
    """A condition, and what becomes of whoever does not meet it, or of all where only the desk can
    tell; empty where nobody has said what is asked for."""

    name: str
    required: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What the check will say of a listing, and to whom."""

    told: tuple[ToldCondition, ...]
    conclusion: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionPanel:
    """The conditions in the editor.

    :ivar options: what may be chosen, by field.
    :ivar words: None where something has to be mended first, which is in ``problems``.
    :ivar is_used: whether anything is stated.
    """

    options: Called
    words: CheckWords | None
    problems: tuple[str, ...]
    is_used: bool


def panel(typed: Typed, vocabulary: Vocabulary) -> ConditionPanel:
    """What is typed, as the check will read it."""
    reader = FieldReader(typed, Choices.of(vocabulary, ()).codes)
    stated = read_conditions(reader)
    problems = tuple(problem.message for problem in reader.problems)
    asking = Asking(
        regions=reader.codes("regions"),
        region_exceptions=reader.codes("region_exceptions"),
        industries=reader.codes("industries"),
        eligibility=reader.lines("eligibility"),
        stated=stated,
    )
    return ConditionPanel(
        options=OPTIONS,
        words=None if problems else _words(asking, vocabulary),
        problems=problems,
        is_used=bool(stated.document() or problems),
    )


def check_words(content: ListingContent, vocabulary: Vocabulary) -> CheckWords:
    """What a wording of a listing says, as the check will read it."""
    asking = Asking(
        content.regions,
        content.region_exceptions,
        content.industries,
        content.eligibility,
        content.conditions,
    )
    return _words(asking, vocabulary)


def may_be_outdated(before: ListingContent, after: ListingContent) -> bool:
    """Whether the words for whom a listing is were changed, and not what the check judges by."""
    is_judged_by = after.conditions.document().keys() - {"beyond"}
    return (
        bool(is_judged_by)
        and before.eligibility != after.eligibility
        and before.conditions == after.conditions
    )


def _words(asking: Asking, vocabulary: Vocabulary) -> CheckWords:
    conditions = tuple(asking.conditions())
    told = tuple(_told(condition, vocabulary) for condition in conditions)
    return CheckWords(told, _conclusion(asking, conditions))


def _told(condition: Condition, vocabulary: Vocabulary) -> ToldCondition:
    told = wording.tell(condition, Answers(), vocabulary)
    if isinstance(condition, PlaceCondition) and not condition.regions:
        return ToldCondition(told.name, "まだ選ばれていません", "")
    return ToldCondition(told.name, told.required, _otherwise(condition))


def _otherwise(condition: Condition) -> str:
    match condition:
        case DeskCondition():
            return _DESK
        case PlaceCondition(is_told=False) | IndustryCondition(is_told=False):
            return _LEFT_TO_DESK
        case AnyOf(conditions) if any(isinstance(one, DeskCondition) for one in conditions):
            return _LEFT_TO_DESK
    return _OUT


def _conclusion(asking: Asking, conditions: tuple[Condition, ...]) -> tuple[str, ...]:
    if not any(isinstance(condition, DeskCondition) for condition in conditions):
        return (_ELIGIBLE,)
    return (_ASK,) if asking.stated.desk else (_ASK, _MAY_BE_COMPLETE)
