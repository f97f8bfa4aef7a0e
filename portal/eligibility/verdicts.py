"""Verdicts: whether a support is for somebody, what decided it, and what to ask next."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.eligibility.answers import Answers, Field
from portal.eligibility.conditions import Condition, Judgement, Setting, open_questions
from portal.eligibility.truth import Truth, all_of


class Verdict(StrEnum):
    """What the check says of a listing."""

    ELIGIBLE = "eligible"
    """対象: every condition is met."""
    ASK = "ask"
    """窓口で確認: none is failed, and at least one is open."""
    NOT_ELIGIBLE = "not-eligible"
    """対象外: a condition is failed, by an answer that was given."""


_VERDICT_OF = {
    Truth.YES: Verdict.ELIGIBLE,
    Truth.UNKNOWN: Verdict.ASK,
    Truth.NO: Verdict.NOT_ELIGIBLE,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition and how it was judged."""

    condition: Condition
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the answers say of one listing."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    """All conditions, in the order they are told."""

    def findings_that_are(self, truth: Truth) -> tuple[Finding, ...]:
        """The conditions that are met, failed or open."""
        return tuple(found for found in self.findings if found.judgement.truth is truth)

    @property
    def deciding(self) -> Finding | None:
        """What decided: the first condition that is failed; else the first open one, those first
        that an answer may still settle. None where all are met."""
        failed = self.findings_that_are(Truth.NO)
        still_open = self.findings_that_are(Truth.UNKNOWN)
        askable = [found for found in still_open if found.judgement.asks]
        return next(iter([*failed, *askable, *still_open]), None)

    @property
    def asks(self) -> tuple[Field, ...]:
        """The questions that may still settle it; none once it is settled."""
        if self.verdict is not Verdict.ASK:
            return ()
        return open_questions([found.judgement for found in self.findings])

    def next_question(self, passed_over: Collection[Field] = ()) -> Field | None:
        """The question that would settle it, or bring that nearer; None where only the desk can.

        :param passed_over: questions that were asked and could not be answered.
        """
        return next((field for field in self.asks if field not in passed_over), None)

    def hangs_on(self, field: Field) -> bool:
        """Whether nothing but this question stands between the listing and a verdict."""
        still_open = self.findings_that_are(Truth.UNKNOWN)
        return bool(still_open) and all(found.judgement.asks == (field,) for found in still_open)


class Judge:
    """Judges conditions by one set of answers. Listings share most of their conditions, so each is
    judged once."""

    def __init__(self, answers: Answers, setting: Setting) -> None:
        self._answers = answers
        self._setting = setting
        self._found: dict[Condition, Finding] = {}

    def find(self, condition: Condition) -> Finding:
        """How a condition is judged."""
        found = self._found.get(condition)
        if found is None:
            found = Finding(condition, condition.judge(self._answers, self._setting))
            self._found[condition] = found
        return found


def assess(conditions: Sequence[Condition], judge: Judge) -> Assessment:
    """Judge every condition of a listing."""
    findings = tuple(map(judge.find, conditions))
    verdict = _VERDICT_OF[all_of(found.judgement.truth for found in findings)]
    return Assessment(verdict, findings)


def useful_questions(
    assessments: Iterable[Assessment], passed_over: Collection[Field] = ()
) -> tuple[Field, ...]:
    """The questions that may change a verdict, the one that settles most listings first.

    Before those that settle none alone come those that more listings ask for.
    """
    settles: Counter[Field] = Counter()
    serves: Counter[Field] = Counter()
    for assessment in assessments:
        for field in assessment.asks:
            serves[field] += 1
            settles[field] += assessment.hangs_on(field)
    order = list(Field)
    wanted = [field for field in serves if field not in passed_over]
    return tuple(
        sorted(wanted, key=lambda field: (-settles[field], -serves[field], order.index(field)))
    )
