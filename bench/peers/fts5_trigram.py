"""SQLite FTS5 with its trigram tokenizer over raw text, the usual way to search Japanese there."""

import re
import unicodedata
from collections.abc import Mapping

from bench.peers.fts5 import Fts5, quoted
from bench.peers.peer import Match, PeerDocument, PeerQuery

_LENGTH = 3
_SPACES = re.compile(r"\s+")


class Fts5Trigram(Fts5):
    """As ``Fts5``, over text folded to NFKC.

    Each part of a question between spaces has to occur as it is, or with ``Match.ANY`` any three
    characters of it. What is shorter than three characters a trigram index cannot find.
    """

    name = "FTS5 trigram"
    tokenizer = "tokenize = 'trigram'"

    def texts(self, document: PeerDocument) -> Mapping[str, str]:
        return {name: _folded(text) for name, text in document.raw.items()}

    def expression(self, query: PeerQuery) -> str:
        parts = _SPACES.split(_folded(query.text).strip())
        if query.match is not Match.ANY:
            return " AND ".join(quoted(part) for part in parts if part)
        trigrams = [
            part[at : at + _LENGTH]
            for part in parts
            for at in range(max(1, len(part) - _LENGTH + 1))
            if part
        ]
        return " OR ".join(map(quoted, dict.fromkeys(trigrams)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
