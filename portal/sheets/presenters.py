"""The consultation sheet as it is read, the same on paper and on screen."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.formats import era_day, full_day
from portal.listings import sharing, wording
from portal.listings.date_state import Status, status_on
from portal.listings.models import Listing, ListingState, ListingVersion, public_version
from portal.listings.presenters import money
from portal.listings.vocabulary import Vocabulary
from portal.sheets import fitting, room
from portal.sheets.chosen import Chosen
from portal.sheets.room import Room
from portal.typesetting import texts

TITLE = "相談シート"

QUESTIONS = (
    "自分も対象になるか",
    "いつまでに何をするか",
    "必要な書類",
    "一緒に使えるほかの支援",
)

OVER = "掲載終了"


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what it is."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing on the sheet, every text short enough for its place."""

    number: int
    id: str
    title: str
    is_over: bool
    """Whether it is no longer public: of such a one, only whom to ask is told."""
    facts: tuple[Fact, ...]
    tel: str
    """Empty if none is known."""
    papers: tuple[str, ...]
    papers_note: str
    """In place of papers, or below them; empty if there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a sheet prints."""

    title: str
    portal_name: str
    printed_on: str
    url: str
    """Leads back to the same listings."""
    shown_url: str
    qr: str
    """The same address as a drawing (SVG)."""
    questions: tuple[str, ...]
    size: float
    """Of the type, in points."""
    notice: str
    """What had to be left out; empty if nothing was."""
    entries: tuple[Entry, ...]

    @property
    def qr_image(self) -> str:
        """The drawing as the address of an image."""
        return "data:image/svg+xml;base64," + b64encode(self.qr.encode()).decode()


def left_out_notice(left_out: int) -> str:
    """How many listings were asked for that nobody can see; empty if none was."""
    return f"見つからない支援{left_out}件は除きました。" if left_out else ""


def sheet(chosen: Chosen, *, url: str, today: date, vocabulary: Vocabulary) -> Sheet:
    """The sheet of 1 to 6 listings.

    :param url: leads back to the same listings.
    """
    listings = chosen.listings
    given = room.room_for(len(listings))
    return Sheet(
        title=TITLE,
        portal_name=fitting.fit(vocabulary.portal_name, width=20, lines=1),
        printed_on=full_day(today),
        url=url,
        shown_url=fitting.fit(url, width=room.ADDRESS_WIDTH, lines=room.ADDRESS_LINES),
        qr=sharing.qr_svg(url).decode(),
        questions=QUESTIONS,
        size=given.size,
        notice=left_out_notice(chosen.left_out),
        entries=tuple(
            _entry(number, listing, given, today)
            for number, listing in enumerate(listings, start=1)
        ),
    )


def _entry(number: int, listing: Listing, given: Room, today: date) -> Entry:
    if listing.state != ListingState.PUBLISHED:
        return _over(number, listing, given)
    version = public_version(listing)
    status = status_on(version, today)
    is_vouched = wording.is_vouched_this_year(
        listing.confirmed_on, is_by_agency=listing.is_confirmed_by_agency, today=today
    )
    known_from = None if is_vouched else wording.last_offered(version, today)
    papers, note = _papers(version.documents, given)
    return Entry(
        number=number,
        id=listing.public_id,
        # Of controls alone nothing is left, and a heading must say something.
        title=fitting.fit(version.title, width=given.title_width, lines=given.title)
        or listing.public_id,
        is_over=False,
        facts=_facts(
            given,
            ("締切", _deadline(version, status, today, known_from), given.deadline),
            ("金額", _money(version), given.money),
            ("窓口", _desk(listing, version), given.desk),
        ),
        tel=fitting.fit(version.tel or "", width=given.value_width, lines=1),
        papers=papers,
        papers_note=note,
    )


def _over(number: int, listing: Listing, given: Room) -> Entry:
    """Texts are withdrawn for reasons, so none of them is printed."""
    return Entry(
        number=number,
        id=listing.public_id,
        title=f"{OVER}（{listing.public_id}）",
        is_over=True,
        facts=_facts(
            given,
            ("案内", "この支援情報は掲載を終了しました", given.deadline),
            ("窓口", listing.agency.name, given.desk),
        ),
        tel="",
        papers=(),
        papers_note="",
    )


def _facts(given: Room, *rows: tuple[str, str, int]) -> tuple[Fact, ...]:
    return tuple(
        Fact(name, fitting.fit(value, width=given.value_width, lines=lines))
        for name, value, lines in rows
    )


def _deadline(version: ListingVersion, status: Status, today: date, known_from: str | None) -> str:
    """Until when, in words that stay true while the paper lies in a drawer."""
    if status.closes_on and status.code in ("open", "closing"):
        said = f"{era_day(status.closes_on)}まで"
    else:
        said = wording.deadline(version, status, today)
    return f"{said}（{known_from}）" if known_from else said


def _money(version: ListingVersion) -> str:
    return "　".join(f"{fact.name} {fact.value}" for fact in money(version)) or "記載なし"


def _desk(listing: Listing, version: ListingVersion) -> str:
    return " ".join(part for part in (listing.agency.name, version.department) if part)


def _papers(documents: Sequence[str], given: Room) -> tuple[tuple[str, ...], str]:
    """The papers that find room, and what is said of the others."""
    if not documents:
        return (), "窓口でお確かめください"
    shown: list[str] = []
    left = given.papers
    for position, document in enumerate(documents):
        is_last = position == len(documents) - 1
        # The line that counts the others has to find room, too.
        available = left if is_last else left - 1
        if available < 1:
            break
        lines = min(given.each_paper, available)
        text = fitting.fit(document, width=given.paper_width, lines=lines)
        left -= texts.lines_of(text, given.paper_width)
        shown.append(text)
    rest = len(documents) - len(shown)
    return tuple(shown), f"ほか{rest}点（くわしくはQRから）" if rest else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A listing that may be put on the sheet."""

    id: str
    title: str
    agency_name: str


def choices(chosen: Chosen) -> tuple[Choice, ...]:
    """What to choose from, where there are more than one page has room for."""
    return tuple(
        Choice(
            listing.public_id,
            public_version(listing).title
            if listing.state == ListingState.PUBLISHED
            else f"{OVER}（{listing.public_id}）",
            listing.agency.name,
        )
        for listing in chosen.listings
    )
