"""An index is built once, and anew when the code that builds it has changed."""

import json
from dataclasses import asdict, replace

import pytest

from bench.corpus import Corpus
from bench.engines import (
    NEW_TEXTS,
    OURS,
    Built,
    ensure_built,
    find_peer,
    index_folder,
    make_engine,
)
from bench.peers.peer import Match, PeerQuery


@pytest.fixture(scope="module")
def fresh(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The smallest corpus in a folder where nothing is built yet."""
    folder = tmp_path_factory.mktemp("engines")
    for path in corpus.folder.iterdir():
        (folder / path.name).symlink_to(path)
    return replace(corpus, folder=folder)


@pytest.fixture(scope="module")
def built(fresh: Corpus) -> Built:
    return ensure_built("fts5", fresh)


def test_an_index_is_built_once_and_holds_the_corpus(fresh: Corpus, built: Built) -> None:
    assert built.seconds is not None
    assert ensure_built("fts5", fresh) == built
    peer = find_peer("fts5")(index_folder("fts5", fresh))
    peer.open()
    assert peer.search(PeerQuery()).total == fresh.size
    peer.close()


def test_an_index_by_other_code_is_built_anew_unless_it_is_to_be_kept(
    fresh: Corpus, built: Built
) -> None:
    older = replace(built, fingerprint="older")
    stamp = index_folder("fts5", fresh).parent / "fts5-built.json"
    stamp.write_text(json.dumps(asdict(older)), encoding="utf-8")
    assert ensure_built("fts5", fresh, keep=True) == older
    assert ensure_built("fts5", fresh).fingerprint == built.fingerprint


def test_a_text_asked_again_as_a_new_one_finds_the_same(fresh: Corpus) -> None:
    folder = index_folder(OURS, fresh)
    ensure_built(OURS, fresh)
    usual, anew = make_engine(OURS, folder), make_engine(NEW_TEXTS, folder)
    usual.open()
    anew.open()
    for query in (PeerQuery(text="補助金"), PeerQuery(text="補助金", match=Match.PHRASE)):
        answers = [anew.search(query) for _ in range(3)]
        assert answers == [usual.search(query)] * 3
        assert answers[0].total
