"""What decided, and what to ask next."""

from datetime import timedelta

from portal.eligibility.answers import Answers, Field
from portal.eligibility.bands import EMPLOYEES, YEARS
from portal.eligibility.conditions import (
    Condition,
    DeskCondition,
    EmployeesCondition,
    FormCondition,
    IndustryCondition,
    OpeningCondition,
    PlaceCondition,
    Setting,
    YearsCondition,
)
from portal.eligibility.verdicts import Assessment, Judge, Verdict, assess, useful_questions
from portal.listings.business import Form
from tests.portal.eligibility.drawing import TODAY, VOCABULARY

SETTING = Setting(VOCABULARY.tree, TODAY)
HERE = PlaceCondition(("02203",))
SMALL = EmployeesCondition(most=20)
SOLE = FormCondition((Form.SOLE,))
YOUNG = YearsCondition(within=5)


def of(*conditions: Condition, **answers: object) -> Assessment:
    return assess(conditions, Judge(Answers(**answers), SETTING))  # type: ignore[arg-type]


def test_all_met_is_eligible() -> None:
    found = of(HERE, SMALL, place="02203", employees=EMPLOYEES["0-5"])
    assert found.verdict is Verdict.ELIGIBLE
    assert found.deciding is None
    assert found.next_question() is None


def test_listing_that_asks_for_nothing_is_for_everybody() -> None:
    assert of().verdict is Verdict.ELIGIBLE


def test_first_failed_condition_decides_whatever_is_open() -> None:
    found = of(DeskCondition("…"), HERE, SMALL, place="02201", employees=EMPLOYEES["21-50"])
    assert found.verdict is Verdict.NOT_ELIGIBLE
    assert found.deciding is not None
    assert found.deciding.condition is HERE
    assert found.next_question() is None


def test_open_condition_that_can_be_asked_for_decides_before_the_desk() -> None:
    found = of(DeskCondition("…"), HERE, SMALL, place="02203")
    assert found.verdict is Verdict.ASK
    assert found.deciding is not None
    assert found.deciding.condition is SMALL
    assert found.next_question() is Field.EMPLOYEES


def test_where_only_the_desk_can_tell_nothing_is_asked() -> None:
    found = of(HERE, DeskCondition("…"), place="02203")
    assert found.verdict is Verdict.ASK
    assert found.next_question() is None


def test_question_that_was_passed_over_is_not_asked_again() -> None:
    found = of(SMALL, SOLE)
    assert found.next_question() is Field.FORM
    assert found.next_question({Field.FORM}) is Field.EMPLOYEES
    assert found.next_question({Field.FORM, Field.EMPLOYEES}) is None


def test_question_that_settles_most_listings_comes_first() -> None:
    listings = [of(SMALL), of(SMALL), of(SOLE), of(HERE, DeskCondition("…"))]
    assert useful_questions(listings) == (Field.EMPLOYEES, Field.FORM, Field.PLACE)
    assert useful_questions(listings, {Field.EMPLOYEES}) == (Field.FORM, Field.PLACE)


def test_question_that_settles_one_comes_before_one_that_serves_many() -> None:
    listings = [of(YOUNG, DeskCondition("a")), of(YOUNG, DeskCondition("b")), of(SMALL)]
    assert useful_questions(listings) == (Field.EMPLOYEES, Field.YEARS)


def test_questions_that_serve_alike_keep_their_order() -> None:
    opening = OpeningCondition(TODAY + timedelta(9))
    listings = [of(opening), of(SMALL), of(HERE), of(IndustryCondition(("E",)))]
    assert useful_questions(listings) == (
        *(Field.PLACE, Field.INDUSTRY, Field.EMPLOYEES, Field.BY),
    )


def test_nothing_is_asked_that_changes_nothing() -> None:
    settled = of(HERE, SMALL, YOUNG, place="02201")
    assert useful_questions([settled, of(YOUNG, years=YEARS["10-"])]) == ()
