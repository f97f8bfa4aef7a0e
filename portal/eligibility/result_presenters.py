"""The result of the check as a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.eligibility import labels, wording
from portal.eligibility.addresses import of_pairs
from portal.eligibility.answers import Answers, Field
from portal.eligibility.parameters import ASK, SHOW, SHOW_ALL, SHOW_RESULT, Asked
from portal.eligibility.services import Check, Checked
from portal.eligibility.truth import Truth
from portal.eligibility.verdicts import Finding, Verdict
from portal.listings import wording as listing_wording
from portal.listings.date_state import status_on
from portal.listings.presenters import Badge, badge
from portal.listings.vocabulary import Vocabulary
from portal.sheets.chosen import MOST

SHOWN_AT_FIRST = 20
"""Listings of a group, before all of them are asked for."""

_NAMES = {
    Verdict.ELIGIBLE: "対象",
    Verdict.ASK: "窓口で確認",
    Verdict.NOT_ELIGIBLE: "対象外",
}
_LEADS = {
    Verdict.ELIGIBLE: (
        "書かれている条件に、お答えがすべて合っています。審査や書類の確認は別にあります。"
    ),
    Verdict.ASK: "合わない条件は見つかっていません。？の印のことを、窓口で確かめてください。",
    Verdict.NOT_ELIGIBLE: "お答えと合わない条件があります。事情がある方は窓口にお尋ねください。",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition with how it was judged; ``code`` picks its mark."""

    code: str
    mark: str
    name: str
    required: str
    yours: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A listing in the result."""

    id: str
    title: str
    agency_name: str
    status: Badge
    deadline: str
    last_offered: str | None
    deciding: Reason | None
    others: tuple[Reason, ...]
    next_question: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """The listings of a verdict."""

    code: str
    name: str
    lead: str
    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given, and the address where it can be changed."""

    name: str
    answer: str
    change: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The result."""

    groups: tuple[Group, ...]
    given: tuple[Given, ...]
    other_purposes: int
    next_question: str | None
    next_address: str
    about_all: str | None
    """The same answers about every listing, where they were about one."""
    all_address: str | None
    """Where long lists are shown whole, if any is cut."""
    notices: tuple[str, ...]
    sheet_ids: tuple[str, ...]
    """What goes on a consultation sheet: the first listings that are for who answered."""


_MARKS = {
    Truth.YES: ("met", "○", "合う"),
    Truth.UNKNOWN: ("open", "？", "確かめる"),
    Truth.NO: ("failed", "×", "合わない"),
}


def result_page(asked: Asked, check: Check, today: date, vocabulary: Vocabulary) -> ResultPage:
    """The result, as far as the answers go."""
    shown = None if asked.wants_all else SHOWN_AT_FIRST
    groups = []
    is_cut = False
    for verdict in Verdict:
        found = check.with_verdict(verdict)
        if asked.listing and not found:
            continue
        rows = tuple(_row(one, asked, today, vocabulary) for one in found[:shown])
        is_cut = is_cut or len(rows) < len(found)
        groups.append(Group(verdict.value, _NAMES[verdict], _LEADS[verdict], len(found), rows))
    following = next(iter(check.questions), None)
    return ResultPage(
        groups=tuple(groups),
        given=_given(asked, vocabulary),
        other_purposes=check.other_purposes,
        next_question=labels.QUESTIONS[following].question if following else None,
        next_address=of_pairs(asked.pairs),
        about_all=of_pairs((*asked.answered, (SHOW, SHOW_RESULT))) if asked.listing else None,
        all_address=of_pairs((*asked.pairs, (SHOW, SHOW_ALL))) if is_cut else None,
        notices=asked.notices,
        sheet_ids=tuple(
            one.listing.public_id for one in check.with_verdict(Verdict.ELIGIBLE)[:MOST]
        ),
    )


def _given(asked: Asked, vocabulary: Vocabulary) -> tuple[Given, ...]:
    return tuple(
        Given(
            labels.QUESTIONS[Field(name)].name,
            labels.answer(Field(name), asked.answers, vocabulary) or "わからない",
            of_pairs((*asked.pairs, (ASK, name))),
        )
        for name, _ in asked.answered
    )


def _row(one: Checked, asked: Asked, today: date, vocabulary: Vocabulary) -> Row:
    listing, assessment = one.listing, one.assessment
    status = status_on(listing, today)
    deciding = assessment.deciding
    following = assessment.next_question(asked.passed_over)
    others = [found for found in assessment.findings if found is not deciding]
    return Row(
        id=listing.public_id,
        title=listing.title,
        agency_name=listing.agency_name,
        status=badge(status, vocabulary),
        deadline=listing_wording.deadline(listing, status, today),
        last_offered=listing_wording.last_offered(listing, today),
        deciding=_reason(deciding, asked.answers, vocabulary) if deciding else None,
        others=_reasons(others, asked.answers, vocabulary),
        next_question=labels.QUESTIONS[following].question if following else None,
    )


def _reasons(
    findings: Sequence[Finding], answers: Answers, vocabulary: Vocabulary
) -> tuple[Reason, ...]:
    return tuple(_reason(found, answers, vocabulary) for found in findings)


def _reason(found: Finding, answers: Answers, vocabulary: Vocabulary) -> Reason:
    code, mark, meaning = _MARKS[found.judgement.truth]
    told = wording.tell(found.condition, answers, vocabulary)
    yours = [labels.answer(field, answers, vocabulary) for field in told.fields]
    said = "、".join(answer for answer in yours if answer)
    return Reason(code, f"{mark}{meaning}", told.name, told.required, said or None)
