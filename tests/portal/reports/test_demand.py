from datetime import date
from itertools import product

from sqlalchemy.orm import Session, sessionmaker

from portal.agencies.models import Agency
from portal.fiscal_year import FiscalYear
from portal.listings.vocabulary import Vocabulary
from portal.reports import demand_places
from portal.reports.demand import Demand, Figures, MonthFigures, list_demands, parted
from portal.reports.searched import SearchReader, is_told
from portal.search.places import PlaceNames
from tests.factories import make_searches
from tests.portal.reports.test_searched import days, search

YEAR = FiscalYear(2026)


def read_all(session: Session, vocabulary: Vocabulary) -> dict[str, Demand]:
    found = list_demands(
        session,
        YEAR,
        reader=SearchReader(session, vocabulary),
        place_names=PlaceNames(vocabulary),
    )
    return {demand.search.label: demand for demand in found}


def test_month_is_told_only_if_it_may_be_and_never_by_what_is_left_of_the_year(
    database: sessionmaker[Session], vocabulary: Vocabulary
) -> None:
    with database() as session:
        # May alone would do, but what is left of the year would tell of one search in June.
        search(session, "q=a", *days(1, 2, 3), times=4, without_hits=4)
        make_searches(session, "q=a", on=date(2026, 6, 9), searches=1, without_hits=1)
        # What is left is June and July together.
        search(session, "q=b", *days(1, 2, 3), times=9, without_hits=5, with_few_hits=1)
        search(session, "q=b", *days(1, 2, month=6), *days(1, month=7), times=2, without_hits=2)
        # The weakest month goes with the rest; 31 March is the last of the year.
        search(session, "q=c", *days(1, 2, 3), times=5, without_hits=5)
        search(session, "q=c", *days(29, 30, 31, month=3, year=2027), times=3, without_hits=3)
        search(session, "q=c", *days(1, month=8), times=1)
        # Never five times on three days within a month.
        search(session, "q=d", *days(1, 2), *days(1, 2, month=9), times=3, with_few_hits=3)
        found = read_all(session, vocabulary)
    assert list(found) == ["「b」", "「c」", "「a」", "「d」"]
    assert found["「a」"].months == ()
    assert found["「a」"].year == Figures(13, 4, 13, 0)
    assert found["「a」"].of_month(5) is None
    assert found["「b」"].months == (
        MonthFigures(5, Figures(27, 3, 15, 3)),
        MonthFigures(None, Figures(6, 3, 6, 0)),
    )
    assert found["「c」"].months == (
        MonthFigures(5, Figures(15, 3, 15, 0)),
        MonthFigures(None, Figures(10, 4, 9, 0)),
    )
    assert found["「d」"].months == ()


def test_whatever_is_told_together_may_be_told() -> None:
    shapes = set()
    for months in product([(1, 1), (2, 2), (4, 4), (30, 2), (5, 3), (30, 9)], repeat=4):
        by_month = {
            month: Figures(searches, on_days, searches, 0)
            for month, (searches, on_days) in enumerate(months, start=2)
        }
        year = (sum(each[0] for each in months), sum(each[1] for each in months))
        if not is_told(*year):
            continue
        groups = [group.figures for group in parted(by_month)]
        shapes.add(len(groups))
        assert all(is_told(each.searches, each.days) for each in groups)
        if groups:
            # Nothing is left beside them.
            assert year == (sum(g.searches for g in groups), sum(g.days for g in groups))
    assert shapes == {0, 2, 3, 4}


def test_municipality_sees_what_was_searched_for_it_and_what_was_for_no_place_apart(
    database: sessionmaker[Session], vocabulary: Vocabulary
) -> None:
    made = {
        "own": "q=x&region=02202",
        "area": "q=x&region=chunan",
        "prefecture": "q=x&region=pref",
        "named": "q=弘前+x",
        "among others": "q=x&region=02203&region=02202",
        "capital": "q=青森の+x",
        "other": "q=x&region=02203",
        "nowhere": "q=x",
        "outdated": "q=y&region=99999",
    }
    with database() as session:
        for conditions in made.values():
            search(session, conditions, *days(1, 2, 3), times=2, without_hits=2)
        found = list(read_all(session, vocabulary).values())
        assert len(found) == len(made)
        tree = vocabulary.tree

        def seen(place: str) -> set[str]:
            there = [each for each in found if demand_places.concerns(each, place, tree)]
            reader = SearchReader(session, vocabulary)
            labels = {each.search.label for each in there}
            return {name for name, text in made.items() if reader.read(text).label in labels}

        # 青森 is the capital or the prefecture.
        everywhere = {"area", "prefecture", "named", "own", "among others", "capital"}
        assert seen("02202") == everywhere
        assert seen("02203") == {"prefecture", "among others", "other", "capital"}
        assert seen("chunan") == {"own", "area", "named", "among others"}
        assert seen("pref") == {"prefecture", "capital"}
        assert seen(demand_places.NOWHERE) == {"nowhere", "outdated"}
        assert seen(demand_places.ALL) == set(made)


def test_only_municipalities_see_their_own_place_alone(vocabulary: Vocabulary) -> None:
    def own(level: str, region: str | None) -> str | None:
        agency = Agency(code="x", name="x", level=level, region_code=region)
        return demand_places.own_place(agency, vocabulary.tree)

    assert own("municipality", "02202") == "02202"
    assert own("municipality", None) is None
    assert own("organization", "02202") is None
    assert own("prefecture", "pref") is None
    assert demand_places.own_place(None, vocabulary.tree) is None
