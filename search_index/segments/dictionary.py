"""The sorted terms of one field of a segment, searched by halving where they lie."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search_index.errors import SearchUnavailableError

_AFTER_ANY_CHARACTER = b"\xff"  # never a byte of UTF-8

# The beginnings of terms are compared as numbers of so many bytes.
_KEY_BYTES = 8


class Dictionary:
    """Distinct terms in the order of their UTF-8 bytes, one after the other in ``text``.

    Term number ``i`` is ``text[starts[i]:starts[i + 1]]``, and ``keys[i]`` its first eight bytes as
    a number, with zeros behind shorter ones: most terms are told apart without being read.
    """

    def __init__(
        self, text: NDArray[np.uint8], starts: NDArray[np.uint64], keys: NDArray[np.uint64]
    ) -> None:
        self.text = text
        self.starts = starts
        self.keys = keys
        # Items of a memoryview cost a fraction of those of an array.
        self._text, self._starts, self._keys = text.data, starts.data, keys.data

    @classmethod
    def of(cls, terms: Sequence[bytes]) -> Self:
        """From distinct terms, sorted."""
        starts = np.zeros(len(terms) + 1, np.uint64)
        np.cumsum(np.fromiter(map(len, terms), np.uint64, len(terms)), out=starts[1:])
        text = np.frombuffer(b"".join(terms), np.uint8)
        return cls(text, starts, _keys_of(text, starts))

    @property
    def arrays(self) -> dict[str, NDArray[np.integer]]:
        """What it is made of, by the names of its parts."""
        return {"text": self.text, "starts": self.starts, "keys": self.keys}

    def __len__(self) -> int:
        return len(self._starts) - 1

    def number(self, term: str) -> int | None:
        """The place of a term, or None."""
        wanted = term.encode()
        at = self._place_of(wanted)
        return at if at < len(self) and self._bytes_of(at) == wanted else None

    def numbers(self, prefix: str) -> range:
        """The places of all terms that begin with ``prefix``."""
        first = prefix.encode()
        return range(self._place_of(first), self._place_of(first + _AFTER_ANY_CHARACTER))

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
        """The terms at many places, in UTF-8."""
        text, starts = self.text.tobytes(), self.starts.tolist()
        return [text[starts[number] : starts[number + 1]] for number in numbers]

    def _place_of(self, wanted: bytes) -> int:
        """The first place of a term that is not before ``wanted``."""
        key = int.from_bytes(wanted[:_KEY_BYTES].ljust(_KEY_BYTES, b"\0"))
        first = bisect_left(self._keys, key)
        if first == len(self) or self._keys[first] != key:
            return first
        last = bisect_right(self._keys, key, lo=first)
        return bisect_left(range(len(self)), wanted, lo=first, hi=last, key=self._bytes_of)

    def _bytes_of(self, number: int) -> bytes:
        return self._text[self._starts[number] : self._starts[number + 1]].tobytes()


def _keys_of(text: NDArray[np.uint8], starts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    begins = starts[:-1].astype(np.int64)
    lengths = np.diff(starts).astype(np.int64)
    padded = np.append(text, np.zeros(_KEY_BYTES, np.uint8))
    keys = np.zeros(len(lengths), np.uint64)
    for at in range(_KEY_BYTES):
        keys <<= np.uint64(8)
        keys |= np.where(at < lengths, padded[begins + at], 0).astype(np.uint64)
    return keys
