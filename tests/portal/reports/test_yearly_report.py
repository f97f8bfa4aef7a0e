"""The yearly report: each sum made again from the rows, and what is said where none is known."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.extensions import Resources
from portal.favorites.models import Favorite
from portal.fiscal_year import FiscalYear
from portal.listings import services as listing_services
from portal.listings.models import ChangeState, Listing, ListingVersion, public_id_of
from portal.listings.vocabulary import Vocabulary
from portal.pageviews.kinds import ClickKind, Device, PageKind, ViewClass
from portal.pageviews.models import DailyClick, DailyPageView, ImportedPageView, SpoolPlace
from portal.publishing import publication
from portal.reports import services
from portal.reports.models import TakenOverTitle, YearlyCost
from portal.reports.services import Maker
from portal.reports.yearly import ValueRow, YearlyReport
from tests.accounts import make_user
from tests.conftest import NOW
from tests.factories import make_agency, make_content, make_listing, make_searches, make_views

THIS_YEAR = FiscalYear(2026)
LAST_YEAR = FiscalYear(2025)
FIRST_DAY = date(2026, 4, 1)
DAY_BEFORE = date(2026, 3, 31)


def report_of(
    session: Session, vocabulary: Vocabulary, year: FiscalYear = THIS_YEAR, now: datetime = NOW
) -> YearlyReport:
    return services.yearly_report(
        session, year, vocabulary=vocabulary, maker=Maker("青森 花子", now)
    )


def change(session: Session, listing: Listing, **content: object) -> None:
    """Publish another version."""
    listing_services.save_version(session, listing, make_content(**content), now=NOW)
    listing_services.publish(session, listing, now=NOW)
    session.commit()


def fill(session: Session) -> None:
    """A listing that is for something else from May on, a second one of another agency, pages
    without a listing, the last day of the year before, and requests of every class."""
    loan = make_listing(
        session,
        title="運転資金の融資",
        kind="loan",
        purposes=("finance",),
        industries=("E", "I"),
        regions=("02201",),
        agency=make_agency(session, "m02201", name="青森市", level="municipality"),
    )
    shop = make_listing(session, title="古い名前", purposes=("equipment", "startup"))
    make_views(session, shop, on=DAY_BEFORE, views=3)
    make_views(session, shop, on=FIRST_DAY, views=5)
    make_views(session, shop, on=FIRST_DAY, views=2, page_kind=PageKind.LISTING_MORE)
    change(session, shop, title="新しい名前", purposes=("startup",), regions=("tosei", "02202"))
    make_views(session, shop, on=date(2026, 5, 7), views=11, device=Device.DESKTOP)
    make_views(session, loan, on=date(2026, 5, 7), views=7, device=Device.TABLET)
    make_views(session, on=date(2026, 11, 20), views=13)
    make_views(session, on=DAY_BEFORE, views=17)
    for each in ViewClass:
        if each is not ViewClass.HUMAN:
            make_views(session, shop, on=FIRST_DAY, views=100 + len(each), view_class=each)
            make_views(session, on=DAY_BEFORE, views=1000, view_class=each)


def again(session: Session, of: str, year: FiscalYear = THIS_YEAR) -> dict[str, int]:
    """Page views of a year by something, counted one row after the other."""
    counts: Counter[str] = Counter()
    for row in session.scalars(select(DailyPageView)):
        in_year = FiscalYear.containing(row.viewed_on) == year
        if in_year and row.view_class == ViewClass.HUMAN:
            for value in values_of(session, row, of):
                counts[value] += row.views
    return dict(counts)


def values_of(session: Session, row: DailyPageView, of: str) -> Iterable[str]:
    if of == "device":
        return [row.device]
    if of == "page_kind":
        return [row.page_kind]
    if not row.listing_id:
        return []
    if of == "agency":
        return [session.get_one(Listing, row.listing_id).agency.code]
    version = session.get_one(ListingVersion, row.version_id)
    return {
        "kind": [version.kind],
        "purpose": [each.purpose_code for each in version.purpose_rows],
        "industry": [each.industry_code for each in version.industry_rows],
        "region": [each.region_code for each in version.region_rows],
    }[of]


def test_all_sums_agree_with_the_rows(
    database: sessionmaker[Session], vocabulary: Vocabulary
) -> None:
    with database() as session:
        fill(session)
        report = report_of(session, vocabulary)
        assert report.total_page_views == 5 + 2 + 11 + 7 + 13
        assert report.previous_total_page_views == 3 + 17
        assert report.change_percent == 90.0
        views = {(row.year, row.month): row.views for row in report.by_month}
        assert (list(views), sum(filter(None, views.values()))) == (
            [*((2026, month) for month in range(4, 13)), *((2027, month) for month in (1, 2, 3))],
            report.total_page_views,
        )
        assert [
            views[key] for key in [(2026, 4), (2026, 5), (2026, 6), (2026, 11), (2026, 12)]
        ] == [*(7, 18, 0, 13, None)]
        assert report.by_month[-1].previous == 20
        assert report.by_month[0].previous is None
        by_listing = [(row.title, row.agency, row.views, row.previous) for row in report.by_listing]
        assert by_listing == [("新しい名前", "青森県", 18, 3), ("運転資金の融資", "青森市", 7, 0)]
        assert report.views_without_listing == 13
        tables = {
            "page_kind": report.by_page_kind,
            "device": report.by_device,
            "agency": report.by_agency,
            "kind": report.by_kind,
            "purpose": report.by_purpose,
            "industry": report.by_industry,
            "region": report.by_region,
        }
        for name, rows in tables.items():
            counted, before = again(session, name), again(session, name, LAST_YEAR)
            assert {row.code: (row.views, row.previous) for row in rows} == {
                code: (counted.get(code, 0), before.get(code, 0)) for code in counted | before
            }, name
            assert [row.views for row in rows] == sorted((row.views for row in rows), reverse=True)
        assert ValueRow("startup", vocabulary.purposes["startup"], 18, 3) in report.by_purpose
        assert ValueRow("*", "全業種", 18, 3) in report.by_industry
        left = report.left_out
        assert (left.bot, left.staff, left.prefetch) == (103, 105, 108)
        assert (left.monitor, left.other) == (107, 105)
        assert not report.is_sample


def test_view_of_a_listing_that_is_not_known_stays_in_the_sums(
    session: Session, vocabulary: Vocabulary
) -> None:
    gone = DailyPageView(
        viewed_on=FIRST_DAY,
        view_class=ViewClass.HUMAN,
        page_kind=PageKind.LISTING,
        listing_id=900,
        version_id=900,
        device=Device.PHONE,
        views=4,
    )
    session.add(gone)
    session.commit()
    report = report_of(session, vocabulary)
    (row,) = report.by_listing
    assert (row.public_id, row.title, row.views) == (public_id_of(900), services.UNKNOWN_TITLE, 4)
    assert (report.total_page_views, report.by_agency, report.by_kind) == (4, (), ())


def take_over(session: Session, year: int, month: int, views: int) -> None:
    session.add(ImportedPageView(fiscal_year=year, month=month, views=views, imported_at=NOW))


def test_year_that_was_taken_over_whole_says_what_is_not_known(
    session: Session, vocabulary: Vocabulary
) -> None:
    take_over(session, 2022, 0, 31_272)
    take_over(session, 2023, 0, 20_748)
    session.add(YearlyCost(fiscal_year=2023, cost_yen=1_741_000, set_at=NOW))
    session.add(TakenOverTitle(fiscal_year=2022, position=1, title="家賃の支援"))
    make_searches(session, "q=%E5%89%B5%E6%A5%AD", on=FIRST_DAY, searches=9)
    make_views(session, on=FIRST_DAY)
    report = report_of(session, vocabulary, FiscalYear(2023))
    assert (report.total_page_views, report.previous_total_page_views) == (20_748, 31_272)
    assert (report.change_percent, report.cost_yen, report.yen_per_view) == (-33.7, 1_741_000, 83.9)
    assert report.is_taken_over
    assert report.is_previous_taken_over
    assert (report.counted_until, report.taken_over_page_views) == (None, 20_748)
    assert {(row.views, row.previous) for row in report.by_month} == {(None, None)}
    assert (report.by_listing, report.activity, report.clicks, report.by_device) == ((), (), (), ())
    assert "令和5年度の閲覧数は、前のサイトが公表した1年分の数です。" in "".join(report.notes)
    (title,) = report_of(session, vocabulary, FiscalYear(2022)).by_listing
    assert (title.public_id, title.title, title.views) == (None, "家賃の支援", None)
    nothing = report_of(session, vocabulary, FiscalYear(2021))
    assert (nothing.total_page_views, nothing.yen_per_view, nothing.change_percent) == (None,) * 3
    assert nothing.notes == (
        "令和3年度の閲覧数は分かりません。",
        "令和2年度の閲覧数は分かりません。",
    )


def test_months_of_a_predecessor_and_own_months_make_one_year(
    session: Session, vocabulary: Vocabulary
) -> None:
    take_over(session, 2026, 4, 1_000)
    take_over(session, 2026, 6, 500)
    make_views(session, on=date(2026, 8, 9), views=7)
    report = report_of(session, vocabulary)
    known = [row.views for row in report.by_month]
    assert known == [1_000, None, 500, None, 7, 0, 0, 0, None, None, None, None]
    assert report.total_page_views == 1_507 == sum(filter(None, known))
    assert (report.taken_over_page_views, report.views_without_listing) == (1_500, 7)
    assert report.previous_total_page_views is None
    told = "".join(report.notes)
    assert "1,500件は、前のサイトが数えた月の分です" in told
    assert "一部の月は" in told


@pytest.mark.parametrize("is_in_last_year", [False, True])
def test_made_up_views_of_either_year_mark_the_report(
    session: Session, vocabulary: Vocabulary, is_in_last_year: bool
) -> None:
    make_views(session, on=DAY_BEFORE if is_in_last_year else FIRST_DAY, is_sample=True)
    assert report_of(session, vocabulary).is_sample


def test_until_when_is_counted_follows_the_slowest_host_and_ends_with_the_year(
    session: Session, vocabulary: Vocabulary
) -> None:
    make_views(session, on=FIRST_DAY)
    make_views(session, on=DAY_BEFORE)
    assert report_of(session, vocabulary).counted_until == datetime(2026, 3, 31, 15, tzinfo=UTC)
    slow = NOW - timedelta(hours=3)
    session.add_all(
        [SpoolPlace(place="a", counted_until=NOW), SpoolPlace(place="b", counted_until=slow)]
    )
    session.commit()
    assert report_of(session, vocabulary).counted_until == slow
    year_end = datetime(2026, 3, 31, 15, tzinfo=UTC)
    assert report_of(session, vocabulary, LAST_YEAR).counted_until == year_end


def test_figures_tell_what_was_done_in_the_year(
    resources: Resources, session: Session, vocabulary: Vocabulary
) -> None:
    make_views(session, on=date(2025, 6, 1))
    admin = session.get_one(User, make_user(resources, role=Role.ADMIN))
    before = datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)
    old = make_listing(session, title="前の年度", now=before, confirmed_on=date(2026, 3, 1))
    new = make_listing(
        session, title="この年度", now=before + timedelta(seconds=1), confirmed_on=date(2026, 9, 1)
    )
    listing_services.save_version(
        session, old, make_content(title="新しい題名", tel="017-000-0000"), now=NOW
    )
    old.change_state = ChangeState.DRAFT
    session.flush()
    publication.publish(session, old, by=admin, seen=2, now=NOW)
    session.add_all(
        [
            DailyClick(clicked_on=FIRST_DAY, listing_id=new.id, click_kind="apply", clicks=4),
            DailyClick(clicked_on=DAY_BEFORE, listing_id=new.id, click_kind="apply", clicks=2),
        ]
    )
    kept = Favorite(
        user_id=admin.id, listing_id=new.id, known_version_id=new.public_version_id, saved_at=NOW
    )
    session.add(kept)
    session.commit()
    report = report_of(session, vocabulary)
    told = {figure.code: (figure.value, figure.previous) for figure in report.activity}
    assert told["posted"] == (1, 1)
    assert told["updated"] == (1, 0)
    assert told["confirmed"] == (2, None)
    assert told["favorites"] == (1, None)
    assert told["saved_searches"] == (0, None)
    clicks = {figure.code: (figure.value, figure.previous) for figure in report.clicks}
    assert clicks == {ClickKind.APPLY: (4, 2), ClickKind.CONTACT: (0, 0), ClickKind.SITE: (0, 0)}
