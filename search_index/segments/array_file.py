"""Named arrays in one file, mapped rather than read, with a checksum for each.

    magic (8 bytes), length and CRC-32 of the header (two uint32), header (JSON), arrays

Each array begins at a multiple of 64 bytes, counted from the first.

Processes that map the same file share its pages. Opening checks the header and the file's size;
``verify`` reads everything, which is for a job at night.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.errors import SearchUnavailableError

Array = NDArray[Any]

_MAGIC = b"LISTARR1"
_PREFIX = struct.Struct("<8sII")
_ALIGNMENT = 64


def write_array_file(path: Path, arrays: Mapping[str, Array], meta: Mapping[str, Any]) -> None:
    """Write arrays, and anything JSON can hold beside them; on disk for good when this returns."""
    entries: list[dict[str, Any]] = []
    offset = 0
    for name, array in arrays.items():
        offset = _aligned(offset)
        flat = np.ascontiguousarray(array)
        entries.append(
            {
                "name": name,
                "dtype": flat.dtype.str,
                "shape": flat.shape,
                "offset": offset,
                "crc": zlib.crc32(_bytes_of(flat)),
            }
        )
        offset += flat.nbytes
    header = json.dumps({"meta": meta, "arrays": entries}, ensure_ascii=False).encode()
    start = _aligned(_PREFIX.size + len(header))
    with path.open("wb") as file:
        file.write(_PREFIX.pack(_MAGIC, len(header), zlib.crc32(header)))
        file.write(header)
        for entry, array in zip(entries, arrays.values(), strict=True):
            file.seek(start + entry["offset"])
            file.write(_bytes_of(np.ascontiguousarray(array)))
        file.truncate(start + offset)
        file.flush()
        os.fsync(file.fileno())


class ArrayFile:
    """The arrays of a file, valid as long as anything refers to them."""

    def __init__(self, path: Path) -> None:
        """Map a file.

        :raises SearchUnavailableError: it is missing, cut or not of this format.
        """
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            header, start = self._read_header()
            self.meta: Mapping[str, Any] = header["meta"]
            self._crcs = {entry["name"]: entry["crc"] for entry in header["arrays"]}
            self.arrays: Mapping[str, Array] = {
                entry["name"]: np.ndarray(
                    entry["shape"], np.dtype(entry["dtype"]), self._map, start + entry["offset"]
                )
                for entry in header["arrays"]
            }
        except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
            raise SearchUnavailableError(f"{path.name} cannot be read: {error!r}") from error

    def refuse_if_cut(self) -> None:
        """Notice a file that was shortened while mapped: touching what is gone would end us.

        :raises SearchUnavailableError: it was.
        """
        if self._map.size() < len(self._map):
            raise SearchUnavailableError(f"{self.path.name} was cut")

    def verify(self) -> None:
        """Compare every byte with its checksum.

        :raises SearchUnavailableError: something was changed since it was written.
        """
        self.refuse_if_cut()
        for name, array in self.arrays.items():
            if zlib.crc32(_bytes_of(array)) != self._crcs[name]:
                raise SearchUnavailableError(f"{self.path.name}: {name} was damaged")

    def _read_header(self) -> tuple[dict[str, Any], int]:
        magic, length, crc = _PREFIX.unpack_from(self._map)
        header = self._map[_PREFIX.size : _PREFIX.size + length]
        if magic != _MAGIC or len(header) != length or zlib.crc32(header) != crc:
            raise ValueError("not an intact array file of this format")
        parsed: dict[str, Any] = json.loads(header)
        return parsed, _aligned(_PREFIX.size + length)


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def _bytes_of(array: Array) -> memoryview:
    return array.reshape(-1).view(np.uint8).data
