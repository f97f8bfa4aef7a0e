"""What made-up listings are made of: the sentences and vocabularies of the sample listings."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from portal import sample_data
from portal.listings.content import ListingContent
from portal.listings.vocabulary import Vocabulary, load_vocabulary
from portal.sample_data import loader
from search_index.analysis.normalise import normalise
from search_index.analysis.tokenizer import tokenize

DAY = date(2026, 10, 1)
"""The day all made-up dates are around, and every query is asked on."""

REGION_PACK = "aomori"
SAMPLE_MARK = "（見本）"

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_MARKUP = re.compile(r"^[#\-\s]+")
_SHORTEST_SENTENCE = 8


@dataclass(frozen=True, slots=True)
class Material:
    """Pools to draw from, each in a fixed order, so that drawing is a matter of the seed."""

    vocabulary: Vocabulary
    sentences: tuple[str, ...]
    title_heads: tuple[str, ...]
    title_tails: tuple[str, ...]
    summary_lengths: tuple[int, ...]
    body_lengths: tuple[int, ...]
    keywords: tuple[str, ...]
    departments: tuple[str, ...]
    eligibilities: tuple[str, ...]
    rates: tuple[str, ...]
    applications: tuple[str, ...]
    date_notes: tuple[str, ...]
    documents: tuple[str, ...]
    kinds: tuple[str, ...]
    """One for each sample, so that drawing keeps their shares; so are the purposes."""
    purposes: tuple[tuple[str, ...], ...]
    industries: tuple[tuple[str, ...], ...]


@cache
def load_material() -> Material:
    """Read the samples that come with the portal."""
    contents = list(_contents())
    titles = [_halves(content.title.removesuffix(SAMPLE_MARK)) for content in contents]
    texts = [text for c in contents for text in (c.summary, c.body)]
    return Material(
        vocabulary=load_vocabulary(REGION_PACK),
        sentences=_distinct(s for text in texts for s in _sentences(text)),
        title_heads=_distinct(head for head, _ in titles),
        title_tails=_distinct(tail for _, tail in titles),
        summary_lengths=tuple(len(c.summary) for c in contents),
        body_lengths=tuple(len(c.body) for c in contents),
        keywords=_distinct(word for c in contents for word in c.keywords),
        departments=_distinct(c.department for c in contents),
        eligibilities=_distinct(c.eligibility for c in contents),
        rates=_distinct(c.rate for c in contents),
        applications=_distinct(c.how_to_apply for c in contents),
        date_notes=_distinct(c.date_note for c in contents),
        documents=_distinct(name for c in contents for name in c.documents),
        kinds=tuple(c.kind for c in contents if c.kind),
        purposes=tuple(c.purposes for c in contents),
        industries=tuple(c.industries for c in contents),
    )


def _contents() -> Iterator[ListingContent]:
    folder = Path(sample_data.__file__).parent
    for line in (folder / "listings.jsonl").read_text("utf-8").splitlines():
        yield loader.real_content(json.loads(line))
    for line in (folder / "notices.jsonl").read_text("utf-8").splitlines():
        yield loader.made_up_content(json.loads(line), DAY)


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.findall(text):
        plain = _MARKUP.sub("", sentence)
        if len(plain) >= _SHORTEST_SENTENCE:
            yield plain if plain[-1] in "。！？" else plain + "。"


def _halves(title: str) -> tuple[str, str]:
    """A title cut between two words, near its middle."""
    surfaces = [word.surface for word in tokenize(normalise(title).text)]
    middle = max(1, len(surfaces) // 2)
    return "".join(surfaces[:middle]), "".join(surfaces[middle:])


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
