"""The sorted terms of one field of a segment, searched by halving where they lie."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search_index.errors import SearchUnavailableError

_AFTER_ANY_CHARACTER = b"\xff"  # never a byte of UTF-8


class Dictionary:
    """Distinct terms in the order of their UTF-8 bytes, one after the other in ``text``.

    Term number ``i`` is ``text[starts[i]:starts[i + 1]]``.
    """

    def __init__(self, text: NDArray[np.uint8], starts: NDArray[np.uint64]) -> None:
        self.text = text
        self.starts = starts
        # Slices of a memoryview cost a fraction of those of an array.
        self._text, self._starts = text.data, starts.data

    @classmethod
    def of(cls, terms: Sequence[bytes]) -> Self:
        """From distinct terms, sorted."""
        starts = np.zeros(len(terms) + 1, np.uint64)
        np.cumsum(np.fromiter(map(len, terms), np.uint64, len(terms)), out=starts[1:])
        return cls(np.frombuffer(b"".join(terms), np.uint8), starts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def number(self, term: str) -> int | None:
        """The place of a term, or None."""
        wanted = term.encode()
        at = bisect_left(range(len(self)), wanted, key=self._bytes_of)
        return at if at < len(self) and self._bytes_of(at) == wanted else None

    def numbers(self, prefix: str) -> range:
        """The places of all terms that begin with ``prefix``."""
        first, last = prefix.encode(), prefix.encode() + _AFTER_ANY_CHARACTER
        places = range(len(self))
        return range(
            bisect_left(places, first, key=self._bytes_of),
            bisect_left(places, last, key=self._bytes_of),
        )

    def terms(self, numbers: Iterable[int]) -> Iterator[str]:
        """The terms at the given places.

        :raises SearchUnavailableError: a term is damaged.
        """
        try:
            for number in numbers:
                yield self._bytes_of(number).decode()
        except UnicodeDecodeError as error:
            raise SearchUnavailableError(f"a damaged term: {error}") from error

    def encoded(self, numbers: Iterable[int]) -> list[bytes]:
        """The terms at the given places, in UTF-8."""
        return [self._bytes_of(number) for number in numbers]

    def _bytes_of(self, number: int) -> bytes:
        return self._text[self._starts[number] : self._starts[number + 1]].tobytes()
