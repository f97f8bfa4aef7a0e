"""Words that look or sound alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.segments.dictionary import Dictionary
from search_index.segments.vocabulary import Closeness, Vocabulary, vocabulary_arrays
from search_index.terms.document_terms import WordForm
from tests.search_index.examples import FIXED


def vocabulary_of(*forms: WordForm) -> Vocabulary:
    """As a segment that has met the forms would store it."""
    dictionary = Dictionary.of(sorted({form.to_term().encode() for form in forms}))
    return Vocabulary(vocabulary_arrays(dictionary.text, dictionary.starts), dictionary)


def like(text: str, *words: str, reading: str = "?") -> list[tuple[str, str]]:
    vocabulary = vocabulary_of(*(WordForm(word, word, word) for word in words))
    return sorted((closeness.name, word) for closeness, word in vocabulary.like(text, reading))


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("継承", ["承継", "継承", "継続"], [("ONE_EDIT", "継続"), ("SWAPPED", "承継")]),
        ("補助菌", ["補助金", "補助", "補助金庫"], [("ONE_EDIT", "補助"), ("ONE_EDIT", "補助金")]),
        (
            "abc",
            ["cba", "abdc", "xabc", "abcx", "bc"],
            [("ONE_EDIT", each) for each in ("abcx", "abdc", "bc", "xabc")],
        ),
        ("aab", ["aba", "aab", "ab"], [("ONE_EDIT", "ab"), ("SWAPPED", "aba")]),
        ("金", ["銀", "金額"], []),
        ("a" * 40, ["a" * 39], []),
    ],
)
def test_words_that_look_alike(
    text: str, words: list[str], expected: list[tuple[str, str]]
) -> None:
    assert like(text, *words) == expected


def test_words_that_sound_alike() -> None:
    forms = [
        WordForm("金", "金", "キン"),
        WordForm("菌", "菌", "キン"),
        WordForm("銀", "銀", "ギン"),
    ]
    assert list(vocabulary_of(*forms).like("菌", "キン")) == [(Closeness.SAME_READING, "金")]


def test_kana_are_compared_with_how_words_are_read() -> None:
    forms = [WordForm("輸出", "輸出", "ユシュツ")]
    vocabulary = vocabulary_of(*forms)
    assert list(vocabulary.like("ゆしゅうつ", "ユシュウツ")) == [(Closeness.ONE_EDIT, "輸出")]
    assert list(vocabulary.like("ゆしゅつ", "ユシュツ")) == [(Closeness.SAME_READING, "輸出")]


def test_a_word_of_several_dictionary_forms_is_found_once() -> None:
    forms = [WordForm("上げる", "あげて", "アゲテ"), WordForm("揚げる", "あげて", "アゲテ")]
    assert list(vocabulary_of(*forms).like("あげね", "アゲネ")) == [(Closeness.ONE_EDIT, "あげて")]


def test_words_beside_the_basic_plane_keep_their_places() -> None:
    forms = [WordForm("𠮷野家", "𠮷野家", "ヨシノヤ"), WordForm("補助", "補助", "ホジョ")]
    assert list(vocabulary_of(*forms).like("𠮷野屋", "?")) == [(Closeness.ONE_EDIT, "𠮷野家")]
    assert list(vocabulary_of(*forms).like("補除", "ホジョ"))[0] == (Closeness.SAME_READING, "補助")


def test_no_words_are_like_nothing() -> None:
    assert list(vocabulary_of().like("補助", "ホジョ")) == []


_WORDS = st.text("ab補", min_size=1, max_size=5)


@FIXED
@given(_WORDS.filter(lambda text: len(text) > 1), st.lists(_WORDS, unique=True, max_size=8))
def test_all_at_once_equals_one_by_one(text: str, words: list[str]) -> None:
    expected = [(kind, word) for word in words for kind in _relations(text, word)]
    assert like(text, *words) == sorted(expected)


def _relations(one: str, other: str) -> list[str]:
    swaps = {one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(len(one) - 1)}
    if one == other:
        return []
    if other in swaps:
        return ["SWAPPED"]
    if len(one) == len(other):
        edits = sum(left != right for left, right in zip(one, other, strict=True))
        return ["ONE_EDIT"] if edits == 1 else []
    short, long = sorted((one, other), key=len)
    shorter = {long[:at] + long[at + 1 :] for at in range(len(long))}
    return ["ONE_EDIT"] if short in shorter else []
