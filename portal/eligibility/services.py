"""The check itself: every listing that may matter, judged by the answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.consultation import desks as consultation_desks
from portal.consultation.desks import Desk, shortlist, wanted_in
from portal.eligibility.answers import OUTSIDE, Answers, Field
from portal.eligibility.conditions import Setting
from portal.eligibility.parameters import Asked
from portal.eligibility.prepared import Prepared
from portal.eligibility.truth import Truth
from portal.eligibility.verdicts import Assessment, Judge, Verdict, assess, useful_questions
from portal.listings import wording
from portal.listings.date_state import status_on
from portal.listings.outlines import Outline


@dataclass(frozen=True, slots=True)
class Checked:
    """A listing and what the answers say of it."""

    listing: Outline
    assessment: Assessment
    is_offered: bool
    """False where nobody has said that it goes on this year."""
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class Check:
    """What the answers say of all listings."""

    checked: tuple[Checked, ...]
    questions: tuple[Field, ...]
    """What may still change a verdict, the next question first."""
    other_purposes: int
    """How many listings were not looked at, because they are for something else."""

    def with_verdict(self, verdict: Verdict) -> tuple[Checked, ...]:
        """The listings of one verdict: those with the least left open first, of these what is on
        offer this year, and of that what closes soonest."""
        found = [one for one in self.checked if one.assessment.verdict is verdict]
        return tuple(sorted(found, key=_distance))


def find(listings: Sequence[Prepared], asked: Asked) -> Prepared | None:
    """The one listing that is wanted, if it is among those that are not over."""
    return next((one for one in listings if one.listing.public_id == asked.listing), None)


def check(listings: Sequence[Prepared], asked: Asked, setting: Setting) -> Check:
    """Judge all listings that are not over, or the one that is wanted.

    The purpose chooses among them and fails none: to want something else is not to be refused.
    """
    if asked.listing:
        listings = wanted = [one for one in listings if one.listing.public_id == asked.listing]
    else:
        wanted = [one for one in listings if _serves(one.listing, asked.answers)]
    judge = Judge(asked.answers, setting)
    checked = tuple(_checked(one, judge, setting.today) for one in wanted)
    questions = useful_questions([one.assessment for one in checked], asked.passed_over)
    if (
        not asked.listing
        and asked.answers.purpose is None
        and Field.PURPOSE not in asked.passed_over
    ):
        questions = (Field.PURPOSE, *questions)
    return Check(checked, questions, len(listings) - len(wanted))


def _serves(listing: Outline, answers: Answers) -> bool:
    return answers.purpose is None or answers.purpose in listing.purpose_codes


def _checked(one: Prepared, judge: Judge, today: date) -> Checked:
    listing = one.listing
    is_offered = wording.last_offered(listing, today) is None
    closes_on = status_on(listing, today).closes_on
    return Checked(listing, assess(one.conditions, judge), is_offered, closes_on)


def _distance(one: Checked) -> tuple[object, ...]:
    still_open = one.assessment.findings_that_are(Truth.UNKNOWN)
    met = one.assessment.findings_that_are(Truth.YES)
    return (
        len(still_open),
        not one.is_offered,
        one.closes_on or date.max,
        -len(met),
        one.listing.listing_id,
    )


def desks_for(
    desks: Sequence[Desk], answers: Answers, setting: Setting, *, about: Prepared | None
) -> tuple[Desk, ...]:
    """A few consultation desks for somebody who answered this.

    :param about: the one listing that is wanted; they want what it is for.
    """
    is_outside = answers.place == OUTSIDE
    purposes = about.listing.purpose_codes if about else (answers.purpose,)
    wanted = replace(
        wanted_in(
            [answers.place] if answers.place and not is_outside else [],
            setting.tree,
            purposes=filter(None, purposes),
        ),
        industry=answers.industry,
        is_outside=is_outside,
    )
    return shortlist(consultation_desks.desks_for(desks, wanted))
