from datetime import date

from sqlalchemy.orm import Session, sessionmaker

from portal.fiscal_year import FiscalYear
from portal.listings.vocabulary import Vocabulary
from portal.reports import searched
from portal.reports.searched import SearchReader
from tests.factories import make_searches

YEAR = FiscalYear(2026)


def search(session: Session, conditions: str, *days: date, times: int, **little: int) -> None:
    """Make a search so many times on each of some days."""
    for day in days:
        make_searches(session, conditions, on=day, searches=times, **little)


def days(*numbers: int, month: int = 5, year: int = 2026) -> list[date]:
    return [date(year, month, number) for number in numbers]


def test_only_what_was_searched_five_times_on_three_days_of_the_year_is_told(
    database: sessionmaker[Session], vocabulary: Vocabulary
) -> None:
    with database() as session:
        search(session, "q=often", *days(1, 2, 3), times=2, without_hits=2)
        search(session, "q=four+times", *days(1, 2, 3, 4), times=1, without_hits=1)
        search(session, "q=two+days", *days(1, 2), times=50, without_hits=50)
        # 31 March and 1 April belong to other years.
        search(session, "q=new+year", *days(30, 31, month=3), date(2026, 4, 1), times=5)
        search(session, "q=new+year", *days(1, 2, month=4, year=2027), times=5)
        search(session, "q=found", *days(1, 2, 3), times=9, with_few_hits=1)
        search(session, "q=once", *days(1), times=9, without_hits=9)
        search(session, "q=once", *days(2, 3, 4), times=9)

        often = searched.top(session, YEAR, vocabulary)
        assert [(row.label, row.searches, row.days) for row in often] == [
            ("「once」", 36, 4),
            ("「found」", 27, 3),
            ("「often」", 6, 3),
        ]
        # One bad day, or few searches with little among many, make no unmet demand.
        little = searched.with_little(session, YEAR, vocabulary)
        assert [(row.label, row.without_hits, row.with_few_hits) for row in little] == [
            ("「often」", 6, 0)
        ]
        assert len(searched.top(session, YEAR, vocabulary, limit=1)) == 1
        assert searched.top(session, FiscalYear(2040), vocabulary) == ()


def test_search_is_told_in_words_and_made_again_by_its_address(
    database: sessionmaker[Session], vocabulary: Vocabulary
) -> None:
    with database() as session:
        reader = SearchReader(session, vocabulary)
        told = {
            "q=%E9%9B%AA&region=02202&region=pref": (
                "「雪」（地域: 青森県全域・弘前市）",
                "/search?q=%E9%9B%AA&region=pref&region=02202",
            ),
            "purpose=startup&amount_min=1000000": (
                "目的: 創業・起業、補助上限額: 100万円以上",
                "/search?purpose=startup&amount_min=1000000",
            ),
            "": ("条件なし（すべての支援情報）", "/search"),
            "q=a&region=99999&agency=gone": ("「a」（いまはない条件を除く）", "/search?q=a"),
            "region=99999": ("条件なし（すべての支援情報）（いまはない条件を除く）", "/search"),
            "q=%ff%fe&%00=&=": ("条件なし（すべての支援情報）", "/search"),
        }
        for stored, (label, address) in told.items():
            search = reader.read(stored)
            assert (search.label, search.address) == (label, address), stored
