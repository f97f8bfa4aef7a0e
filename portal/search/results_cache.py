"""Answers of the index, kept until anything they follow from changes.

Never pages, which carry what belongs to one reader. Whoever shows a hit still asks the database
whether it is published. The index has a cache of its own, which weighs arrays and lives as long as
one commit; this one counts answers, and what it is asked.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")

CAPACITY = 256
"""Answers kept by a process, each some ten kilobytes."""


class ResultsCache(Generic[Answer]):
    """Keeps the answers asked for last. ``hits`` and ``misses`` count what it was asked."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0

    def get(self, key: Hashable, search: Callable[[], Answer]) -> Answer:
        """The answer under a key, which ``search`` gives if it is not kept.

        ``key`` holds all the answer follows from. What ``search`` raises is raised and not kept.
        """
        with self._lock:
            if key in self._answers:
                self.hits += 1
                self._answers.move_to_end(key)
                return self._answers[key]
            self.misses += 1
        # Not under the lock: one slow search must not keep the others waiting.
        answer = search()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._capacity:
                self._answers.popitem(last=False)
        return answer
