"""What a text that is being typed may become, on every engine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import Completion, CompletionKind, SearchIndex, open_index
from tests.search_index.examples import FIXED, document, fill

KEYWORD, NAME, TITLE = CompletionKind.KEYWORD, CompletionKind.NAME, CompletionKind.TITLE


def texts(index: SearchIndex, text: str, limit: int = 10) -> list[str]:
    return [each.text for each in index.complete(text, limit=limit)]


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    fill(
        index,
        [
            document(
                "L1", "事業承継の相談会（八戸）", keywords=("事業承継", "ＤＸ"), names=("青森県",)
            ),
            document("L2", "りんご 輸出セミナー", keywords=("補助金",), names=("青森市",)),
            document("L3", "りんご 輸出セミナー", keywords=("補助金", "補助率")),
        ],
    )
    return index


def test_kinds_come_with_the_text_of_the_document(filled: SearchIndex) -> None:
    assert filled.complete("事業承") == (
        Completion("事業承継", KEYWORD),
        Completion("事業承継の相談会（八戸）", TITLE, "L1"),
    )
    assert filled.complete("青森") == (Completion("青森市", NAME), Completion("青森県", NAME))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("補", ["補助金", "補助率"]),
        ("ほじょき", ["補助金"]),
        ("ホジョキ", ["補助金"]),
        ("hojok", ["補助金"]),
        ("hojoki", ["補助金"]),
        ("jigyous", ["事業承継", "事業承継の相談会（八戸）"]),
        ("zigyousy", ["事業承継", "事業承継の相談会（八戸）"]),
        ("ｄ", ["ＤＸ"]),
        ("そうだ", ["事業承継の相談会（八戸）"]),
        ("相談会 八", ["事業承継の相談会（八戸）"]),
        ("会", []),
        ("輸出セ", ["りんご 輸出セミナー"]),
        ("りんごゆしゅ", ["りんご 輸出セミナー"]),
        ("補助金 じぎょうしょ", ["補助金 事業承継"]),
        ("融資", []),
        ("", []),
        (" 、", []),
    ],
)
def test_completes_beginnings_however_typed(
    filled: SearchIndex, text: str, expected: list[str]
) -> None:
    assert texts(filled, text) == expected


def test_a_title_that_several_have_is_offered_once(filled: SearchIndex) -> None:
    assert filled.complete("りん") == (Completion("りんご 輸出セミナー", TITLE, "L2"),)


def test_common_keywords_come_first(filled: SearchIndex) -> None:
    assert texts(filled, "ほじょ", limit=1) == ["補助金"]


def test_no_kind_takes_all_the_places(index: SearchIndex) -> None:
    keywords = tuple(f"創業{word}" for word in "一二三四五六七八九十")
    fill(index, [document("a", "創業の相談", keywords=keywords, names=("創業・起業",))])
    kinds = [each.kind for each in index.complete("創業")]
    assert len(kinds) == 10
    assert {KEYWORD, NAME, TITLE} == set(kinds)


def test_deleted_and_changed_documents_complete_nothing(filled: SearchIndex) -> None:
    with filled.writer(timeout=1) as writer:
        writer.upsert(document("L1", "融資の相談", revision=2))
        writer.delete("L2")
        writer.delete("L3")
        writer.commit(seq=2)
    assert texts(filled, "事業") == []
    assert texts(filled, "りんご") == []
    assert texts(filled, "補助") == []
    assert texts(filled, "ゆうし") == ["融資の相談"]


def test_text_longer_than_any_key_is_compared_whole(index: SearchIndex) -> None:
    title = "ものづくり企業の生産性向上を支える設備投資"
    fill(index, [document("a", title)])
    assert texts(index, "ものづくり企業の生産性向上を支") == [title]
    assert texts(index, "ものづくりきぎょうのせいさん") == [title]
    assert texts(index, "ものづくり企業の生産性向上と販") == []


@FIXED
@given(st.text(max_size=80), st.integers(0, 3))
def test_any_text_is_legal(text: str, limit: int) -> None:
    index = open_index("memory:")
    fill(index, [document("a", "事業承継", keywords=("補助金",))])
    assert len(index.complete(text, limit=limit)) <= limit
