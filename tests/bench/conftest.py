import pytest

from bench import queries
from bench.corpus import Corpus
from bench.peers.peer import PeerQuery
from bench.queries import Mode, draw_queries


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The smallest corpus, made once."""
    corpus = Corpus(tmp_path_factory.mktemp("bench"), 1000)
    corpus.prepare()
    return corpus


@pytest.fixture
def asked(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> dict[Mode, tuple[PeerQuery, ...]]:
    """The questions of a run, drawn from the smallest corpus instead of a larger one."""
    monkeypatch.setattr(queries, "SAMPLE_SIZE", corpus.size)
    return draw_queries(corpus)
