"""The synonym table."""

import pytest

from search_index import SynonymExpansion, SynonymTable
from search_index.analysis.normalise import normalise
from search_index.analysis.tokenizer import tokenize
from search_index.query.parsing import parse


def expansions(text: str, *groups: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    found = parse(text, SynonymTable(groups)).expansions
    return [(expansion.term, expansion.added) for expansion in found]


@pytest.mark.parametrize(
    ("text", "group", "added"),
    [
        ("補助金", ("補助金", "助成金"), ("助成金",)),
        ("ｈｐ", ("HP", "ホームページ"), ("ホームページ",)),
        ("新規創業支援", ("創業", "起業"), ("起業",)),
        ("㈱あおもり", ("（株）", "企業"), ("企業",)),
        ("人手が足りなくて", ("人手不足", "人手が足りない"), ("人手不足",)),
    ],
)
def test_members_of_the_group_are_added(
    text: str, group: tuple[str, ...], added: tuple[str, ...]
) -> None:
    assert [each for _, each in expansions(text, group)] == [added]


def test_spellings_that_fold_anyway_are_not_added() -> None:
    assert expansions("ＨＰ", ("HP", "ｈｐ", "Hp")) == []
    assert expansions("引継ぎ", ("引継ぎ", "引き継ぎ", "承継")) == [("引継ぎ", ("承継",))]


def test_groups_that_share_a_member_add_up() -> None:
    groups = (("創業", "起業"), ("創業", "開業"))
    assert expansions("創業", *groups) == [("創業", ("起業", "開業"))]
    assert expansions("開業", *groups) == [("開業", ("創業",))]


def test_longest_member_wins() -> None:
    groups = (("補助", "支援"), ("補助金", "助成金"))
    assert expansions("補助金", *groups) == [("補助金", ("助成金",))]


def test_parts_of_a_compound_keep_their_synonyms() -> None:
    groups = (("創業融資", "開業資金"), ("創業", "起業"), ("融資", "借入"))
    expected = [("創業融資", ("開業資金",)), ("創業", ("起業",)), ("融資", ("借入",))]
    assert expansions("創業融資", *groups) == expected


def test_parts_do_not_repeat_the_synonyms_of_the_whole() -> None:
    assert expansions("販路開拓", ("販路開拓", "販路")) == [("販路開拓", ("販路",))]


def test_synonyms_of_synonyms_are_not_added() -> None:
    groups = (("創業", "起業"), ("起業", "独立"))
    assert expansions("創業", *groups) == [("創業", ("起業",))]


def test_member_is_found_after_a_member_of_more_words() -> None:
    groups = (("信用保証料", "保証料"), ("補助", "助成"))
    found = expansions("信用保証料補助", *groups)
    assert found == [("信用保証料", ("保証料",)), ("補助", ("助成",))]


def test_phrases_and_exclusions_are_taken_literally() -> None:
    assert expansions('"創業" -創業', ("創業", "起業")) == []


@pytest.mark.parametrize("group", [(), ("",), ("★", "創業"), ("の", "創業"), ("創業",)])
def test_members_without_words_add_nothing(group: tuple[str, ...]) -> None:
    assert expansions("創業 の ★", group) == []


def test_tables_are_equal_by_their_groups() -> None:
    table = SynonymTable([["創業", "起業"]])
    assert table == SynonymTable((("創業", "起業"),))
    assert hash(table) == hash(SynonymTable((("創業", "起業"),)))
    assert table != SynonymTable()


def test_expansion_is_a_value() -> None:
    words = tokenize(normalise("創業").text)
    match = SynonymTable([["創業", "起業"]]).match(words)
    assert match is not None
    assert SynonymExpansion(match.term, match.others) == SynonymExpansion("創業", ("起業",))
