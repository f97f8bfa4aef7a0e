"""An index that is searched while listings change, and the log of their changes.

The portal's change log is a table of its database. Here a file stands for it, so that the index is
measured and not the database: a line for each change, appended under a lock. Draining it follows
the portal's order: lock the index, read the log after its position, write, commit.
"""

import fcntl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bench.corpus import Corpus
from bench.material import DAY
from search_index import ListingDocument, SearchIndex, SearchQuery

CHANGING = 1000
"""So many listings change, the first of the corpus."""


@dataclass(frozen=True, slots=True)
class ChangeLog:
    """A file of changed listings. The position of a change is the number of its line."""

    path: Path

    def record(self, number: int) -> None:
        """Append a change of a listing, by its place in the corpus."""
        with self.path.open("a", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(f"{number}\n")

    def numbers(self) -> list[int]:
        """All changes so far, in order."""
        return [int(line) for line in self.path.read_text("ascii").split()]


@dataclass(frozen=True, slots=True)
class Site:
    """An index, its log, and the listings that change."""

    corpus: Corpus
    url: str
    log: ChangeLog

    def changing(self) -> list[ListingDocument]:
        """The listings that change, as they were."""
        return list(islice(self.corpus.documents(), CHANGING))

    def documents(self) -> Iterator[ListingDocument]:
        """All listings as they are now, as a rebuild reads them."""
        changes = self.log.numbers()
        for number, document in enumerate(self.corpus.documents()):
            yield changed(document, changes.count(number)) if number < CHANGING else document


def changed(document: ListingDocument, times: int) -> ListingDocument:
    """A listing after so many changes, each of which gives it a word of its own."""
    if not times:
        return document
    word = change_word(document.id, times)
    return replace(document, revision=document.revision + times, title=f"{document.title} {word}")


def change_word(document_id: str, times: int) -> str:
    """The word that finds a listing from one of its changes on."""
    return f"{document_id.lower()}x{times}"


def drain(
    index: SearchIndex, log: ChangeLog, documents: Sequence[ListingDocument], timeout: float
) -> None:
    """Bring the index up to the log.

    :raises IndexLockedError: another process is at it.
    """
    with index.writer(timeout=timeout) as writer:
        numbers = log.numbers()
        for number in sorted(set(numbers[writer.applied_seq :])):
            writer.upsert(changed(documents[number], numbers.count(number)))
        if len(numbers) > writer.applied_seq:
            writer.commit(seq=len(numbers))


def count_lost(index: SearchIndex, log: ChangeLog, documents: Sequence[ListingDocument]) -> int:
    """Listings whose last change the index does not hold, or does not find."""
    numbers = log.numbers()
    revisions = index.revisions()
    lost = 0
    for number, document in enumerate(documents):
        times = numbers.count(number)
        held = revisions.get(document.id) == document.revision + times
        lost += not (held and (not times or is_seen(index, change_word(document.id, times))))
    return lost


def is_seen(index: SearchIndex, word: str) -> bool:
    """Whether a listing is found by a word of its own."""
    found = index.search(SearchQuery(on=DAY, text=word, include_closed=True, limit=1))
    understood = found.interpretation
    return found.total > 0 and not (understood.relaxed or understood.corrected)
