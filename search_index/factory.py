"""The only place where an engine is chosen."""

from pathlib import Path

from search_index.index import SearchIndex
from search_index.memory_index import MemoryIndex
from search_index.whoosh_index import WhooshIndex


def open_index(url: str, *, lag: float = 0) -> SearchIndex:
    """The index a URL names: ``whoosh:<folder>``, or ``memory:`` for one that is not kept.

    Searches may miss what other processes committed in the last ``lag`` seconds. Nothing is read or
    written yet; an index that was never built says so when it is searched.

    :raises ValueError: the URL names no engine, or lacks what the engine needs.
    """
    engine, _, place = url.partition(":")
    if engine == "whoosh" and place:
        return WhooshIndex(Path(place), lag)
    if url == "memory:":
        return MemoryIndex()
    raise ValueError(f"not a search index: {url!r}; expected 'whoosh:<folder>' or 'memory:'")
