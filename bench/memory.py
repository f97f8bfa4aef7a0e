"""What a worker keeps in memory, read from Linux itself after it has answered a while."""

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bench.ours import Ours
from bench.peers.peer import PeerQuery

_WORKERS = 2


@dataclass(frozen=True, slots=True)
class WorkerMemory:
    """Megabytes of one of two workers: its own, its fair part of all by PSS, and all it has mapped
    and touched, the dictionary of words included, which workers share."""

    private_mb: float
    shared_mb: float
    resident_mb: float


def measure_workers(folder: Path, queries: Sequence[PeerQuery]) -> WorkerMemory:
    """The larger of two workers that both hold the same index open after ``queries``."""
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for _ in range(_WORKERS):
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(folder, list(queries), theirs))
        process.start()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:
        pipe.recv()
    # Measured while both hold it, or pages of one alone would count as private.
    found: list[WorkerMemory] = []
    for pipe in pipes:
        pipe.send("measure")
        found.append(pipe.recv())
    for pipe, process in zip(pipes, processes, strict=True):
        pipe.send("end")
        process.join()
    return max(found, key=lambda memory: memory.private_mb)


def _work(folder: Path, queries: Sequence[PeerQuery], pipe: Connection) -> None:
    engine = Ours(folder)
    engine.open()
    for query in queries:
        engine.search(query)
    pipe.send("ready")
    pipe.recv()
    pipe.send(_own_memory())
    pipe.recv()


def _own_memory() -> WorkerMemory:
    kilobytes: dict[str, int] = {}
    for line in Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()[1:]:
        name, value = line.split(":")
        kilobytes[name] = int(value.split()[0])
    private = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return WorkerMemory(private / 1024, kilobytes["Pss"] / 1024, kilobytes["Rss"] / 1024)
