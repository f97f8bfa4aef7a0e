"""Query strings, good and bad: what is understood, what is dropped and said."""

from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

from portal.listings.vocabulary import Vocabulary
from portal.search.params import MAX_PAGE, SearchParams, parse
from search_index import Sort

Read = Callable[..., SearchParams]

AGENCIES = {"aomori-pref": "青森県", "m02203": "八戸市"}


@pytest.fixture
def read(vocabulary: Vocabulary) -> Read:
    def read(*pairs: tuple[str, str]) -> SearchParams:
        return parse(MultiDict(pairs), vocabulary=vocabulary, agency_codes=AGENCIES)

    return read


def test_all_parameters_are_understood(read: Read) -> None:
    params = read(
        ("q", "  創業\u3000補助金 "),
        ("industry", "A"),
        ("industry", "E"),
        ("region", "02203"),
        ("region", "tosei"),
        ("region", "pref"),
        ("purpose", "startup"),
        ("kind", "subsidy"),
        ("level", "prefecture"),
        ("agency", "m02203"),
        ("status", "open"),
        ("include_closed", "1"),
        ("amount_min", "500000"),
        ("local_only", "1"),
        ("sort", "deadline"),
        ("page", "3"),
        ("per_page", "50"),
    )
    assert params.problems == ()
    assert params.q == "創業 補助金"
    assert params.choices["industry"] == ("A", "E")
    assert params.choices["region"] == ("pref", "tosei", "02203")
    assert (params.amount_min, params.page, params.per_page) == (500_000, 3, 50)
    assert params.include_closed
    assert params.local_only
    assert params.order is Sort.DEADLINE


@pytest.mark.parametrize(
    "name", ["industry", "region", "purpose", "kind", "level", "agency", "status"]
)
@pytest.mark.parametrize("value", ["zzz", "' OR 1=1 --", "A\x00", "ａ", "nation" * 40])
def test_unknown_value_is_dropped_and_named(read: Read, name: str, value: str) -> None:
    params = read((name, value), ("q", "創業"))
    assert name not in params.choices
    (problem,) = params.problems
    assert problem.name == name
    assert problem.is_error
    assert "外して探しました" in problem.message
    assert len(problem.value) <= 41


def test_thousands_of_unknown_values_make_one_short_notice(read: Read) -> None:
    params = read(*(("region", f"x{number}") for number in range(5_000)), ("region", "02203"))
    assert params.choices["region"] == ("02203",)
    (problem,) = params.problems
    assert "など5000個の条件" in problem.message
    assert len(problem.message) < 80


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "x", "１", "1e3"])
def test_impossible_page_becomes_the_first_and_is_said(read: Read, page: str) -> None:
    params = read(("page", page))
    assert params.page == 1
    assert [problem.name for problem in params.problems] == ["page"]


@pytest.mark.parametrize("page", ["10001", "1000000000000", "9" * 500])
def test_huge_page_is_past_the_limit_and_harmless(read: Read, page: str) -> None:
    params = read(("page", page))
    assert params.is_past_limit
    assert params.page == MAX_PAGE + 1


@pytest.mark.parametrize("amount", ["-1", "1.5", "百万", "9" * 30, "１００"])
def test_unreadable_amount_is_dropped_and_said(read: Read, amount: str) -> None:
    params = read(("amount_min", amount))
    assert params.amount_min is None
    assert [problem.name for problem in params.problems] == ["amount_min"]


def test_long_text_is_cut_and_said(read: Read) -> None:
    params = read(("q", "創" * 10_000))
    assert len(params.q) == 200
    assert "200文字" in params.problems[0].message


def test_control_characters_are_left_out_and_said(read: Read) -> None:
    params = read(("q", "創業\x00\x1b[31m補助\ufffd"))
    assert params.q == "創業 [31m補助"
    assert not params.problems[0].is_error


@pytest.mark.parametrize(
    "text", ["title:x AND (a OR b)*", "'; DROP TABLE listing; --", "\\", '"', "-", "%", "<b>"]
)
def test_any_syntax_is_only_text(read: Read, text: str) -> None:
    params = read(("q", text))
    assert params.q == text
    assert params.problems == ()


def test_repeated_and_contradictory_values_are_taken_once(read: Read) -> None:
    params = read(
        ("industry", "E"), ("industry", "A"), ("industry", "E"), ("sort", "new"), ("sort", "amount")
    )
    assert params.choices["industry"] == ("A", "E")
    assert params.sort is Sort.NEW
    (problem,) = params.problems
    assert (problem.name, problem.is_error) == ("sort", False)
    assert "はじめのもの" in problem.message


def test_same_search_always_has_the_same_address(read: Read) -> None:
    one = read(("region", "02203"), ("industry", "E"), ("q", "a"), ("industry", "A"))
    other = read(("industry", "A"), ("q", " a "), ("industry", "E"), ("region", "02203"))
    assert one.to_pairs() == other.to_pairs()


def test_address_leads_back_to_the_same_search(read: Read) -> None:
    params = read(("q", "x"), ("status", "closed"), ("sort", "amount"), ("per_page", "100"))
    assert read(*params.to_pairs()) == params


def test_taking_a_condition_away_leads_to_the_first_page(read: Read) -> None:
    params = read(("industry", "A"), ("industry", "E"), ("amount_min", "5"), ("page", "7"))
    assert params.without("industry", "A").choices["industry"] == ("E",)
    assert params.without("industry").choices["industry"] == ()
    assert params.without("amount_min").amount_min is None
    assert params.without("industry", "A").page == 1


def test_taking_the_place_away_takes_its_local_only_away_too(read: Read) -> None:
    params = read(("region", "02203"), ("region", "02202"), ("local_only", "1"))
    assert params.without("region", "02203").local_only
    assert not params.without("region").local_only


def test_order_is_relevance_with_text_and_new_without(read: Read) -> None:
    assert read(("q", "創業")).order is Sort.RELEVANCE
    assert read().order is Sort.NEW
