"""Documents at the limits of what an index counts: found like any other, on every engine alike."""

import gc
import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import (
    ListingDocument,
    SearchIndex,
    SearchQuery,
    Sort,
    StatusPeriod,
    open_index,
)
from search_index.analysis.normalise import normalise_text
from tests.search_index.examples import FIXED, TODAY, WORDS, document, fill, find
from tests.search_index.folders import at, commit, kept_files

LARGE = [
    document("20k", body="創業の融資。" * 3_333 + "終わりに雪だるま"),
    document("200k", body="りんごの販路。" * 28_571 + "終わりに氷だるま"),
    document("run", body="あ" * 100_000),
    document("words", body="融資 " * 70_000 + "終わりに鏡だるま"),
    document("keywords", keywords=tuple(f"制度{number}号" for number in range(5_000))),
    document("codes", codes={"agency": tuple(f"c{number}" for number in range(2_000))}),
    document("empty"),
]


HUGE = {
    "keyword": document("a", keywords=("補助金" * 20_000 + "雪だるま",)),
    "title": document("a", "りんごの販路" * 10_000 + "雪だるま"),
    "name": document("a", names=("青森県" * 20_000 + "雪だるま",)),
    "word": document("a", "x" * 100_000, summary="雪だるま"),
    "code": document("a", "雪だるま", codes={"kind": ("x" * 100_000,)}),
    "id": document("a" * 10_000, "雪だるま"),
    "numbers": document(
        "a",
        "雪だるま",
        revision=2**63 - 1,
        amount_max_yen=2**63 - 1,
        published_at=-(2**63),
        popularity=2**63 - 1,
    ),
    "days": document(
        "a", "雪だるま", periods=(StatusPeriod(date.min, "open", date.max, date.max),)
    ),
    "controls": document("a", "雪だるま\t\n\x00", keywords=("創業\t\x00",), names=("\t",)),
}


@pytest.mark.parametrize("huge", HUGE.values(), ids=HUGE.keys())
def test_values_at_their_limits_are_kept_and_found(
    index: SearchIndex, huge: ListingDocument
) -> None:
    fill(index, [document("z", "融資")])
    with index.writer(timeout=1) as writer:
        writer.upsert(huge)
        writer.commit(seq=2)
    assert index.revisions() == {"z": 1, huge.id: huge.revision}
    index.check()
    for sort in Sort:
        assert set(find(index, sort=sort)) == {"z", huge.id}
        assert find(index, "雪だるま", sort=sort) == [huge.id]
    assert find(index, filters=huge.codes) == ([huge.id] if huge.codes else find(index))
    assert index.complete("ゆき") is not None


def test_the_largest_numbers_come_first(index: SearchIndex) -> None:
    fill(index, [document("z", "融資", amount_max_yen=1, popularity=1), HUGE["numbers"]])
    assert find(index, sort=Sort.AMOUNT) == ["a", "z"]
    assert find(index, sort=Sort.POPULAR) == ["a", "z"]
    assert find(index, sort=Sort.NEW) == ["z", "a"]


@pytest.mark.parametrize(
    "values",
    [
        {"id": ""},
        {"id": "a\x00"},
        {"id": "\ud800"},
        {"title": "半分の文字\ud83d"},
        {"keywords": ("創業", "\udcff")},
        {"names": ("\udcff",)},
        {"body": "\udcff"},
        {"codes": {"kind": ("\udcff",)}},
        {"revision": 2**63},
        {"published_at": -(2**63) - 1},
        {"popularity": 2**63},
        {"amount_max_yen": 2**63},
        {"amount_max_yen": -1},
        {"periods": ()},
        {"periods": (StatusPeriod(TODAY, "open"),)},
        {"periods": (StatusPeriod(date.min, "nearly"),)},
    ],
    ids=str,
)
def test_document_no_index_could_hold_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no id|cannot be kept|statuses|surrogates"):
        ListingDocument(**{"id": "a", "revision": 1, "title": "創業"} | values)


def relevance(text: str, **values: object) -> SearchQuery:
    return SearchQuery(**{"on": TODAY, "text": text, "sort": Sort.RELEVANCE, "limit": 50} | values)


FOUND = {
    "創業の融資": ["20k"],
    '"融資。創業"': ["20k"],
    "雪だるま": ["20k"],
    '"終わりに氷だるま"': ["200k"],
    "あ": ["run"],
    '"ああああ"': ["run"],
    '"終わりに鏡だるま"': ["words"],
    "制度4999号": ["keywords"],
}


def test_large_documents_are_found_to_their_ends_by_every_engine(tmp_path: Path) -> None:
    changed, memory = at(tmp_path / "index"), open_index("memory:")
    fill(memory, LARGE)
    fill(changed, LARGE[:1])
    for seq, each in enumerate(LARGE[1:], start=2):
        commit(changed, each, seq=seq)
    for text, ids in FOUND.items():
        results = changed.search(relevance(text))
        whole = results.hits[: results.interpretation.strict_total]
        assert [hit.id for hit in whole] == ids
        assert results == memory.search(relevance(text))
    for query in (relevance(""), relevance("融資"), relevance("", filters={"agency": ("c1999",)})):
        assert changed.search(query) == memory.search(query)
    counts = changed.search(relevance("")).facets["agency"]
    assert counts == {f"c{number}": 1 for number in range(2_000)}
    changed.check()


def test_ids_of_any_length_and_script_are_told_apart(index: SearchIndex) -> None:
    ids = ["x", "xx", "x" * 200, "x" * 199, "制度", "制", "é", "\U00020000"]
    fill(index, [document(id_, "創業") for id_ in ids])
    assert sorted(find(index, "創業")) == sorted(ids)
    for seq, id_ in enumerate(ids, start=2):
        with index.writer(timeout=1) as writer:
            writer.delete(id_)
            writer.commit(seq=seq)
        assert sorted(find(index)) == sorted(ids[seq - 1 :])


def test_ten_thousand_documents_are_deleted_in_one_commit(tmp_path: Path) -> None:
    index = at(tmp_path / "index")
    fill(index, [document(f"L{number:05}") for number in range(10_001)])
    with index.writer(timeout=1) as writer:
        for number in range(10_000):
            writer.delete(f"L{number:05}")
        writer.commit(seq=2)
    assert find(index) == ["L10000"]
    assert list(index.revisions()) == ["L10000"]


def test_document_replaced_again_and_again_is_held_once(tmp_path: Path) -> None:
    index = at(tmp_path / "index")
    fill(index, [document("a", "創業"), document("b", "創業")])
    for seq in range(2, 302):
        commit(index, document("a", f"創業 第{seq}回", revision=seq), seq=seq)
        assert index.revisions() == {"a": seq, "b": 1}
    assert find(index, f'"第{seq}回"') == ["a"]
    assert find(index, '-"第2回"') == ["a", "b"]
    assert len(kept_files(tmp_path / "index")[0]) <= 8


@pytest.fixture
def _without_garbage_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_without_garbage_collection")
def test_old_commits_are_let_go_as_soon_as_there_is_a_new_one(tmp_path: Path) -> None:
    index = at(tmp_path / "index")
    fill(index, [document("a", "創業"), document("b", "創業")])
    for seq in range(2, 40):
        commit(index, document("a", "創業の融資", revision=seq), seq=seq)
        assert find(index, "創業 -販路") == ["a", "b"]
        assert len(index.revisions()) == 2
    links = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
    opened = [link for link in links if link.startswith(str(tmp_path))]
    assert len(opened) <= 8
    assert Path("/proc/self/maps").read_text().count(str(tmp_path)) <= 8


def test_cold_words_are_found_by_threads_while_commits_happen(tmp_path: Path) -> None:
    index = at(tmp_path / "index")
    texts = [f"{one}{other}" for one in WORDS for other in WORDS]
    kept = [document(f"k{number:02}", text) for number, text in enumerate(texts)]
    fill(index, kept)
    expected = {text: index.search(relevance(f'"{text}"')).total for text in texts}
    done = threading.Event()

    def search_on(first: int) -> int:
        searches = 0
        while not done.is_set():
            text = texts[(first + searches) % len(texts)]
            assert index.search(relevance(f'"{text}"')).total == expected[text]
            assert index.complete(text[:2])
            searches += 1
        return searches

    with ThreadPoolExecutor(8) as pool:
        searching = [pool.submit(search_on, number) for number in range(8)]
        for seq in range(2, 32):
            # Each commit replaces documents by themselves and adds one that no text finds.
            commit(index, *kept[seq : seq + 3], document(f"n{seq}", "特許"), seq=seq)
        done.set()
    assert all(each.result() for each in searching)


_CHARACTERS = st.sampled_from("補助金米abc1 、・ーア")
_SHORT = st.text(_CHARACTERS, max_size=6)
_LIBRARY = st.lists(
    st.builds(
        ListingDocument,
        id=st.just("a"),
        revision=st.just(1),
        title=_SHORT,
        summary=_SHORT,
        keywords=st.lists(_SHORT, max_size=3).map(tuple),
        names=st.lists(_SHORT, max_size=2).map(tuple),
        body=_SHORT,
    ),
    max_size=4,
).map(lambda library: [replace(each, id=f"L{at}") for at, each in enumerate(library)])


@settings(FIXED, max_examples=150)
@given(library=_LIBRARY, free=_SHORT, at=st.integers(0, 40), size=st.integers(1, 5))
def test_phrases_are_found_within_one_text_alone(
    index: SearchIndex, library: list[ListingDocument], free: str, at: int, size: int
) -> None:
    fill(index, library)
    # Mostly a piece of the texts in a row, so that it often reaches from one into the next.
    joined = "、".join(text for each in library for text in each.texts())
    phrase = joined[at : at + size] or free
    wanted = _elements(phrase)
    if not wanted:
        return
    results = index.search(SearchQuery(on=TODAY, text=f'"{phrase}"', limit=100))
    expected = {
        each.id
        for each in library
        if any(_stand_together(wanted, _elements(text)) for text in each.texts())
    }
    if results.interpretation.corrected or results.interpretation.relaxed:
        assert not expected
    else:
        assert {hit.id for hit in results.hits} == expected


def _elements(text: str) -> list[str]:
    """Characters of Japanese, runs of Latin letters and digits, and what is between as a space."""
    found = re.findall("[a-z0-9]+|[補助金米ーア]|[^a-z0-9補助金米ーア]+", normalise_text(text))
    spaced = ["".join(" " if re.match("[^a-z0-9補助金米ーア]", each) else each) for each in found]
    while spaced and spaced[0] == " ":
        spaced.pop(0)
    while spaced and spaced[-1] == " ":
        spaced.pop()
    return spaced


def _stand_together(wanted: list[str], held: list[str]) -> bool:
    return any(held[at : at + len(wanted)] == wanted for at in range(len(held)))
