"""What somebody typed into the editor, read as what a listing says. A draft may be incomplete, so
nothing has to be there but the title; what is there has to make sense."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from portal.errors import InvalidInputError
from portal.listings import body_markup
from portal.listings.content import EventContent, ListingContent, RoundContent
from portal.listings.models import DateState
from portal.listings.regions import NATION, PREFECTURE, RegionTree
from portal.listings.vocabulary import ALL_INDUSTRIES, Vocabulary
from portal.publishing import completeness, typed_conditions, typed_relations, typed_values
from portal.publishing.relation_rules import MOST_RELATIONS
from portal.publishing.typed_fields import LONGEST_LINE, FieldReader, Typed
from portal.publishing.typed_relations import Meaning

MOST_ROUNDS = 10
MOST_EVENTS = 20
"""Further rounds, and days, that the editor has room for; what is imported may have more."""

_LONGEST_LABEL = 60

_AMOUNT_FORM = "上限額は「50万円」「500000」のように、1つの金額で入れてください。"
_TIME_FORM = "時刻は「13:30」のように入れてください。"
_COUNT_FORM = "定員は「30」のように数で入れてください。"
_WINDOW_NEEDS_DAY = (
    "受付開始日か締切を入れてください。決まっていなければ、受付の状態を「近日受付開始」か"
    "「日程未確認」にしてください。"
)
_DAY_NEEDS_WINDOW = (
    "日付は、受付の状態が「受付期間あり」のときに使います。日付を消すか、受付の状態を選び直して"
    "ください。"
)


@dataclass(frozen=True, slots=True)
class Choices:
    """The codes that may be chosen, by field, and which region lies in which; which listings are
    meant by what is typed."""

    codes: Mapping[str, Collection[str]]
    tree: RegionTree
    meanings: Mapping[str, Meaning] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        vocabulary: Vocabulary,
        agency_codes: Collection[str],
        meanings: Mapping[str, Meaning] | None = None,
    ) -> "Choices":
        """The choices of a portal.

        :param meanings: which listings are meant by what is typed, by field.
        """
        whole = (NATION, PREFECTURE)
        codes: dict[str, Collection[str]] = {
            "kind": vocabulary.kinds,
            "date_state": vocabulary.date_states,
            "industries": {*vocabulary.industries, ALL_INDUSTRIES},
            "purposes": vocabulary.purposes,
            "regions": vocabulary.regions,
            "region_exceptions": [code for code in vocabulary.regions if code not in whole],
            "partners": agency_codes,
        }
        return cls(codes, vocabulary.tree, meanings or {})


def read_content(
    typed: Typed,
    choices: Choices,
    *,
    base: ListingContent | None = None,
    is_for_public: bool = False,
) -> ListingContent:
    """What was typed; what the editor does not ask for is as in ``base``.

    :param is_for_public: nothing may be missing that the public needs.
    :raises InvalidInputError: with all that has to be mended, field by field.
    """
    reader = FieldReader(typed, choices.codes)
    content = _content(reader, choices)
    if is_for_public:
        for problem in completeness.missing_in(content):
            if not reader.is_wrong(problem.field):
                reader.wrong(problem.field, problem.message)
    if reader.problems:
        raise InvalidInputError(reader.problems)
    if base is None:
        return content
    return replace(
        content,
        level=base.level,
        rounds=content.rounds + base.rounds[MOST_ROUNDS:],
        events=content.events + base.events[MOST_EVENTS:],
        relations=content.relations + base.relations[MOST_RELATIONS:],
        fiscal_years=base.fiscal_years,
        past_results=base.past_results,
        past_budgets=base.past_budgets,
        source=base.source,
    )


def _content(reader: FieldReader, choices: Choices) -> ListingContent:
    """All fields in the order of the editor, in which what is wrong is told."""
    title = reader.line("title")
    if not title:
        reader.wrong("title", "制度の名前を入れてください。下書きも、名前で見分けます。")
    summary, kind = reader.lines("summary"), reader.code("kind")
    purposes, industries = reader.codes("purposes"), reader.codes("industries")
    regions = reader.codes("regions")
    exceptions = _exceptions(reader, regions, choices.tree)
    eligibility = reader.lines("eligibility")
    conditions = typed_conditions.read_conditions(reader)
    state = reader.code("date_state")
    opens_on, closes_on = reader.window("opens_on", "closes_on")
    rounds = tuple(_rounds(reader))
    return ListingContent(
        title=title or "",
        summary=summary or "",
        kind=kind,
        purposes=purposes,
        industries=(ALL_INDUSTRIES,) if ALL_INDUSTRIES in industries else industries,
        regions=regions,
        region_exceptions=exceptions,
        eligibility=eligibility,
        conditions=conditions,
        date_state=_state(
            reader, state, has_day=bool(opens_on or closes_on), has_more=bool(rounds)
        ),
        opens_on=opens_on,
        closes_on=closes_on,
        rounds=rounds,
        date_note=reader.lines("date_note"),
        events=tuple(_events(reader)),
        rate=reader.line("rate"),
        amount_max_yen=reader.value("amount_max_yen", typed_values.read_yen, _AMOUNT_FORM),
        body=_body(reader),
        how_to_apply=reader.lines("how_to_apply"),
        apply_url=reader.address("apply_url"),
        documents=reader.items("documents", typed_values.read_lines),
        department=reader.line("department"),
        tel=reader.tel("tel"),
        email=reader.email("email"),
        fax=reader.half_width("fax"),
        url=reader.address("url"),
        keywords=reader.items("keywords", typed_values.read_words),
        partners=reader.codes("partners"),
        relations=typed_relations.read_relations(reader, choices.meanings),
    )


def _body(reader: FieldReader) -> str:
    body = reader.lines("body") or ""
    if not reader.is_wrong("body"):
        for problem in body_markup.find_harmful(body):
            reader.wrong("body", problem)
    return body


def _exceptions(reader: FieldReader, regions: tuple[str, ...], tree: RegionTree) -> tuple[str, ...]:
    found = reader.codes("region_exceptions")
    covered, excepted = tree.expand(regions), tree.expand(found)
    if not excepted <= covered:
        message = "除く地域は、「使える地域」で選んだ地域の中から選んでください。"
        reader.wrong("region_exceptions", message)
    elif found and covered == excepted:
        message = "使える地域が残りません。除く地域を減らしてください。"
        reader.wrong("region_exceptions", message)
    return found


def _state(reader: FieldReader, state: str | None, *, has_day: bool, has_more: bool) -> str | None:
    """What is chosen; who gives days and chooses nothing means that there is a window."""
    if state is None and (has_day or has_more) and not reader.is_wrong("date_state"):
        state = DateState.WINDOW.value
    if state == DateState.WINDOW:
        if not has_day and not reader.is_wrong("opens_on", "closes_on"):
            reader.wrong("opens_on", _WINDOW_NEEDS_DAY)
    elif has_day or has_more:
        reader.wrong("date_state", _DAY_NEEDS_WINDOW)
    return state


def _rounds(reader: FieldReader) -> Iterator[RoundContent]:
    for number in range(MOST_ROUNDS):
        first, last = f"rounds-{number}-opens_on", f"rounds-{number}-closes_on"
        label = reader.line(f"rounds-{number}-label", _LONGEST_LABEL)
        opens_on, closes_on = reader.window(first, last)
        if opens_on or closes_on:
            yield RoundContent(opens_on, closes_on, label)
        elif label and not reader.is_wrong(first, last):
            reader.wrong(first, "この回の受付開始日か締切を入れてください。")


def _events(reader: FieldReader) -> Iterator[EventContent]:
    for number in range(MOST_EVENTS):
        event = _event(reader, f"events-{number}")
        if event is not None:
            yield event


def _event(reader: FieldReader, prefix: str) -> EventContent | None:
    held_on = reader.day(f"{prefix}-held_on")
    starts_at = reader.value(f"{prefix}-starts_at", typed_values.read_time, _TIME_FORM)
    ends_at = reader.value(f"{prefix}-ends_at", typed_values.read_time, _TIME_FORM)
    venue = reader.line(f"{prefix}-venue", LONGEST_LINE)
    address = reader.line(f"{prefix}-address", LONGEST_LINE)
    capacity = reader.value(f"{prefix}-capacity", typed_values.read_count, _COUNT_FORM)
    if starts_at and ends_at and ends_at < starts_at:
        reader.wrong(f"{prefix}-ends_at", "終わりの時刻は、始まりよりあとにしてください。")
    if held_on is not None:
        return EventContent(held_on, starts_at, ends_at, venue, address, capacity)
    is_begun = any((starts_at, ends_at, venue, address, capacity))
    if is_begun and not reader.is_wrong(f"{prefix}-held_on"):
        reader.wrong(f"{prefix}-held_on", "この回の開催日を入れてください。")
    return None
