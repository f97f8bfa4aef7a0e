from pathlib import Path

import pytest

from bench.corpus import Corpus, tokenised
from bench.listings import make_block
from bench.peers.peer import TEXT_FIELDS
from portal.listings.vocabulary import Vocabulary


def test_same_seed_and_block_give_the_same_listings() -> None:
    assert make_block(3, 0) == make_block(3, 0)
    assert make_block(3, 0) != make_block(4, 0)


def test_blocks_are_numbered_on_and_differ() -> None:
    first, second = make_block(3, 0), make_block(3, 1)
    assert [listing.number for listing in first + second] == list(range(1, 2001))
    assert first[0].content != second[0].content


def test_every_made_up_listing_says_so() -> None:
    assert all("（見本）" in listing.content.title for listing in make_block(3, 0))


def test_a_corpus_is_made_once_and_read_again_the_same(corpus: Corpus) -> None:
    files = {path: path.stat().st_mtime_ns for path in corpus.folder.rglob("*.jsonl")}
    corpus.prepare()
    assert {path: path.stat().st_mtime_ns for path in corpus.folder.rglob("*.jsonl")} == files
    assert list(corpus.documents()) == list(corpus.documents())


def test_only_whole_blocks_are_left_by_a_run(corpus: Corpus) -> None:
    assert {path.suffix for path in corpus.folder.rglob("*") if path.is_file()} == {".jsonl"}


def test_peers_get_the_same_listings_in_words(corpus: Corpus) -> None:
    for ours, theirs in zip(corpus.documents(), corpus.peer_documents(), strict=True):
        assert ours.id == theirs.id
        assert theirs.raw["title"] == ours.title
        assert theirs.tokenised.keys() == set(TEXT_FIELDS)
        assert theirs.facets["region"] == ours.codes["region"]
        assert "local_region" not in theirs.facets


def test_codes_are_those_of_the_vocabulary(corpus: Corpus, vocabulary: Vocabulary) -> None:
    for document in corpus.peer_documents():
        for facet in ("industry", "region", "purpose", "kind", "level"):
            assert set(document.facets[facet]) <= vocabulary.search_values(facet).keys()


def test_words_are_content_words_in_their_dictionary_form() -> None:
    assert tokenised("看板を直したい") == "看板 直す"


@pytest.mark.parametrize("size", [0, 999, 1500])
def test_a_corpus_of_no_whole_blocks_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="multiple of 1000"):
        Corpus(Path(), size)
