"""Which listings are viewed most, as the public reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.fiscal_year import FiscalYear
from portal.formats import grouped, near_day, near_moment
from portal.listings import outline_queries, title_queries
from portal.listings.date_state import status_on
from portal.listings.models import public_id_of
from portal.listings.outlines import Outline
from portal.listings.presenters import Badge, badge
from portal.listings.vocabulary import Vocabulary
from portal.reports import ranking_queries
from portal.reports.activity_queries import ends_at
from portal.reports.ranking import SHOWN, Counted, Lately, Rankings, Years, ranked

_LONGEST_TOLD = 20
_GONE = "掲載を終了した支援"


@dataclass(frozen=True, slots=True)
class Row:
    """A listing in a ranking. Of one that is not public any more it says what the answer in its
    place says; a title that was taken over has neither rank nor views, and no ``public_id`` unless
    it is that of a listing of ours."""

    rank: int | None
    title: str
    public_id: str | None = None
    is_gone: bool = False
    agency_code: str | None = None
    agency_name: str | None = None
    status: Badge | None = None
    views: int | None = None

    @property
    def is_first(self) -> bool:
        """Whether it is one of the first three."""
        return self.rank is not None and self.rank <= 3


@dataclass(frozen=True, slots=True)
class YearLink:
    """A year that can be chosen."""

    year: int
    label: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class RankingPage:
    """Everything the page of a fiscal year prints. ``problem`` stands where there is no such
    year."""

    heading: str
    years: tuple[YearLink, ...]
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    counted_until: str | None = None
    is_taken_over: bool = False
    is_sample: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class MostViewed:
    """What the home page prints of it."""

    span: str
    rows: tuple[Row, ...]
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """What rows are made with."""

    session: Session
    vocabulary: Vocabulary
    today: date

    def rows(self, counted: Counted, *, most: int, with_gone: bool) -> tuple[Row, ...]:
        """The first listings that the public may know of. An id that never was public is none."""
        ids = [one.listing_id for one in counted.viewed]
        if not with_gone:
            # A few more than are wanted: some of them may be gone.
            ids = ids[: 2 * most]
        outlines = self._outlines(ids)
        gone = ranking_queries.agencies_of_gone(self.session, ids) if with_gone else {}
        told = [one for one in counted.viewed if one.listing_id in outlines.keys() | gone.keys()]
        return tuple(
            self._published(rank, outlines[one.listing_id], one.views)
            if one.listing_id in outlines
            else _gone(rank, one.listing_id, gone[one.listing_id], one.views)
            for rank, one in ranked(told)[:most]
        )

    def taken_over(self, titles: Sequence[str]) -> tuple[Row, ...]:
        """What a predecessor published, in its order, each with the listing of ours that is called
        the same."""
        ids = title_queries.published_by_title(self.session, titles)
        outlines = self._outlines(list(ids.values()))
        return tuple(
            self._published(None, outlines[ids[title]], None)
            if ids.get(title) in outlines
            else Row(None, title)
            for title in titles
        )

    def _outlines(self, listing_ids: Sequence[int]) -> Mapping[int, Outline]:
        public_ids = [public_id_of(listing_id) for listing_id in listing_ids]
        found = outline_queries.published_by_public_ids(self.session, public_ids)
        return {outline.listing_id: outline for outline in found}

    def _published(self, rank: int | None, listing: Outline, views: int | None) -> Row:
        return Row(
            rank,
            listing.title,
            listing.public_id,
            agency_code=listing.agency_code,
            agency_name=listing.agency_name,
            status=badge(status_on(listing, self.today), self.vocabulary),
            views=views,
        )


def _gone(rank: int, listing_id: int, agency: tuple[str, str], views: int) -> Row:
    code, name = agency
    public_id = public_id_of(listing_id)
    return Row(
        rank, _GONE, public_id, is_gone=True, agency_code=code, agency_name=name, views=views
    )


def ranking_page(reader: Reader, rankings: Rankings, asked: str, *, now: datetime) -> RankingPage:
    """The page of the year that an address asks for, of this one if it asks for none."""
    current = FiscalYear.containing(reader.today)
    years = rankings.years(reader.session, now=now)
    offered = sorted({*years.known, current}, reverse=True)
    by_number = {str(year.year): year for year in offered}
    year = by_number.get(asked) if asked else current
    links = tuple(YearLink(one.year, one.label, one == year) for one in offered)
    if year is None:
        return RankingPage("アクセス上位", links, problem=_problem(asked, current))
    counted = rankings.of_year(reader.session, year, now=now)
    rows = reader.rows(counted, most=SHOWN, with_gone=True)
    titles = ranking_queries.taken_over_titles(reader.session, year) if not rows else []
    is_sample = any(one.is_sample for one in counted.viewed)
    return RankingPage(
        f"{year.label}のアクセス上位" + ("（見本）" if is_sample else ""),
        links,
        rows or reader.taken_over(titles),
        _notes(reader.session, year, years, has_rows=bool(rows)),
        _until(counted.counted_until, year, reader.today) if rows else None,
        is_taken_over=bool(titles),
        is_sample=is_sample,
    )


def most_viewed(reader: Reader, lately: Lately, *, most: int) -> MostViewed | None:
    """The few that the home page names; None where nothing is counted."""
    rows = reader.rows(lately.counted, most=most, with_gone=False)
    if not rows:
        return None
    span = lately.year.label if lately.year else "この90日間"
    return MostViewed(span, rows, any(one.is_sample for one in lately.counted.viewed))


def _problem(asked: str, current: FiscalYear) -> str:
    ways = "下の年度から選んでください。"
    if asked.isascii() and asked.isdigit() and len(asked) == 4 and "2000" <= asked <= "2100":
        year = FiscalYear(int(asked))
        if year > current:
            return f"{year.label}は、まだ始まっていません。{ways}"
        return f"{year.label}の記録はありません。{ways}"
    told = asked if len(asked) <= _LONGEST_TOLD else asked[:_LONGEST_TOLD] + "…"
    return f"「{told}」という年度はありません。{ways}"


def _notes(session: Session, year: FiscalYear, years: Years, *, has_rows: bool) -> tuple[str, ...]:
    notes = []
    taken_over = ranking_queries.taken_over_views(session, year)
    if taken_over is not None and has_rows:
        notes.append(
            f"この年度には、前のサイトで数えた閲覧が{grouped(taken_over)}件あります。"
            "支援ごとの件数は公表されていないため、ここには入っていません。"
        )
    elif taken_over is not None:
        notes.append(
            f"前のサイトが公表した、この年度のページビュー数は{grouped(taken_over)}件です。"
        )
    first = years.counted_from
    if has_rows and first and year.starts_on < first <= year.ends_on:
        notes.append(f"このサイトで数え始めたのは、{near_day(first, year.ends_on)}です。")
    return tuple(notes)


def _until(counted_until: datetime | None, year: FiscalYear, today: date) -> str | None:
    """Until when the year is counted, unless that is all of it."""
    if counted_until is None:
        return None
    is_whole = counted_until >= ends_at(year)
    return None if is_whole else near_moment(counted_until, today)
