"""Processes that publish through the portal's own services, as the workers of many towns do.

Each changes listings of its own: a new version under a title with a word that nothing else holds,
published in one transaction, and then the one short try at the index that a save makes.
"""

import logging
import multiprocessing
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.connection import Connection, wait
from random import Random
from typing import Self

from sqlalchemy import select

from bench.corpus import SEED
from bench.http_data import source_id
from bench.listings import MadeUpListing, make_block
from portal.config import Settings
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import services
from portal.listings.models import Listing

# Long, and unlike syllables: a word that is not indexed yet must not be taken for a slip of the
# pen in one that is, nor for Japanese in Latin letters.
_LETTERS = "bcdfghjklmnpqrstvwxz"
_WORD_LENGTH = 12
_END_TIMEOUT_S = 30.0
_Context = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Change:
    """A listing, by its public id, that is found by ``word`` from this change on; ``committed_s``
    is the end of the transaction by the monotonic clock."""

    public_id: str
    word: str
    committed_s: float


@dataclass(frozen=True, slots=True)
class Order:
    """Change at least so many listings, and go on for at least so many seconds, with a pause after
    each change."""

    changes: int
    seconds: float = 0.0
    pause_s: float = 0.0


class Publishers:
    """So many processes that publish when told to, until the block is left. Together they change
    the first ``listings`` of the corpus, which have to be there."""

    def __init__(self, environment: Mapping[str, str], *, processes: int, listings: int) -> None:
        self._pipes: list[Connection] = []
        self._processes = []
        for which in range(processes):
            ours, theirs = _Context.Pipe()
            numbers = range(which + 1, listings + 1, processes)
            process = _Context.Process(
                target=_publish, args=(environment, numbers, theirs), daemon=True
            )
            process.start()
            # So that the end of the process ends the pipe.
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        for pipe in self._pipes:
            pipe.recv()
        return self

    def __exit__(self, *_error: object) -> None:
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            with suppress(BrokenPipeError):
                pipe.send(None)
            process.join(_END_TIMEOUT_S)

    def publish(self, order: Order) -> list[Change]:
        """Let all carry out an order at once; all changes, those of a listing in their order.

        :raises EOFError: a publisher failed; it has told why on standard error.
        """
        return list(_carry_out(self._pipes, order))

    def publish_one(self) -> Iterator[Change]:
        """Let the first change a listing. Gives the change at the end of its transaction, while the
        publisher tries the index, and ends when that is done.

        :raises EOFError: the publisher failed; it has told why on standard error.
        """
        return _carry_out(self._pipes[:1], Order(1))


def republish(held: Resources, made_up: MadeUpListing, times: int) -> Change:
    """Change a listing of the corpus for the ``times``-th time, as a town does on its screen."""
    word = _coined_word(made_up.number, times)
    content = replace(made_up.content, title=f"{made_up.content.title} {word}")
    with write_transaction(held.sessions) as session:
        found = select(Listing).where(Listing.source_id == source_id(made_up.number))
        listing = session.scalars(found).one()
        services.save_version(session, listing, content, now=held.clock.now())
        services.publish(session, listing, now=held.clock.now())
    return Change(listing.public_id, word, time.monotonic())


def _carry_out(pipes: Sequence[Connection], order: Order) -> Iterator[Change]:
    for pipe in pipes:
        pipe.send(order)
    busy = list(pipes)
    while busy:
        ready = set(wait(busy))
        for pipe in [pipe for pipe in busy if pipe in ready]:
            told: Change | None = pipe.recv()
            if told is None:
                busy.remove(pipe)
            else:
                yield told


def _coined_word(number: int, times: int) -> str:
    return "".join(Random(f"{number}/{times}").choices(_LETTERS, k=_WORD_LENGTH))


def _publish(environment: Mapping[str, str], numbers: Sequence[int], pipe: Connection) -> None:
    """Carry out orders from the pipe: a message for each change, and one with nothing at the end of
    each order."""
    # That another process is at the index is what is measured here, nothing to be warned of.
    logging.getLogger("portal").setLevel(logging.ERROR)
    held = Resources.from_settings(Settings.from_env(environment))
    made_up = make_block(SEED, 0)
    turns = ((made_up[number - 1], times) for times in count(1) for number in numbers)
    pipe.send(None)
    order: Order | None
    while (order := pipe.recv()) is not None:
        end = time.monotonic() + order.seconds
        done = 0
        while done < order.changes or time.monotonic() < end:
            pipe.send(republish(held, *next(turns)))
            held.indexer.drain_soon()
            done += 1
            time.sleep(order.pause_s)
        pipe.send(None)
    held.engine.dispose()
