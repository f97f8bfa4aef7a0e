"""The check itself: every listing that may matter, judged by the answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.eligibility.answers import Answers, Field
from portal.eligibility.conditions import PlaceCondition, Setting
from portal.eligibility.parameters import Asked
from portal.eligibility.prepared import Prepared
from portal.eligibility.truth import Truth
from portal.eligibility.verdicts import Assessment, Judge, Verdict, assess, useful_questions
from portal.listings.outlines import Outline

DESK = "desk"
"""The kind of listings that are consultation desks."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A listing and what the answers say of it."""

    listing: Outline
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Check:
    """What the answers say of all listings."""

    checked: tuple[Checked, ...]
    questions: tuple[Field, ...]
    """What may still change a verdict, the next question first."""
    other_purposes: int
    """How many listings were not looked at, because they are for something else."""

    def with_verdict(self, verdict: Verdict) -> tuple[Checked, ...]:
        """The listings of one verdict: those with the least left open first, and of these those
        of which most is known to fit."""
        found = [one for one in self.checked if one.assessment.verdict is verdict]
        return tuple(sorted(found, key=_distance))


def check(listings: Sequence[Prepared], asked: Asked, setting: Setting) -> Check:
    """Judge all listings that are not over.

    The purpose chooses among them and fails none: to want something else is not to be refused.
    """
    wanted = [one for one in listings if _serves(one.listing, asked.answers)]
    judge = Judge(asked.answers, setting)
    checked = tuple(Checked(one.listing, assess(one.conditions, judge)) for one in wanted)
    questions = useful_questions([one.assessment for one in checked], asked.passed_over)
    if asked.answers.purpose is None and Field.PURPOSE not in asked.passed_over:
        questions = (Field.PURPOSE, *questions)
    return Check(checked, questions, len(listings) - len(wanted))


def _serves(listing: Outline, answers: Answers) -> bool:
    return answers.purpose is None or answers.purpose in listing.purpose_codes


def _distance(one: Checked) -> tuple[int, int, int]:
    still_open = one.assessment.findings_that_are(Truth.UNKNOWN)
    met = one.assessment.findings_that_are(Truth.YES)
    return len(still_open), -len(met), one.listing.listing_id


def desks_for(
    listings: Sequence[Prepared], answers: Answers, setting: Setting
) -> tuple[Outline, ...]:
    """The consultation desks that are open to a place of business, those first that know about
    what is wanted."""
    desks = [one.listing for one in listings if one.listing.kind == DESK]
    near = [
        desk
        for desk in desks
        if PlaceCondition(desk.region_codes, desk.exception_codes).judge(answers, setting).truth
        is not Truth.NO
    ]
    return tuple(sorted(near, key=lambda desk: answers.purpose not in desk.purpose_codes))
