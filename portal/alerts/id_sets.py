"""Sets of listings in a column: row ids as runs, such as ``1-480,500``."""

from collections.abc import Iterable

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


class IdSet(TypeDecorator[frozenset[int]]):
    """A set of row ids as text.

    What a broad search has found are long runs of ids, so 10,000 of them take a few letters; where
    every second one is missing they take 50,000.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> str | None:
        """The runs in order."""
        return None if value is None else ",".join(_told(run) for run in _runs(sorted(value)))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[int] | None:
        """The set again."""
        if value is None:
            return None
        return frozenset(id_ for run in value.split(",") if run for id_ in _ids(run))


def _runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for id_ in ids:
        if runs and runs[-1][1] == id_ - 1:
            runs[-1] = (runs[-1][0], id_)
        else:
            runs.append((id_, id_))
    return runs


def _told(run: tuple[int, int]) -> str:
    first, last = run
    return str(first) if first == last else f"{first}-{last}"


def _ids(run: str) -> range:
    first, _, last = run.partition("-")
    return range(int(first), int(last or first) + 1)
