"""In what two wordings differ, in the words of the history."""

from dataclasses import fields
from datetime import date, time
from typing import Any

import pytest

from portal.listings.content import (
    AttachedFile,
    EventContent,
    ListingContent,
    RelationContent,
    RoundContent,
)
from portal.listings.differences import Difference, Side, differences
from portal.listings.field_words import FIELD_LABELS, SEVERAL
from portal.listings.relation_kinds import RelationKind
from portal.listings.stated_conditions import StatedConditions
from portal.listings.vocabulary import Vocabulary
from tests.conftest import NOW
from tests.factories import make_content

WINDOW = {"date_state": "window", "closes_on": date(2026, 9, 30)}


def told(vocabulary: Vocabulary, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    found = differences(
        make_content(**before),
        make_content(**after),
        vocabulary=vocabulary,
        agency_names={"cci-aomori": "青森商工会議所"},
        listing_titles={"L000007": "県の改装補助金"},
        today=NOW.date(),
    )
    return [difference.in_words() for difference in found]


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "deadline": (
        WINDOW,
        WINDOW | {"closes_on": date(2026, 10, 15)},
        ["締切：9月30日（水） → 10月15日（木）"],
    ),
    "deadline of another year": (
        WINDOW,
        WINDOW | {"closes_on": date(2027, 1, 15)},
        ["締切：9月30日（水） → 2027年1月15日（金）"],
    ),
    "state and deadline": (
        {},
        WINDOW,
        ["受付の状態：随時 → 受付期間あり", "締切：9月30日（水）を追加"],
    ),
    "money": (
        {"amount_max_yen": 500_000},
        {"amount_max_yen": 3_000_000},
        ["上限額：50万円 → 300万円"],
    ),
    "rate is taken out": ({"rate": "1/2以内"}, {}, ["補助率：1/2以内を削除"]),
    "regions": (
        {"regions": ("02201", "02203")},
        {"regions": ("02201", "02202")},
        ["地域：弘前市を追加、八戸市を外した"],
    ),
    "whole industry": (
        {"industries": ("*",)},
        {"industries": ("A",)},
        ["業種：農林業を追加、全業種を外した"],
    ),
    "partner": ({}, {"partners": ("cci-aomori",)}, ["共に実施する機関：青森商工会議所を追加"]),
    "long text": ({"body": "外装の工事費。"}, {"body": "内装の工事費。"}, ["内容：文章を変更"]),
    "new long text": ({}, {"how_to_apply": "窓口へ。"}, ["申込方法：追加"]),
    "round": (
        {},
        {"rounds": (RoundContent(None, date(2026, 12, 4), "第2回"),)},
        ["募集の回：第2回 〜12月4日（金）を追加"],
    ),
    "event": (
        {},
        {
            "events": (
                EventContent(date(2026, 12, 4), time(13, 30), time(15), "八戸市公会堂", None, 30),
            )
        },
        ["開催日：12月4日（金） 13:30〜15:00 八戸市公会堂 定員30名を追加"],
    ),
    "fiscal year": ({}, {"fiscal_years": (2026,)}, ["実施が確認できる年度：令和8年度を追加"]),
    "budget": ({}, {"past_budgets": {"2025": 1200}}, ["過去の予算：令和7年度 1,200千円を追加"]),
    "order alone": (
        {"keywords": ("店", "改装")},
        {"keywords": ("改装", "店")},
        ["キーワード：順番を変更"],
    ),
    "conditions": (
        {"conditions": StatedConditions(size="sme", employees_most=50)},
        {"conditions": StatedConditions(size="sme", employees_most=20, is_complete=True)},
        [
            "チェックの条件：従業員20人以下を追加、ほかに条件はないを追加、従業員50人以下を外した",
        ],
    ),
    "file": (
        {"attachments": (AttachedFile(1, "要項.pdf"), AttachedFile(2, "様式.pdf"))},
        {"attachments": (AttachedFile(1, "要項.pdf"), AttachedFile(3, "新様式.pdf"))},
        ["添付ファイル：新様式.pdfを追加、様式.pdfを外した"],
    ),
    "another file of the same name": (
        {"attachments": (AttachedFile(1, "要項.pdf"),)},
        {"attachments": (AttachedFile(2, "要項.pdf"),)},
        ["添付ファイル：要項.pdfを追加、要項.pdfを外した"],
    ),
    "relation": (
        {},
        {"relations": (RelationContent(RelationKind.TOPS_UP, "L000007"),)},
        ["ほかの支援との関係：「県の改装補助金」に上乗せできるを追加"],
    ),
    "relation to a listing that may not be told of": (
        {},
        {"relations": (RelationContent(RelationKind.TOPS_UP, "L000008"),)},
        [],
    ),
    "files of which nothing is said": ({"attachments": (AttachedFile(1, "要項.pdf"),)}, {}, []),
    "nothing": ({}, {}, []),
}


@pytest.mark.parametrize(("before", "after", "words"), list(CASES.values()), ids=list(CASES))
def test_history_tells_in_words(
    vocabulary: Vocabulary, before: dict[str, Any], after: dict[str, Any], words: list[str]
) -> None:
    assert told(vocabulary, before, after) == words


def test_every_field_has_a_label_and_a_kind_of_value() -> None:
    assert set(FIELD_LABELS) == {field.name for field in fields(ListingContent)}
    assert {field.name for field in fields(ListingContent) if "tuple" in str(field.type)} | {
        "conditions",
        "past_budgets",
    } == SEVERAL


def test_pieces_of_a_text_make_up_both_wordings() -> None:
    difference = Difference("body", "外装の工事費が対象です。", "外装と内装の工事費が対象です。")
    pieces = difference.pieces()
    for side, whole in ((Side.BEFORE, difference.before), (Side.AFTER, difference.after)):
        assert "".join(p.text for p in pieces if p.side in (Side.BOTH, side)) == whole
    assert [p.text for p in pieces if p.side is Side.AFTER] == ["と内装"]
    assert [p.text for p in pieces if p.side is Side.BEFORE] == []
