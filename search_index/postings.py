"""What an engine has to store, and the form in which it gives that back to a snapshot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search_index.document_terms import DocumentTerms
from search_index.types import ListingDocument, StatusPeriod

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document without its text: what filters, counts and sorts need."""

    id: str
    revision: int
    codes: Mapping[str, tuple[str, ...]]
    periods: tuple[StatusPeriod, ...]
    last_known_on: date | None
    published_at: int
    amount_max_yen: int | None
    popularity: int
    lengths: tuple[int, ...]
    """The number of terms in each of ``POSTING_FIELDS``."""

    @classmethod
    def of(cls, document: ListingDocument, terms: DocumentTerms) -> "DocumentRow":
        """The row of a document with the given terms."""
        return cls(
            id=document.id,
            revision=document.revision,
            codes={facet: tuple(codes) for facet, codes in document.codes.items()},
            periods=tuple(sorted(document.periods, key=lambda period: period.from_on)),
            last_known_on=document.last_known_on,
            published_at=document.published_at,
            amount_max_yen=document.amount_max_yen,
            popularity=document.popularity,
            lengths=terms.lengths,
        )


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term stands: documents by the engine's numbers, in any order."""

    documents: Numbers
    counts: Numbers
    """How many positions each document has."""
    positions: Numbers
    """Of all documents, one after the other."""


class PostingSource(Protocol):
    """One unchanging state of an engine's storage."""

    @property
    def applied_seq(self) -> int:
        """The change-log position this state was committed with."""
        ...

    @property
    def document_count(self) -> int:
        """All document numbers of the engine are below this, also those of deleted documents."""
        ...

    def rows(self) -> Iterable[tuple[int, DocumentRow]]:
        """Every document that is not deleted, with the engine's number for it."""
        ...

    def postings(self, field: str, term: str) -> Postings:
        """Of a term in a posting field; may name deleted documents."""
        ...

    def lexicon(self, field: str, prefix: str = "", limit: int | None = None) -> list[str]:
        """The first ``limit`` terms of a posting field that begin with ``prefix``, in order; may
        hold terms that only deleted documents had."""
        ...
