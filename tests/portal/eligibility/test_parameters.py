"""Answers travel in the address, and nothing in an address is ever an error."""

import re
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.config import CHECKOUT
from portal.eligibility.answers import Answers, Field
from portal.eligibility.bands import CAPITAL, EMPLOYEES, NEEDS, YEARS
from portal.eligibility.labels import QUESTIONS, answer, choices
from portal.eligibility.parameters import DROPPED, REPEATED, UNSURE, Asked, codes_of, parse
from portal.eligibility.size_law import TRADES
from portal.listings.business import Form, Trade
from portal.listings.vocabulary import Vocabulary
from tests.portal.eligibility.drawing import FIXED, VOCABULARY


def read(*pairs: tuple[str, str]) -> Asked:
    return parse(MultiDict(pairs), VOCABULARY)


def test_every_answer_has_its_parameter() -> None:
    asked = read(
        ("purpose", "startup"),
        ("place", "02203"),
        ("industry", "I"),
        ("years", "1-3"),
        ("form", "company"),
        ("employees", "6-20"),
        ("capital", "0-50m"),
        ("trade", "retail"),
        ("by", "3m"),
    )
    assert asked.answers == Answers(
        purpose="startup",
        place="02203",
        industry="I",
        years=YEARS["1-3"],
        form=Form.COMPANY,
        employees=EMPLOYEES["6-20"],
        capital=CAPITAL["0-50m"],
        trade=Trade.RETAIL,
        by=NEEDS["3m"],
    )
    assert asked.notices == ()
    assert [name for name, _ in asked.pairs] == [
        *("purpose", "place", "industry", "years", "form", "employees", "capital", "trade", "by")
    ]


def test_order_of_answering_is_kept() -> None:
    pairs = (("years", "planned"), ("place", UNSURE), ("purpose", "sales"))
    assert read(*pairs).pairs == pairs


def test_question_passed_over_is_not_answered() -> None:
    asked = read(("place", "02203"), ("form", UNSURE))
    assert asked.answers == Answers(place="02203")
    assert asked.passed_over == {Field.FORM}


@pytest.mark.parametrize(
    "pair",
    [
        ("place", "99999"),
        ("place", "pref"),
        ("industry", "*"),
        ("industry", "Z"),
        ("years", "2"),
        ("form", ""),
        ("employees", "12"),
        ("capital", "<script>"),
        ("by", "\x00"),
        ("purpose", "創業"),
        ("trade", "magic"),
    ],
)
def test_value_that_is_none_is_ignored_and_said_to_be(pair: tuple[str, str]) -> None:
    asked = read(("industry", "I") if pair[0] != "industry" else ("form", "sole"), pair)
    assert len(asked.pairs) == 1
    assert asked.notices == (DROPPED,)


def test_first_of_two_answers_counts() -> None:
    asked = read(("place", "02203"), ("place", "02201"))
    assert asked.answers.place == "02203"
    assert asked.notices == (REPEATED,)
    assert read(("place", "02203"), ("place", "02203")).notices == ()


def test_trade_left_from_another_industry_goes_silently() -> None:
    asked = read(("industry", "E"), ("trade", "retail"))
    assert asked.pairs == (("industry", "E"),)
    assert asked.notices == ()


def test_names_of_others_are_none_of_our_business() -> None:
    asked = read(("utm_source", "letter"), ("q", "創業"), ("show", "me"), ("ask", "age"))
    assert asked == Asked(Answers(), (), None, False, False, None, ())


@FIXED
@given(st.lists(st.tuples(st.sampled_from([*Field, "show", "ask", "x"]), st.text(max_size=8))))
def test_no_address_is_an_error_and_what_is_kept_reads_the_same_again(
    pairs: list[tuple[str, str]],
) -> None:
    asked = parse(MultiDict(pairs), VOCABULARY)
    again = parse(MultiDict(asked.pairs), VOCABULARY)
    assert again.answers == asked.answers
    assert again.pairs == asked.pairs
    assert again.notices == ()
    assert len(urlencode(asked.pairs)) < 300


def test_every_question_and_answer_has_words(vocabulary: Vocabulary) -> None:
    for field in Field:
        assert QUESTIONS[field].question.endswith("か")
        for industry in sorted(TRADES):
            codes = codes_of(field, vocabulary, industry)
            shown = choices(field, vocabulary, industry)
            # No question where there is nothing to choose from.
            assert tuple(shown) == codes or (field is Field.TRADE and len(codes) == 1)
            assert len(set(shown.values())) == len(shown)


def test_every_parameter_and_answer_is_documented() -> None:
    text = (CHECKOUT / "docs/eligibility.md").read_text("utf-8").split("## The law")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE))
    told_elsewhere = {Field.PURPOSE, Field.PLACE, Field.INDUSTRY}
    trades = {trade.value for trade in Trade}
    for field in Field:
        codes = trades if field is Field.TRADE else codes_of(field, VOCABULARY, None)
        assert field.value in rows
        assert field in told_elsewhere or set(codes) <= set(re.findall(r"`([^`]+)`", rows[field]))
    assert {"show", "ask"} <= set(rows)


def test_answer_is_told_as_it_was_chosen(vocabulary: Vocabulary) -> None:
    answers = read(("industry", "M"), ("trade", "retail"), ("form", "company")).answers
    told = [answer(field, answers, vocabulary) for field in (Field.TRADE, Field.FORM, Field.BY)]
    assert told == ["飲食店、持ち帰り・配達", "会社", None]
