"""Peers are only worth comparing with if they answer what they are asked."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from random import Random

import pytest

from bench.engines import find_peer
from bench.peers.peer import (
    FACET_FIELDS,
    TEXT_FIELDS,
    Match,
    Peer,
    PeerDocument,
    PeerMissingError,
    PeerQuery,
    rank,
)
from tests.bench import brute_force
from tests.conftest import missing_tool

WORDS = ("補助", "創業", "c++", "3.5", "r&d", "a_b", "ー", "販路", "100%", "dx")
CODES = ("A", "B", "shimokita", "02201")

PEERS = [
    "fts5",
    "whoosh",
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    # These are there where measurements are made, and need not be elsewhere.
    *(["tantivy", "tantivy-one-field"] if find_spec("tantivy") else []),
    *(["groonga"] if shutil.which("groonga") else []),
]


def documents() -> list[PeerDocument]:
    random = Random(3)  # noqa: S311  (no secret)
    found = []
    for number in range(120):
        words = {
            name: " ".join(random.choices(WORDS, k=random.randrange(5))) for name in TEXT_FIELDS
        }
        facets = {
            name: tuple(random.sample(CODES, random.randrange(1, 4))) for name in FACET_FIELDS
        }
        closes_on = date(2026, 10, 1) + timedelta(days=random.randrange(60))
        has_deadline = random.random() < 0.7
        found.append(
            PeerDocument(f"L{number:06}", words, words, facets, closes_on if has_deadline else None)
        )
    return found


@pytest.fixture(scope="module", params=PEERS)
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    """Each peer over the same documents."""
    # Not in pytest's folder: that one is closed to the account of a database server.
    with tempfile.TemporaryDirectory(prefix="bench-peer-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        try:
            peer = find_peer(request.param)(Path(folder))
        except PeerMissingError as missing:
            missing_tool(str(missing))
        peer.build(documents())
        peer.open()
        yield peer
        peer.close()


def questions() -> Iterator[PeerQuery]:
    chosen: tuple[dict[str, tuple[str, ...]], ...] = (
        {},
        {"region": ("02201",)},
        {"region": ("02201", "A"), "industry": ("B",), "agency": ("A", "shimokita")},
    )
    for filters in chosen:
        yield PeerQuery(filters=filters, with_facets=True, limit=200)
    texts = [(word,) for word in WORDS] + list(product(WORDS[:5], WORDS[3:8]))
    for words, match, filters in product(texts, Match, chosen):
        if len(set(words)) == len(words):
            text = " ".join(words)
            yield PeerQuery(text, words, match, filters, with_facets=True, limit=200)


def test_peer_finds_and_counts_as_brute_force_does(peer: Peer) -> None:
    given = documents()
    for query in questions():
        expected, found = brute_force.answer(given, query), peer.search(query)
        assert (found.total, set(found.ids)) == (expected.total, set(expected.ids)), query
        for facet in FACET_FIELDS:
            assert found.facets[facet] == expected.facets[facet], (query, facet)


def test_peer_sorts_by_deadline_and_ends_where_it_is_told(peer: Peer) -> None:
    query = PeerQuery("補助", ("補助",), by_deadline=True, limit=7)
    found = peer.search(query)
    assert found.total > len(found.ids)
    deadlines = {document.id: document.closes_on or date.max for document in documents()}
    expected = brute_force.answer(documents(), query).ids[:7]
    assert [deadlines[id_] for id_ in found.ids] == [deadlines[id_] for id_ in expected]


def test_a_word_in_the_title_ranks_above_one_in_the_body(tmp_path: Path) -> None:
    def document(id_: str, field: str) -> PeerDocument:
        texts = {**dict.fromkeys(TEXT_FIELDS, "x x x"), field: "x 補助 x"}
        return PeerDocument(id_, texts, texts, dict.fromkeys(FACET_FIELDS, ("A",)))

    peer = find_peer("fts5")(tmp_path)
    peer.build([document("L1", "body"), document("L2", "title")])
    peer.open()
    assert rank(peer, "補助", ("補助",)) == ("L2", "L1")
    peer.close()


def test_peer_answers_the_same_after_it_was_closed_and_opened(peer: Peer) -> None:
    query = PeerQuery("創業", ("創業",), with_facets=True)
    before = peer.search(query)
    peer.close()
    peer.open()
    assert peer.search(query) == before
