"""Conditions outlive the process that made them, and what is none is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.eligibility.condition_json import (
    VERSION,
    ConditionFormatError,
    Stated,
    from_document,
    to_document,
)
from portal.eligibility.conditions import (
    IndustryCondition,
    OpeningCondition,
    PlaceCondition,
    SizeCondition,
    YearsCondition,
)
from portal.eligibility.size_law import Size
from tests.portal.eligibility.drawing import FIXED, KEPT_OR_ANY


@FIXED
@given(st.lists(st.builds(Stated, KEPT_OR_ANY, st.text(max_size=10)), max_size=4))
def test_document_gives_back_what_was_put_in(stated: list[Stated]) -> None:
    text = json.dumps(to_document(stated), ensure_ascii=False)
    assert from_document(json.loads(text)) == tuple(stated)


def test_document_is_readable_without_the_code() -> None:
    stated = [
        Stated(SizeCondition(Size.SMALL), "小規模事業者"),
        Stated(YearsCondition(within=5, or_planned=True)),
    ]
    assert to_document(stated) == {
        "version": 1,
        "conditions": [
            {"type": "size", "size": "small", "ground": "小規模事業者"},
            {"type": "years", "least": None, "within": 5, "or_planned": True, "ground": ""},
        ],
    }


@pytest.mark.parametrize(
    "condition",
    [
        {"type": "no-such"},
        {"type": ["size"]},
        {},
        {"type": "size", "size": "tiny"},
        {"type": "form", "forms": ["king"]},
        {"type": "form", "forms": []},
        {"type": "place", "regions": []},
        {"type": "place", "regions": "pref"},
        {"type": "place", "regions": ["pref"], "exceptions": [1]},
        {"type": "industry"},
        {"type": "employees"},
        {"type": "employees", "most": "20"},
        {"type": "employees", "most": True},
        {"type": "capital", "least": -1},
        {"type": "years"},
        {"type": "years", "within": 1, "or_planned": "yes"},
        {"type": "desk", "words": 3},
        {"type": "any", "of": []},
        {"type": "any", "of": ["size"]},
        {"type": "any", "of": [{"type": "no-such"}]},
        {"type": "size", "size": "sme", "ground": 1},
    ],
    ids=lambda condition: json.dumps(condition),
)
def test_what_is_no_condition_is_refused(condition: dict[str, object]) -> None:
    with pytest.raises(ConditionFormatError):
        from_document({"version": VERSION, "conditions": [condition]})


@pytest.mark.parametrize(
    "document",
    [{}, {"version": 2, "conditions": []}, {"version": 1}, {"version": 1, "conditions": [3]}],
    ids=json.dumps,
)
def test_what_is_no_document_of_this_version_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ConditionFormatError):
        from_document(document)


def test_what_follows_from_the_listing_is_not_kept_beside_it() -> None:
    with pytest.raises(TypeError):
        to_document([Stated(OpeningCondition(None))])
    for soft in (PlaceCondition(("pref",), is_told=False), IndustryCondition(("E",), False)):
        with pytest.raises(TypeError):
            to_document([Stated(soft)])
