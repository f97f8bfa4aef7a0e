"""Which word of a search nobody knows, and what the portal itself takes for the same."""

import pytest

from portal.extensions import Resources
from portal.search import synonym_queries
from portal.search.equivalents import UnknownWord, WordFinder
from portal.search.params import SearchParams
from tests.conftest import NOW
from tests.factories import publish_and_index
from tests.portal.search.test_synonym_services import add


def finder_of(held: Resources) -> WordFinder:
    with held.sessions() as session:
        return WordFinder(
            held.index,
            held.synonyms.current(session),
            synonym_queries.list_in_force(session),
            held.places,
            today=NOW.date(),
        )


@pytest.fixture
def finder(resources: Resources) -> WordFinder:
    add(resources.sessions, "蒸気暖房", "湯けむり暖房機")
    publish_and_index(resources, title="蒸気暖房の導入補助", keywords=("ゆのはな湯",))
    publish_and_index(resources, title="販路の相談", keywords=("輸出",))
    return finder_of(resources)


def test_unknown_word_is_the_one_that_nothing_has_beside_places(finder: WordFinder) -> None:
    def text_of(text: str) -> str | None:
        found = finder.find(text)
        return found.text if found else None

    assert text_of("蒸気暖房 ぬるま湯ポンプ") == "ぬるま湯ポンプ"
    assert text_of("弘前の ぬるま湯ポンプ -輸出") == "ぬるま湯ポンプ"
    assert text_of('"ぬるま湯ポンプ"') == "ぬるま湯ポンプ"
    assert text_of("輸出") == "輸出"
    # Of several that nobody knows, or none, what was typed is one saying.
    assert text_of("ぬるま湯ポンプ 星屑") == "ぬるま湯ポンプ 星屑"
    for text in ("", "弘前市", "-輸出", "!!", '""', "湯" * 51):
        assert finder.find(text) is None, text


def test_suggestions_are_known_to_the_portal_and_found_by_searches(finder: WordFinder) -> None:
    known = UnknownWord("蒸気暖房装置x", is_found=False, suggestions=("蒸気暖房",))
    assert finder.find("蒸気暖房装置x") == known
    assert finder.suggest("ゆのはな") == ("ゆのはな湯",)
    assert "輸出" not in finder.suggest("輸出")
    assert finder.suggest("星屑") == ()


def test_nothing_is_suggested_while_there_is_no_index(unindexed: Resources) -> None:
    finder = finder_of(unindexed)
    assert finder.find("ぬるま湯ポンプ") == UnknownWord("ぬるま湯ポンプ", False, ())
    assert finder.count_now(SearchParams(q="x")) is None
