"""An empty index of each engine."""

from pathlib import Path

import pytest

from search_index import SearchIndex, open_index


@pytest.fixture(params=["memory", "whoosh"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    """Every test that asks for it runs once on each engine."""
    engine = open_index("memory:" if request.param == "memory" else f"whoosh:{tmp_path / 'index'}")
    engine.rebuild([], seq=0)
    return engine
