"""What versions state as data."""

import json

import pytest
from hypothesis import given

from portal.listings import condition_words
from portal.listings.stated_conditions import NOTHING_STATED, StatedConditions
from tests.portal.eligibility.drawing import FIXED, STATED

FULL = StatedConditions(
    size="sme",
    size_or="協同組合",
    forms=("sole", "company"),
    trades=("retail",),
    employees_least=2,
    employees_most=20,
    capital_most_yen=50_000_000,
    years_least=1,
    years_within=5,
    planned="yes",
    desk=("町税に未納がない方",),
    is_complete=True,
    beyond=("regions", "industries"),
)


@FIXED
@given(STATED)
def test_document_gives_back_what_was_put_in(stated: StatedConditions) -> None:
    for document in (stated.document(), stated.whole_document()):
        assert StatedConditions.of(json.loads(json.dumps(document))) == stated
    says_nothing = stated == NOTHING_STATED
    assert (stated.document() == {}) == says_nothing == (condition_words.told(stated) == ())


def test_each_condition_is_told_in_words() -> None:
    assert condition_words.told(FULL) == (
        "中小企業者または協同組合",
        "事業の形は個人事業主・会社",
        "法律上の業種は小売業・飲食店",
        "従業員2人以上20人以下",
        "資本金5,000万円以下",
        "創業から1年以上5年以内",
        "これから創業する方も使える",
        "窓口で確認：町税に未納がない方",
        "ほかに条件はない",
        "地域の外の方も窓口で確認",
        "ほかの業種の方も窓口で確認",
    )


@pytest.mark.parametrize(
    "document",
    [
        {"size": "tiny"},
        {"size_or": "組合"},
        {"forms": ["king"]},
        {"trades": ["lodging"]},
        {"planned": "perhaps"},
        {"beyond": ["time"]},
        {"planned": "only", "years_within": 5},
        {"employees_most": 0},
        {"employees_most": 100_000},
        {"employees_least": 6, "employees_most": 5},
        {"years_least": 2, "years_within": 1},
        {"capital_most_yen": -1},
        {"years_within": "5"},
        {"moon": "full"},
    ],
    ids=json.dumps,
)
def test_what_is_no_condition_is_refused(document: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        StatedConditions.of(document)
