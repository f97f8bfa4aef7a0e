"""Words and bigrams of normalised text."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis.grams import GAP, Gram, extract_grams
from search_index.analysis.normalise import normalise
from search_index.analysis.tokenizer import tokenize
from tests.search_index.examples import FIXED, WORDS


def content(text: str) -> list[str]:
    return [word.normal for word in tokenize(normalise(text).text) if word.is_content]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("人手が足りない", ["人手", "足りる"]),
        ("創業している人がある", ["創業", "人"]),
        ("相談することになる", ["相談", "こと"]),
        ("引継ぎ", ["引き継ぎ"]),
        ("R5年度のICT", ["r5", "年度", "ict"]),
        ("「」、。 ★", []),
        ("㈱", ["株式", "会社"]),
    ],
)
def test_content_words_in_dictionary_form(text: str, words: list[str]) -> None:
    assert content(text) == words


def test_words_of_the_examples_stay_whole_side_by_side() -> None:
    for left in WORDS:
        for right in WORDS:
            assert content(left + right) == content(left) + content(right)
            assert len(content(left)) == 1


@pytest.mark.parametrize("text", ["あ" * 60_000, "𠮷" * 30_000, "融資。" * 20_000, "a" * 50_000])
def test_text_of_any_length_is_tokenised(text: str) -> None:
    assert "".join(word.surface for word in tokenize(text)) == text.replace("。", "")


def test_long_text_is_cut_between_sentences() -> None:
    sentence = "新規創業者を支援する。"
    assert content(sentence * 3000) == content(sentence) * 3000


def test_every_thread_may_tokenise() -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(content, ["創業支援"] * 64))
    assert results == [["創業", "支援"]] * 64


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("補助金", [Gram("補助", 0), Gram("助金", 1)]),
        ("r5年度", [Gram("r5", 0), Gram("年度", 2)]),
        ("米", [Gram("米", 0)]),
        ("米、麦", [Gram("米", 0), Gram(GAP, 1), Gram("麦", 2)]),
        ("創業・・ 融資", [Gram("創業", 0), Gram(GAP, 2), Gram("融資", 3)]),
        ("！？", []),
    ],
)
def test_grams(text: str, grams: list[Gram]) -> None:
    assert extract_grams(text) == grams


@FIXED
@given(before=st.text("補助r5", max_size=4), text=st.text("補助金米", min_size=2, max_size=6))
def test_grams_of_a_part_stand_at_the_same_distances_in_the_whole(before: str, text: str) -> None:
    whole = extract_grams(before + "、" + text)
    part = extract_grams(text)
    shift = whole[-1].position - part[-1].position
    assert {Gram(gram.term, gram.position + shift) for gram in part} <= set(whole)
