"""Words that mean the same in this field, added to a search and named on the page."""

import json
from functools import cache
from pathlib import Path

from search_index import SynonymTable


@cache
def default_synonyms() -> SynonymTable:
    """The groups that ship with the portal."""
    path = Path(__file__).resolve().with_name("default_synonyms.json")
    return SynonymTable(json.loads(path.read_text(encoding="utf-8")))
