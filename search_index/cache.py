"""A cache of arrays that forgets what was not asked for longest."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Holds values up to ``capacity`` bytes. Two threads may load the same key at once: values are
    equal, and waiting for each other would cost more."""

    def __init__(self, *, size_of: Callable[[Value], int], capacity: int) -> None:
        self._size_of = size_of
        self._capacity = capacity
        self._used = 0
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def held_count(self) -> int:
        """How many values it holds."""
        return len(self._values)

    def get(self, key: Key, load: Callable[[], Value]) -> Value:
        """The value of a key, loaded if it is not held."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = load()
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._used += self._size_of(value)
            while self._used > self._capacity and len(self._values) > 1:
                self._used -= self._size_of(self._values.popitem(last=False)[1])
        return value

    def held(self, key: Key) -> Value | None:
        """The value of a key if it is held."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]
