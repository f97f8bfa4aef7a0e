"""The made-up views of a demo: counted as real ones are, believable, marked, and once."""

import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict

from portal.clock import JAPAN, in_japan
from portal.extensions import Resources
from portal.installation import load_demo
from portal.listings.models import Listing
from portal.listings.vocabulary import Vocabulary
from portal.pageviews import lines, totals
from portal.pageviews.folders import Folders
from portal.pageviews.kinds import ClickKind, ViewClass
from portal.pageviews.lines import AgentLine, ClickLine, PageLine
from portal.pageviews.models import DailyClick, DailyPageView, DailySearch, SearchCondition
from portal.sample_data import days, view_loader
from portal.sample_data.days import make_lines
from portal.sample_data.visits import SampleLine, SampleListing, SampleSearch
from portal.search.params import parse
from tests.conftest import NOW
from tests.factories import make_listing

FIRST_DAY, YESTERDAY = date(2026, 4, 1), in_japan(NOW).date() - timedelta(days=1)
FEW = 2

EVER = date(2020, 1, 1)
LISTING = SampleListing(7, 9, EVER, 1.0, (ClickKind.SITE,))
NEW_LISTING = SampleListing(8, 11, date(2026, 6, 15), 9.0, ())
SEARCHES = (
    SampleSearch("q=りんご", 1.0, frozenset(range(1, 13)), 2, (NEW_LISTING, LISTING)),
    SampleSearch("q=除雪機", 1.0, frozenset({10, 11}), 0, ()),
)


def archived_lines(held: Resources) -> list[lines.Line]:
    """All raw lines, which lie in the archive once they are counted."""
    folders = Folders(held.settings.data_dir)
    (packed,) = folders.archive.rglob("*.gz")
    assert list(folders.files()) == []
    return [
        lines.from_text(text) for text in gzip.decompress(packed.read_bytes()).decode().splitlines()
    ]


def counted(held: Resources) -> totals.Totals:
    with held.sessions() as session:
        return totals.read(session, [(date(2000, 1, 1), date(2100, 1, 1))])


def test_demo_counts_made_up_requests_of_all_classes_until_yesterday(demo: Resources) -> None:
    raw = archived_lines(demo)
    pages = [line for line in raw if isinstance(line, PageLine)]
    clicks = [line for line in raw if isinstance(line, ClickLine)]
    assert all(line.is_sample for line in (*pages, *clicks))
    agents = {line.number: line.text for line in raw if isinstance(line, AgentLine)}
    browsers = {agent for of_device in days.BROWSERS.values() for agent in of_device}
    with demo.sessions() as session:
        of_class = select(DailyPageView.view_class, func.sum(DailyPageView.views))
        views = dict(session.execute(of_class.group_by(DailyPageView.view_class)).all())
        assert session.scalar(select(func.sum(DailyClick.clicks))) == len(clicks)
        assert {row.is_sample for row in session.scalars(select(DailyPageView))} == {True}
        ends = select(func.min(DailyPageView.viewed_on), func.max(DailyPageView.viewed_on))
        assert session.execute(ends).one() == (FIRST_DAY, YESTERDAY)
        published = {
            (listing.id, listing.public_version_id): listing.published_at
            for listing in session.scalars(select(Listing))
        }
    human = [
        line for line in pages if line.request_class == "page" and agents[line.agent] in browsers
    ]
    assert sum(views.values()) == len(pages)
    assert views[ViewClass.HUMAN] == len(human)
    assert 7_000 < len(human) < 9_000
    assert 200 < len(clicks) < 1_500
    assert set(views) == set(ViewClass)
    assert min(views.values()) > 100
    # Nobody looked at a version that there is not, or before it was to be seen.
    for line in pages:
        if line.listing_id:
            assert in_japan(published[line.listing_id, line.version_id]).date() <= line.at.date()


def test_searches_of_the_demo_find_what_it_says_and_some_wants_are_told(demo: Resources) -> None:
    with demo.sessions() as session:
        vocabulary = demo.vocabularies.current(session)
        synonyms = demo.synonyms.current(session).table
        sums = (
            *(SearchCondition.conditions, func.sum(DailySearch.searches), func.count()),
            *(func.sum(DailySearch.without_hits), func.sum(DailySearch.with_few_hits)),
        )
        rows = session.execute(
            select(*sums)
            .join_from(SearchCondition, DailySearch)
            .group_by(SearchCondition.conditions)
        ).all()
    wanted: Counter[str] = Counter()
    too_seldom = 0
    for conditions, searches, on_days, without_hits, with_few_hits in rows:
        args = MultiDict(pair.split("=") for pair in conditions.split("&"))
        params = parse(args, vocabulary=vocabulary, agency_codes=())
        assert params.problems == ()
        query = params.to_query(today=in_japan(NOW).date(), synonyms=synonyms)
        found = demo.index.search(query).total
        assert without_hits == (searches if found == 0 else 0), conditions
        assert with_few_hits == (searches if 0 < found <= FEW else 0), conditions
        is_told = searches >= 5 and on_days >= 3
        too_seldom += not is_told
        if found <= FEW and is_told:
            wanted.update(params.choices.get("region", ()))
    assert len(wanted) >= 5
    # The demo's own staff have something to look at, too.
    assert wanted["02201"] >= 3
    assert too_seldom >= 2


def test_demo_is_counted_once(demo: Resources) -> None:
    before = counted(demo)
    assert load_demo(demo) == 0
    assert counted(demo) == before


def test_days_are_the_same_whenever_they_are_made() -> None:
    listings = (LISTING, NEW_LISTING)
    june = list(make_lines(listings, SEARCHES, FIRST_DAY, date(2026, 6, 30)))
    later = list(make_lines(listings, SEARCHES, FIRST_DAY, date(2026, 7, 1)))
    assert later[: len(june)] == june
    assert june == sorted(june, key=lambda made: made[1].at)
    assert {line.listing_id for _, line in june if line.at.month < 6} == {0, LISTING.id}
    assert NEW_LISTING.id in {line.listing_id for _, line in june}
    searched = {line.searched for _, line in june if isinstance(line, PageLine)}
    assert searched == {None, "q=りんご"}
    assert list(make_lines(listings, SEARCHES, FIRST_DAY, FIRST_DAY - timedelta(days=1))) == []
    # People come where nothing was published yet, too.
    in_april = replace(SEARCHES[1], months=frozenset({4}))
    assert {line.listing_id for _, line in make_lines((), (in_april,), FIRST_DAY, FIRST_DAY)} <= {0}


class CrashError(Exception):
    """The process dies here."""


def test_interrupted_samples_are_not_there_and_come_with_the_next_demo(
    database: sessionmaker[Session],
    tmp_path: Path,
    vocabulary: Vocabulary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with database() as session:
        make_listing(session, now=NOW - timedelta(days=400))
    folders = Folders(tmp_path)

    def load(on: datetime) -> int:
        return view_loader.load(
            database, folders, lambda params: (params.q, 0, ()), vocabulary=vocabulary, now=on
        )

    def crash(*given: object) -> Iterator[SampleLine]:
        yield from list(make_lines(*given))[:50]  # type: ignore[arg-type]
        raise CrashError

    third = datetime(2026, 4, 3, 0, 0, 1, tzinfo=JAPAN)
    with monkeypatch.context() as patch:
        patch.setattr(view_loader, "make_lines", crash)
        with pytest.raises(CrashError):
            load(third)
    # The fiscal year has no yesterday on its first day.
    assert load(datetime(2026, 4, 1, 23, 59, 59, tzinfo=JAPAN)) == 0
    assert load(third) > 50
    with database() as session:
        viewed_on = set(session.scalars(select(DailyPageView.viewed_on)))
    assert viewed_on == {date(2026, 4, 1), date(2026, 4, 2)}
    assert load(third + timedelta(days=1)) == 0
    assert list(folders.files()) == []
