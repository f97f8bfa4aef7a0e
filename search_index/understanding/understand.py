"""What a typed text means to one snapshot: worked out once, kept for the pages of its results."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from search_index.highlight import Highlighter
from search_index.matching.text_match import TextMatch, find, find_alike
from search_index.query.chunks import Chunk
from search_index.query.parsing import ParsedQuery, parse
from search_index.snapshot import Snapshot
from search_index.types import SearchQuery, SynonymExpansion
from search_index.understanding.interpretation import interpret
from search_index.understanding.suggest import suggest

_NOISE = re.compile(".|[ぁ-ん]{2}")

# About what the words of a query take.
_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Understanding:
    """A text taken apart, with what else it stands for and what was probably meant."""

    parsed: ParsedQuery
    highlighter: Highlighter
    suggestion: str | None
    is_corrected: bool
    """Whether ``parsed`` already holds the suggestion."""
    match: TextMatch
    """What it finds."""
    expansions: tuple[SynonymExpansion, ...]
    """What is searched for beside the words typed."""

    @property
    def nbytes(self) -> int:
        """How much memory it takes, about."""
        return _BYTES + self.match.nbytes


def understand(snapshot: Snapshot, query: SearchQuery) -> Understanding:
    """Understand the text of a query. Equal texts share one understanding."""
    understood: Understanding = snapshot.understandings.get(
        (query.text, query.synonyms), lambda: _understand(snapshot, query)
    )
    return understood


def _understand(snapshot: Snapshot, query: SearchQuery) -> Understanding:
    parsed = interpret(snapshot, parse(query.text, query.synonyms))
    match = find(snapshot, parsed)
    correction = suggest(snapshot, parsed) if match.may_be_misspelt else None
    if correction and correction.parsed:
        parsed = correction.parsed
        match = find(snapshot, parsed)
    elif parsed.required and not match.bits.any():
        match = find_alike(snapshot, parsed) or match
    return Understanding(
        parsed,
        Highlighter(tuple(dict.fromkeys(_surfaces(snapshot, parsed.required)))),
        correction.text if correction else None,
        is_corrected=bool(correction and correction.parsed),
        match=match,
        expansions=parsed.expansions,
    )


def _surfaces(snapshot: Snapshot, chunks: Iterable[Chunk]) -> Iterator[str]:
    """What to mark: the text of each chunk and of its synonyms, and the forms of their words."""
    for chunk in chunks:
        yield chunk.text
        if chunk.is_phrase:
            continue
        content = (word.surface for word in chunk.words if word.is_content)
        yield from (surface for surface in content if _is_telling(surface, chunk))
        for unit in chunk.units:
            yield from (synonym.text for synonym in unit.all_synonyms())
            single = [each.words[0] for each in unit.all_synonyms() if len(each.words) == 1]
            for normal in (*unit.words, *single):
                forms = snapshot.forms(normal)
                yield from (form.surface for form in forms if _is_telling(form.surface, chunk))
        yield from _surfaces(snapshot, chunk.variants)


def _is_telling(surface: str, chunk: Chunk) -> bool:
    """Whether a word of a chunk is worth marking: 金 of 補助金 or ため of a sentence is noise."""
    return len(chunk.words) == 1 or _NOISE.fullmatch(surface) is None
