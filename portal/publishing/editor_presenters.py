"""The editor of a listing: what it offers, and what it says of where the listing is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.clock import in_japan
from portal.formats import near_day, near_moment
from portal.listings.content import ListingContent
from portal.listings.date_state import KINDS_OF_A_DAY
from portal.listings.differences import Piece, Side, differences
from portal.listings.models import ChangeState, Listing, ListingState
from portal.listings.regions import NATION, PREFECTURE
from portal.listings.relation_kinds import RelationKind
from portal.listings.vocabulary import ALL_INDUSTRIES, ALL_INDUSTRIES_LABEL, Vocabulary
from portal.publishing import condition_fields, transitions
from portal.publishing.acts import Act
from portal.publishing.relation_rules import MOST_RELATIONS, field_of
from portal.publishing.typed_fields import LONGEST
from portal.told_form import Called

Option = tuple[str, str]
"""A code and its label."""

_STATES = {
    ListingState.DRAFT: "下書き",
    ListingState.IN_REVIEW: "確認待ち",
    ListingState.SCHEDULED: "公開予約",
    ListingState.PUBLISHED: "公開中",
    ListingState.WITHDRAWN: "掲載終了",
    ListingState.ARCHIVED: "保管",
}
_CHANGES = {
    ChangeState.DRAFT: "変更は下書き",
    ChangeState.IN_REVIEW: "変更は確認待ち",
    ChangeState.SCHEDULED: "変更は公開予約",
}
_DATE_STATE_HINTS = {
    "window": "受付開始日や締切が決まっている",
    "always": "いつでも申し込める",
    "budget": "受付中。予算がなくなったら終わる",
    "soon": "まもなく始まるが、日付は決まっていない",
    "unknown": "日程が分からない。窓口で確かめてもらう",
}
RELATION_CHOICES = {kind.value: kind.choice for kind in RelationKind}
_SAID_AFTER = {
    Act.SUBMIT: "保存して、確認を依頼しました。公開されるか差し戻されると、メールが届きます。",
    Act.PUBLISH: "公開しました。検索で見つかるようになりました。10分のあいだは取り消せます。",
    Act.SCHEDULE: "保存して、公開を予約しました。決めた日時に、自動で公開されます。",
}
NOTHING_CHANGED = "変わったところはありません。"
OVERTAKEN = (
    "この画面を開いたあとで、ほかの人がこの支援情報を保存しました。あなたの入力は、下にそのまま"
    "残っています。違うところを見くらべて、どう続けるかを選んでください。"
)
NOT_ALLOWED = "公開は、承認者が行います。「確認を依頼する」を押してください。入力は残っています。"
MOVED_ON = "支援情報の状態が変わったため、この操作はできなくなりました。入力は残っています。"


@dataclass(frozen=True, slots=True)
class AreaOptions:
    """An area and the municipalities in it."""

    code: str
    label: str
    municipalities: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class EditorChoices:
    """What may be chosen in the editor."""

    kinds: tuple[Option, ...]
    kinds_of_a_day: tuple[str, ...]
    purposes: tuple[Option, ...]
    industries: tuple[Option, ...]
    whole: tuple[Option, ...]
    areas: tuple[AreaOptions, ...]
    date_states: tuple[tuple[str, str, str], ...]
    """Code, label and what it means."""
    agencies: tuple[Option, ...]
    relations: tuple[Option, ...]
    longest: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a listing is that is being written, and what its writer may do with it."""

    public_id: str | None
    title: str
    """As it was saved last; empty for what is not there yet."""
    agency: Agency
    state: str
    is_public: bool
    was_public: bool
    comment: str | None
    publish_at: str | None
    acts: tuple[Act, ...]
    """Besides saving."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field in which what is saved and what was typed differ."""

    label: str
    changed_by: str
    saved: tuple[Piece, ...]
    typed: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Extras:
    """What a page of the editor shows besides the form.

    :ivar problem: a message about the whole of it.
    :ivar added: the group that gets one more.
    :ivar kept_at: since when the form has been kept unsaved.
    :ivar is_saved_one: what is saved is shown although something unsaved is kept.
    :ivar is_merged: it is put together from two people's.
    """

    problem: str | None = None
    others: tuple[Disagreement, ...] = ()
    added: str = ""
    shows_body: bool = False
    shows_conditions: bool = False
    kept_at: str | None = None
    is_saved_one: bool = False
    is_merged: bool = False


def choices(vocabulary: Vocabulary, agencies: Mapping[str, str], *, own_code: str) -> EditorChoices:
    """The choices of a portal.

    :param agencies: names by code; ``own_code`` is whose listing it is, which is no partner.
    """
    regions = vocabulary.regions
    return EditorChoices(
        kinds=tuple(vocabulary.kinds.items()),
        kinds_of_a_day=KINDS_OF_A_DAY,
        purposes=tuple(vocabulary.purposes.items()),
        industries=((ALL_INDUSTRIES, ALL_INDUSTRIES_LABEL), *vocabulary.short_industries.items()),
        whole=((PREFECTURE, regions[PREFECTURE]), (NATION, regions[NATION])),
        areas=tuple(_area(code, vocabulary) for code in vocabulary.tree.areas),
        date_states=tuple(
            (code, label, _DATE_STATE_HINTS[code]) for code, label in vocabulary.date_states.items()
        ),
        agencies=tuple(pair for pair in agencies.items() if pair[0] != own_code),
        relations=tuple(RELATION_CHOICES.items()),
        longest=LONGEST,
    )


def _area(code: str, vocabulary: Vocabulary) -> AreaOptions:
    inside = vocabulary.tree.areas[code].municipalities
    places = vocabulary.tree.municipalities
    return AreaOptions(
        code,
        vocabulary.regions[code],
        tuple((place.code, place.name) for place in places.values() if place.code in inside),
    )


def called(vocabulary: Vocabulary, agencies: Mapping[str, str]) -> Called:
    """What the codes in the form are called, by field."""
    return {
        "kind": vocabulary.kinds,
        "date_state": vocabulary.date_states,
        "purposes": vocabulary.purposes,
        "industries": {ALL_INDUSTRIES: ALL_INDUSTRIES_LABEL, **vocabulary.short_industries},
        "regions": vocabulary.regions,
        "region_exceptions": vocabulary.regions,
        "partners": agencies,
        **condition_fields.called(),
        **{field_of(number): RELATION_CHOICES for number in range(MOST_RELATIONS)},
    }


def standing(listing: Listing, user: User, *, today: date) -> Standing:
    """Where a listing is. It may be one that is not there yet, without an id."""
    state = _STATES[ListingState(listing.state)]
    is_returned = bool(listing.return_comment) and listing.stage is ChangeState.DRAFT
    if listing.change_state is not None:
        change = "変更は差し戻し" if is_returned else _CHANGES[ChangeState(listing.change_state)]
        state = f"{state}（{change}）"
    elif is_returned:
        state = "差し戻し"
    possible = transitions.possible_after_saving(user, listing)
    if Act.PUBLISH in possible:
        # Who may publish need not ask anybody to look.
        possible = tuple(act for act in possible if act is not Act.SUBMIT)
    return Standing(
        public_id=listing.public_id if listing.id else None,
        title=listing.versions[-1].title if listing.versions else "",
        agency=listing.agency,
        state=state,
        is_public=listing.state == ListingState.PUBLISHED,
        was_public=listing.public_version_id is not None,
        comment=listing.return_comment,
        publish_at=near_moment(listing.publish_at, today) if listing.publish_at else None,
        acts=possible,
    )


def for_another_agency(agency: Agency) -> str:
    """What whoever began to write for one agency is told who belongs to another one by now."""
    return (
        f"所属が変わったため、「{agency.name}」の支援情報として開き直しました。まだ保存していません。"
        "内容を確かめて、よければもう一度ボタンを押してください。"
    )


def said_after(act: Act, standing: Standing) -> str:
    """What is told once something was done; of a draft, what to do next."""
    if act is not Act.SAVE:
        return _SAID_AFTER[act]
    if Act.SUBMIT in standing.acts:
        button = Act.SUBMIT.label
    elif Act.PUBLISH in standing.acts:
        button = publish_label(standing)
    else:
        return "保存しました。"
    return f"保存しました。書き終えたら「{button}」を押してください。"


def publish_label(standing: Standing) -> str:
    """What the button is called that publishes at once."""
    return "変更を公開する" if standing.is_public else Act.PUBLISH.label


def disagreements(
    began: ListingContent | None,
    saved: ListingContent,
    typed: ListingContent,
    *,
    vocabulary: Vocabulary,
    agency_names: Mapping[str, str],
    listing_titles: Mapping[str, str],
    today: date,
) -> tuple[Disagreement, ...]:
    """Field by field, what is saved by now beside what was typed.

    :param began: what the writer began from, if that is known.
    :param listing_titles: by public id, of the listings that its agency may know of.
    """
    found = differences(
        saved,
        typed,
        vocabulary=vocabulary,
        agency_names=agency_names,
        listing_titles=listing_titles,
        today=today,
    )
    return tuple(
        Disagreement(
            label=difference.label,
            changed_by=_changed_by(difference.field, began, saved, typed),
            saved=_without(difference.pieces(), Side.AFTER),
            typed=_without(difference.pieces(), Side.BEFORE),
        )
        for difference in found
    )


def _without(pieces: Sequence[Piece], side: Side) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.side is not side)


def _changed_by(
    field: str, began: ListingContent | None, saved: ListingContent, typed: ListingContent
) -> str:
    if began is None:
        return ""
    before = getattr(began, field)
    if getattr(saved, field) == before:
        return "あなたが変えました"
    if getattr(typed, field) == before:
        return "ほかの人が変えました"
    return "あなたも、ほかの人も変えました"


def kept_at(saved_at: datetime, today: date) -> str:
    """When an unfinished form was kept: 10:32, with the day if that is not today."""
    local = in_japan(saved_at)
    clock = f"{local.hour}:{local.minute:02}"
    return clock if local.date() == today else f"{near_day(local.date(), today)}{clock}"
