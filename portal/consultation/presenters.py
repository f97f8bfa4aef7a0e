"""Desks, and the way to them, as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.consultation import wording
from portal.consultation.desks import SHORT, Desk, desks_for
from portal.consultation.flow import Asked, Pair, Stage, Step
from portal.links import tel_address
from portal.listings.vocabulary import Vocabulary
from portal.listings.wording import first_few

FIRST_DESK = "はじめの窓口"
SPECIALIST = "専門の窓口"
NOW = "いま電話する窓口"
UNDECIDED = "どこに聞くか迷ったら"
HERE = {Stage.FIRST: 1, Stage.EXPERT: 2, Stage.APPLY: 3}
"""The step of the way where somebody of a stage is."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A desk in a list."""

    name: str
    role: str
    says: str
    where: str
    agency_name: str
    listing_id: str | None
    agency_code: str | None
    tel: str
    tel_address: str | None
    address: str
    hours: str
    url: str
    url_label: str
    note: str


def rows(desks: Iterable[Desk], vocabulary: Vocabulary) -> tuple[DeskRow, ...]:
    """Desks in a list."""
    return tuple(_row(desk, vocabulary) for desk in desks)


def _row(desk: Desk, vocabulary: Vocabulary) -> DeskRow:
    site = f"{desk.url_of}のサイト" if desk.url_of else "公式サイト"
    return DeskRow(
        name=desk.name,
        role=FIRST_DESK if desk.is_first else SPECIALIST,
        says=desk.says,
        where=_where(desk, vocabulary),
        agency_name=desk.agency_name,
        listing_id=desk.listing_id,
        agency_code=desk.agency_code,
        tel=desk.tel,
        tel_address=tel_address(desk.tel),
        address=desk.address,
        hours=desk.hours,
        url=desk.url,
        url_label=site if desk.tel else f"電話番号は{site}で",
        note=desk.note,
    )


def _where(desk: Desk, vocabulary: Vocabulary) -> str:
    municipalities = vocabulary.tree.municipalities
    if desk.places.issuperset(municipalities):
        return f"{vocabulary.prefecture}のどこからでも"
    return first_few(tuple(one.name for one in municipalities.values() if one.code in desk.places))


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose, with what it means where that needs a word."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Answers under a heading; without one, they are all there are."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class StepPage:
    """One of the three questions."""

    field: str
    number: int
    question: str
    hint: str
    groups: tuple[ChoiceGroup, ...]
    unsure: str
    pairs: tuple[Pair, ...]
    """The other answers, to go along."""
    back: tuple[Pair, ...] | None
    """The answers of the page before; None on the first."""
    notices: tuple[str, ...]


def step_page(step: Step, asked: Asked, vocabulary: Vocabulary) -> StepPage:
    """One question, with the answers given so far."""
    words = wording.QUESTIONS[step]
    steps = list(Step)
    number = steps.index(step) + 1
    return StepPage(
        field=step.value,
        number=number,
        question=words.question,
        hint=words.hint,
        groups=_groups(step, vocabulary),
        unsure=words.unsure,
        pairs=asked.pairs,
        back=asked.pairs_without(steps[number - 2]) if number > 1 else None,
        notices=asked.notices,
    )


def _groups(step: Step, vocabulary: Vocabulary) -> tuple[ChoiceGroup, ...]:
    if step is Step.PLACE:
        tree = vocabulary.tree
        return tuple(
            ChoiceGroup(
                vocabulary.regions[area.code],
                tuple(
                    Choice(place.code, place.name)
                    for place in tree.municipalities.values()
                    if place.area == area.code
                ),
            )
            for area in tree.areas.values()
        )
    if step is Step.PURPOSE:
        return _purpose_groups(vocabulary)
    stages = (Choice(stage.value, *words) for stage, words in wording.STAGES.items())
    return (ChoiceGroup("", tuple(stages)),)


def _purpose_groups(vocabulary: Vocabulary) -> tuple[ChoiceGroup, ...]:
    named = {code for codes in wording.PURPOSE_GROUPS.values() for code in codes}
    others = tuple(code for code in vocabulary.purposes if code not in named)
    groups = {**wording.PURPOSE_GROUPS, wording.OTHER_PURPOSES: others}
    found = (
        ChoiceGroup(
            label,
            tuple(
                Choice(code, vocabulary.purposes[code])
                for code in codes
                if code in vocabulary.purposes
            ),
        )
        for label, codes in groups.items()
    )
    return tuple(group for group in found if group.choices)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given, and the answers that are left when it is asked again."""

    name: str
    answer: str
    change: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """Desks under a heading."""

    title: str
    lead: str
    rows: tuple[DeskRow, ...]
    further: tuple[DeskRow, ...]
    """Those that are shown when they are asked for."""


@dataclass(frozen=True, slots=True)
class WayPage:
    """Whom to ring, with what, and what comes then."""

    given: tuple[Given, ...]
    groups: tuple[DeskGroup, ...]
    to_say: tuple[str, ...]
    to_bring: tuple[str, ...]
    known_as: str
    here: int
    """The step of the flow where somebody is: 1, 2 or 3."""
    search: dict[str, str]
    """The parameters of the search for listings that fit."""
    fitting: str
    """Which listings those are, in words that stand before 支援."""


def way_page(
    asked: Asked,
    stage: Stage,
    desks: Sequence[Desk],
    *,
    known_as: Sequence[str],
    vocabulary: Vocabulary,
) -> WayPage:
    """The page after the last question."""
    found = desks_for(desks, asked.wanted(vocabulary))
    answers = _answers(asked, stage, vocabulary)
    return WayPage(
        given=tuple(
            Given(wording.QUESTIONS[step].name, answer, asked.pairs_without(step))
            for step, answer in answers.items()
        ),
        groups=_desk_groups(found, stage, vocabulary),
        to_say=wording.TO_SAY,
        to_bring=wording.TO_BRING[stage],
        known_as="、".join(known_as),
        here=HERE[stage],
        search={
            name: code
            for name, codes in (("region", asked.regions), ("purpose", asked.purposes))
            for code in codes
        },
        fitting=(f"{answers[Step.PLACE]}で使える" if asked.regions else "")
        + (f"「{answers[Step.PURPOSE]}」の" if asked.purposes else ""),
    )


def _answers(asked: Asked, stage: Stage, vocabulary: Vocabulary) -> dict[Step, str]:
    labels = {**vocabulary.regions, **vocabulary.purposes}
    return {
        Step.PLACE: labels.get(asked.place or "", wording.QUESTIONS[Step.PLACE].unsure),
        Step.PURPOSE: labels.get(asked.purpose or "", wording.QUESTIONS[Step.PURPOSE].unsure),
        Step.STAGE: wording.STAGES[stage][0],
    }


def _desk_groups(
    found: Sequence[Desk], stage: Stage, vocabulary: Vocabulary
) -> tuple[DeskGroup, ...]:
    first = rows((desk for desk in found if desk.is_first), vocabulary)
    specialists = rows((desk for desk in found if not desk.is_first), vocabulary)
    lead, expert = wording.LEADS[stage], wording.LEADS[Stage.EXPERT]
    if stage is not Stage.EXPERT:
        groups = [(NOW, lead, first), ("そのあとの専門の窓口", expert, specialists)]
    elif specialists:
        groups = [(NOW, lead, specialists), (UNDECIDED, wording.LEADS[Stage.FIRST], first)]
    else:
        groups = [(NOW, wording.NO_EXPERT, first)]
    return tuple(
        DeskGroup(title, text, told[:SHORT], told[SHORT:]) for title, text, told in groups if told
    )
