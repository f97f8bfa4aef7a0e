"""What is offered while somebody types."""

import pytest

from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import queries, services
from portal.search.completions import MOST, complete
from tests.conftest import NOW
from tests.factories import make_agency, make_draft, make_listing, publish_and_index


def offered(held: Resources, text: str) -> list[tuple[str, str]]:
    """Kind and text of each completion."""
    with held.sessions() as session:
        found = complete(session, held.index, text, vocabulary=held.shipped_vocabulary)
    return [(completion.kind.value, completion.text) for completion in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("八戸", ("region", "八戸市")),
        ("はちの", ("region", "八戸市")),
        ("ハチノ", ("region", "八戸市")),
        ("ﾊﾁﾉ", ("region", "八戸市")),
        ("hachi", ("region", "八戸市")),
        ("HATIN", ("region", "八戸市")),
        ("sotog", ("region", "外ヶ浜町")),
        ("じぎょうしょ", ("purpose", "事業承継")),
        ("jigyoush", ("purpose", "事業承継")),
        ("起業", ("purpose", "創業・起業")),
        ("ｄｘ", ("purpose", "DX・IT導入")),
        ("ほじょ", ("kind", "補助金・助成金")),
        ("けんせつ", ("industry", "建設業")),
        ("あおもりけ", ("agency", "青森県")),
        ("青森県", ("agency", "青森県")),
    ],
)
def test_names_are_found_by_spelling_and_by_ear(
    held: Resources, text: str, expected: tuple[str, str]
) -> None:
    with held.sessions.begin() as session:
        make_agency(session, kana="あおもりけん")
    assert expected in offered(held, text)


def test_names_come_before_words_and_words_before_listings(held: Resources) -> None:
    publish_and_index(held, title="創業の補助金", keywords=("創業資金", "起業"))
    assert offered(held, "創業") == [
        ("purpose", "創業・起業"),
        ("word", "創業資金"),
        ("listing", "創業の補助金"),
    ]


def test_titles_that_begin_as_typed_come_first(held: Resources) -> None:
    publish_and_index(held, title="看板の補助金")
    publish_and_index(held, title="新しい看板の補助金")
    assert [text for _, text in offered(held, "看板")] == ["看板の補助金", "新しい看板の補助金"]


def test_listings_that_are_not_published_are_never_offered(held: Resources) -> None:
    public_id = publish_and_index(held, title="看板の補助金", keywords=("看板代",))
    with write_transaction(held.sessions) as session:
        services.withdraw(session, queries.get_public(session, public_id), reason="終了", now=NOW)
        make_draft(session, title="看板の下書き", keywords=("看板秘密",))
    # The index lags behind: it may still offer a word, but no listing.
    assert offered(held, "看板") == [("word", "看板代")]
    held.indexer.drain(timeout=1)
    assert offered(held, "看板") == []


def test_without_an_index_names_are_still_offered(unindexed: Resources) -> None:
    with unindexed.sessions() as session:
        make_listing(session, title="八戸の看板")
    assert offered(unindexed, "八戸") == [("region", "八戸市")]


def test_there_are_never_more_than_ten(held: Resources) -> None:
    for number in range(MOST + 2):
        publish_and_index(held, title=f"青森の支援{number}", keywords=(f"青森の語{number}",))
    found = offered(held, "青森")
    assert len(found) == len(set(found)) == MOST


def test_what_is_typed_already_is_not_offered_as_a_word(held: Resources) -> None:
    publish_and_index(held, title="補助", keywords=("看板",))
    assert offered(held, "看板") == []


@pytest.mark.parametrize(
    "text",
    ["", " ", "%", "_", "\\", "'; --", "・", "(", "[a-z]+", "*", "?", "\U0001f34e"],
)
def test_signs_alone_are_no_beginning_of_anything(held: Resources, text: str) -> None:
    publish_and_index(held, title="100%補助_の【看板】")
    assert offered(held, text) == []


@pytest.mark.parametrize("text", ["a%", "補_助", "ー" * 200, "ん" * 200, "e\u0301" * 100, "-'x"])
def test_any_text_is_answered(held: Resources, text: str) -> None:
    publish_and_index(held, title="看板の補助金")
    assert offered(held, text) in ([], [("listing", "看板の補助金")])
