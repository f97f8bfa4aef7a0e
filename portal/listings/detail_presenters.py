"""The page of one listing: the answers an owner looks for, in the order they are asked."""

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from portal.agencies.models import Agency
from portal.clock import in_japan
from portal.formats import clock_time, era_day, full_day, near_day
from portal.links import tel_address, web_address
from portal.listings import body_markup, past_figures, wording
from portal.listings.date_state import Status, Window, status_on, windows
from portal.listings.models import Listing, ListingVersion, public_version
from portal.listings.past_figures import PastFigures
from portal.listings.presenters import Badge, Fact, badge, money
from portal.listings.schedule_models import ListingEvent
from portal.listings.vocabulary import Vocabulary

UNDECIDED = "（支援の種類はまだ選んでいません）"


@dataclass(frozen=True, slots=True)
class Term:
    """A code of a facet with its label, to search on with."""

    facet: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Round:
    """A round of applications; ``state`` says whether it is over, running or to come."""

    label: str
    days: str
    state: str


@dataclass(frozen=True, slots=True)
class Happening:
    """A day of a seminar or fair."""

    day: str
    time: str
    place: str
    capacity: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask, by every way that is known."""

    department: str | None
    tel: str | None
    tel_address: str | None
    fax: str | None
    email: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Until when, in every detail that is known."""

    deadline_in_era: str | None
    rounds: tuple[Round, ...]
    note: str | None
    events: tuple[Happening, ...]
    has_days: bool
    """Whether there is a day to put into a calendar."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What kind of support for whom and where, with the codes to search on with."""

    kind: str
    level: str
    partners: tuple[Agency, ...]
    regions: str
    region_terms: tuple[Term, ...]
    excepted: tuple[str, ...]
    industries: tuple[str, ...]
    purposes: tuple[Term, ...]
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is said where nothing is known, so that nobody meets a blank."""

    answer: str
    """In place of one of the answers."""
    note: str | None
    """Once below the answers, where several are missing and each says it in a word."""
    is_how: bool
    """Whether the way to apply is among them."""
    tel: str


@dataclass(frozen=True, slots=True)
class ListingPage:
    """Everything the page of a listing prints."""

    id: str
    title: str
    summary: str
    is_sample: bool
    agency: Agency
    status: Badge
    deadline: str
    is_urgent: bool
    is_closed: bool
    last_offered: str | None
    eligibility: str | None
    money: tuple[Fact, ...]
    schedule: Schedule
    how_to_apply: str | None
    apply_url: str | None
    documents: tuple[str, ...]
    unknown: Unknown
    contact: Contact
    body: Markup
    classification: Classification
    past: PastFigures | None
    sources: tuple[str, ...]
    confirmed: str | None
    published_on: str | None
    """None, as of the next, of what the public has not seen yet."""
    updated_on: str | None


def page(
    listing: Listing,
    *,
    today: date,
    vocabulary: Vocabulary,
    version: ListingVersion | None = None,
) -> ListingPage:
    """The page of a published listing.

    :param version: what the page would say if this were public; without it, what is.
    """
    version = version or public_version(listing)
    status = status_on(version, today)
    is_vouched = wording.is_vouched_this_year(
        listing.confirmed_on, is_by_agency=listing.is_confirmed_by_agency, today=today
    )
    return ListingPage(
        id=listing.public_id,
        title=version.title,
        summary=version.summary,
        is_sample=wording.is_sample(version),
        agency=listing.agency,
        status=badge(status, vocabulary),
        deadline=wording.deadline(version, status, today),
        is_urgent=wording.is_urgent(status),
        is_closed=status.code == "closed",
        last_offered=None if is_vouched else wording.last_offered(version, today),
        eligibility=version.eligibility,
        money=money(version),
        schedule=_schedule(version, status, today),
        how_to_apply=version.how_to_apply,
        apply_url=_apply_url(version, status),
        documents=tuple(version.documents),
        unknown=_unknown(listing, version, status),
        contact=contact(version),
        body=body_markup.render(version.body),
        classification=_classification(version, vocabulary),
        past=past_figures.table(version),
        sources=tuple(dict.fromkeys(source["document"] for source in version.source)),
        confirmed=wording.confirmed(
            version,
            listing.confirmed_on,
            is_by_agency=listing.is_confirmed_by_agency,
            agency_name=listing.agency.name,
            today=today,
        ),
        published_on=_full_day(listing.published_at),
        updated_on=_full_day(listing.updated_at if listing.published_at else None),
    )


def _full_day(moment: datetime | None) -> str | None:
    return full_day(in_japan(moment).date()) if moment else None


def contact(version: ListingVersion) -> Contact:
    """How to reach who knows more; nobody answers the telephone of a sample."""
    return Contact(
        department=version.department,
        tel=version.tel,
        tel_address=None if wording.is_sample(version) else tel_address(version.tel),
        fax=version.fax,
        email=version.email,
        url=web_address(version.url),
    )


def _unknown(listing: Listing, version: ListingVersion, status: Status) -> Unknown:
    """One missing answer says all there is to say; of several each says 「記載なし」."""
    is_how = status.code != "closed" and not (version.how_to_apply or _apply_url(version, status))
    missing = (not version.eligibility, not money(version), is_how)
    where = "資料に記載がありません。" if version.source else "このサイトには載っていません。"
    ask = f"{where}窓口にお尋ねください。"
    is_many = sum(missing) > 1
    return Unknown(
        answer="記載なし" if is_many else ask,
        note=f"「記載なし」のことは、{ask}" if is_many else None,
        is_how=is_how,
        tel=f"電話番号は{where}{listing.agency.name}にお尋ねください。",
    )


def _apply_url(version: ListingVersion, status: Status) -> str | None:
    """Where to apply; a way that leads nowhere any more is worse than none."""
    return None if status.code == "closed" else web_address(version.apply_url)


def _schedule(version: ListingVersion, status: Status, today: date) -> Schedule:
    rounds = windows(version)
    return Schedule(
        deadline_in_era=f"締切 {era_day(status.closes_on)}" if status.closes_on else None,
        rounds=tuple(_round(window, today) for window in rounds),
        note=version.date_note,
        events=tuple(_happening(event, today) for event in version.events),
        has_days=bool(version.events) or any(window.closes_on for window in rounds),
    )


def _classification(version: ListingVersion, vocabulary: Vocabulary) -> Classification:
    return Classification(
        kind=UNDECIDED if "kind" in version.undecided else vocabulary.kinds[version.kind],
        level=vocabulary.levels[version.level],
        partners=tuple(row.agency for row in version.partner_rows),
        regions=wording.regions(version, vocabulary),
        region_terms=_region_terms(version, vocabulary),
        excepted=wording.excepted_names(version, vocabulary),
        industries=wording.industries(version, vocabulary),
        purposes=tuple(
            Term("purpose", row.purpose_code, vocabulary.purposes[row.purpose_code])
            for row in version.purpose_rows
        ),
        keywords=tuple(version.keywords),
    )


def _round(window: Window, today: date) -> Round:
    opens = near_day(window.opens_on, today) if window.opens_on else ""
    closes = near_day(window.closes_on, today) if window.closes_on else ""
    return Round(window.label or "受付期間", f"{opens}〜{closes}", _round_state(window, today))


def _round_state(window: Window, today: date) -> str:
    if window.is_over(today):
        return "終了"
    return "受付中" if window.has_begun(today) else "これから"


def _happening(event: ListingEvent, today: date) -> Happening:
    starts = clock_time(event.starts_at) if event.starts_at else ""
    ends = clock_time(event.ends_at) if event.ends_at else ""
    return Happening(
        day=near_day(event.held_on, today),
        time=f"{starts}〜{ends}" if starts or ends else "",
        place="　".join(part for part in (event.venue, event.address) if part),
        capacity=f"定員{event.capacity}人" if event.capacity else "",
        is_over=event.held_on < today,
    )


def _region_terms(version: ListingVersion, vocabulary: Vocabulary) -> tuple[Term, ...]:
    chosen = {row.region_code for row in version.region_rows}
    labels = vocabulary.search_values("region")
    return tuple(Term("region", code, label) for code, label in labels.items() if code in chosen)
