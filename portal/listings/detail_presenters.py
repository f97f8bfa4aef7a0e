"""The page of one listing: the answers an owner looks for, in the order they are asked."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from portal.agencies.models import Agency
from portal.clock import in_japan
from portal.formats import clock_time, era_day, full_day, near_day
from portal.links import tel_address, web_address
from portal.listings import body_markup, past_figures, wording
from portal.listings.date_state import Window, status_on, windows
from portal.listings.models import Listing, ListingVersion, public_version
from portal.listings.past_figures import PastFigures
from portal.listings.presenters import Badge, Fact, badge, money
from portal.listings.schedule_models import ListingEvent
from portal.listings.vocabulary import Vocabulary


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
class ListingPage:
    """Everything the page of a listing prints."""

    id: str
    title: str
    summary: str
    kind: str
    level: str
    agency: Agency
    partners: tuple[Agency, ...]
    status: Badge
    deadline: str
    deadline_in_era: str | None
    is_urgent: bool
    is_closed: bool
    last_offered: str | None
    eligibility: str | None
    money: tuple[Fact, ...]
    rounds: tuple[Round, ...]
    date_note: str | None
    events: tuple[Happening, ...]
    how_to_apply: str | None
    apply_url: str | None
    documents: tuple[str, ...]
    contact: Contact
    body: Markup
    regions: str
    region_terms: tuple[Term, ...]
    excepted: tuple[str, ...]
    industries: tuple[str, ...]
    purposes: tuple[Term, ...]
    keywords: tuple[str, ...]
    past: PastFigures | None
    sources: tuple[str, ...]
    confirmed: str | None
    published_on: str
    updated_on: str


def page(listing: Listing, *, today: date, vocabulary: Vocabulary) -> ListingPage:
    """The page of a published listing."""
    version = public_version(listing)
    status = status_on(version, today)
    return ListingPage(
        id=listing.public_id,
        title=version.title,
        summary=version.summary,
        kind=vocabulary.kinds[version.kind],
        level=vocabulary.levels[version.level],
        agency=listing.agency,
        partners=tuple(row.agency for row in version.partner_rows),
        status=badge(version, today, vocabulary),
        deadline=wording.deadline(version, status, today),
        deadline_in_era=era_day(status.closes_on) if status.closes_on else None,
        is_urgent=wording.is_urgent(version, today),
        is_closed=status.code == "closed",
        last_offered=wording.last_offered(version, today),
        eligibility=version.eligibility,
        money=money(version),
        rounds=tuple(_round(window, today) for window in windows(version)),
        date_note=version.date_note,
        events=tuple(_happening(event, today) for event in version.events),
        how_to_apply=version.how_to_apply,
        # A way to apply that leads nowhere any more is worse than none.
        apply_url=None if status.code == "closed" else web_address(version.apply_url),
        documents=tuple(version.documents),
        contact=contact(version),
        body=body_markup.render(version.body),
        regions=wording.regions(version, vocabulary),
        region_terms=_region_terms(version, vocabulary),
        excepted=wording.excepted_names(version, vocabulary),
        industries=wording.industries(version, vocabulary),
        purposes=tuple(
            Term("purpose", row.purpose_code, vocabulary.purposes[row.purpose_code])
            for row in version.purpose_rows
        ),
        keywords=tuple(version.keywords),
        past=past_figures.table(version),
        sources=tuple(dict.fromkeys(source["document"] for source in version.source)),
        confirmed=wording.confirmed(listing, version, today),
        published_on=full_day(in_japan(listing.published_at or listing.updated_at).date()),
        updated_on=full_day(in_japan(listing.updated_at).date()),
    )


def contact(version: ListingVersion) -> Contact:
    """How to reach who knows more."""
    return Contact(
        department=version.department,
        tel=version.tel,
        tel_address=tel_address(version.tel),
        fax=version.fax,
        email=version.email,
        url=web_address(version.url),
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
