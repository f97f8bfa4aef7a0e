"""The engines of a comparison, built once for each corpus and kept."""

import hashlib
import importlib
import inspect
import json
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import search_index
from bench import corpus as corpora
from bench.corpus import Corpus
from bench.ours import Ours, OursNewTexts
from bench.peers import peer as peers
from bench.peers.peer import Engine, Peer, PeerMissingError

OURS = "ours"
NEW_TEXTS = "ours-new-texts"
"""Ours over the same index, asked every text as if for the first time."""
_PEERS = {
    "tantivy": "bench.peers.tantivy:Tantivy",
    "tantivy-one-field": "bench.peers.tantivy:TantivyOneField",
    "groonga": "bench.peers.groonga:Groonga",
    "fts5": "bench.peers.fts5:Fts5",
    "fts5-trigram": "bench.peers.fts5_trigram:Fts5Trigram",
    "postgresql": "bench.peers.postgresql:Postgresql",
    "whoosh": "bench.peers.whoosh:Whoosh",
    "whoosh-bigrams": "bench.peers.whoosh:WhooshBigrams",
}
_PROGRESS_STEP = 1000


@dataclass(frozen=True, slots=True)
class Built:
    """How an index came about. ``fingerprint`` changes with the code that built it."""

    fingerprint: str
    seconds: float | None
    """None if it was stopped in between and went on."""
    bytes: int


def find_peer(name: str) -> type[Peer]:
    """The class of a peer.

    :raises PeerMissingError: its library is not installed.
    """
    module, _, class_name = _PEERS[name].partition(":")
    try:
        found: type[Peer] = getattr(importlib.import_module(module), class_name)
    except ModuleNotFoundError as error:
        raise PeerMissingError(f"no {error.name}: requirements/install.sh bench") from error
    return found


def make_engine(name: str, folder: Path) -> Engine:
    """An engine over a folder; neither built nor opened.

    :raises PeerMissingError: it cannot be run here.
    """
    ours = {OURS: Ours, NEW_TEXTS: OursNewTexts}
    return ours[name](folder) if name in ours else find_peer(name)(folder)


def index_folder(name: str, corpus: Corpus) -> Path:
    """Where the index of an engine over a corpus is kept."""
    return corpus.folder / f"index-{corpus.size}" / (OURS if name == NEW_TEXTS else name)


def ensure_built(name: str, corpus: Corpus, *, keep: bool = False) -> Built:
    """Build an index unless there is one by the same code, or by any if ``keep`` is set.

    In a process of its own, so that nothing of it stays in memory.

    :raises PeerMissingError: the engine cannot be run here.
    """
    folder = index_folder(name, corpus)
    make_engine(name, folder)
    stamp = folder.parent / f"{name}-built.json"
    begun = folder.parent / f"{name}-begun"
    fingerprint = _fingerprint(name)
    if stamp.exists():
        built = Built(**json.loads(stamp.read_text("utf-8")))
        if keep or built.fingerprint == fingerprint:
            return built
        stamp.unlink()
    # Only ours can go on where it was stopped.
    goes_on = name == OURS and begun.exists() and begun.read_text("utf-8") == fingerprint
    if not goes_on:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    begun.write_text(fingerprint, encoding="utf-8")
    seconds = build_apart(name, corpus, folder)
    built = Built(fingerprint, None if goes_on else seconds, _size_of(folder))
    stamp.write_text(json.dumps(asdict(built)), encoding="utf-8")
    begun.unlink()
    return built


def build_apart(name: str, corpus: Corpus, folder: Path, *, cores: int | None = None) -> float:
    """Build into an empty folder in a process of its own, on the first ``cores`` cores if given;
    returns the seconds it took."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as process:
        return process.submit(_build, name, corpus, folder, cores).result()


def _build(name: str, corpus: Corpus, folder: Path, cores: int | None) -> float:
    if cores is not None:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    corpus.prepare()
    start = time.perf_counter()
    if name == OURS:
        Ours(folder).build(
            corpus.documents(),
            processes=cores or os.cpu_count() or 1,
            on_progress=progress(f"{name}: listings of {corpus.size:,}"),
        )
    else:
        find_peer(name)(folder).build(corpus.peer_documents())
    return time.perf_counter() - start


def progress(what: str) -> Callable[[int], None]:
    """A counter on standard error, where somebody is there to see it."""

    def show(done: int) -> None:
        if sys.stderr.isatty() and done % _PROGRESS_STEP == 0:
            print(f"\r{what}: {done:,}", end="", file=sys.stderr, flush=True)

    return show


def _fingerprint(name: str) -> str:
    """Of the code that decides what an index holds."""
    if name == OURS:
        paths = sorted(Path(search_index.__file__).parent.rglob("*.py"))
    else:
        paths = [Path(inspect.getfile(find_peer(name))), Path(peers.__file__)]
    digest = hashlib.sha256(f"{corpora.FORMAT} {corpora.SEED}".encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
