"""The questions asked of every engine, drawn from the corpus' own words by how common they are.

They come from the first listings, which corpora of all sizes share, so that every size and engine
is asked the same. Each set mixes rare, middling and common words in turn, and so does any beginning
of it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from random import Random

from bench.corpus import Corpus
from bench.peers.peer import Match, PeerDocument, PeerQuery
from search_index.analysis.normalise import normalise
from search_index.analysis.tokenizer import Word, tokenize

SAMPLE_SIZE = 10_000
QUERIES_PER_MODE = 36
HIGHLIGHTED_HITS = 20

_SEED = 3
# Nobody searches for らしい or 671 alone.
_TELLING = re.compile("[a-z]{2}|[ァ-ヺ]|[一-鿿]")
# The least and the greatest share of listings that hold a word.
_BANDS = ((0.0005, 0.003), (0.003, 0.03), (0.03, 0.3))


class Mode(StrEnum):
    """What is asked for, as tables call it."""

    TERM = "1 term"
    ALL_OF = "2–3 terms AND"
    PHRASE = "phrase"
    FILTERED = "term + 2 filters + 6 facets"
    ALL_FACETS = "all + 6 facets"
    DEADLINE = "term, sorted by deadline"


@dataclass(frozen=True, slots=True)
class _Sample:
    documents: Sequence[PeerDocument]
    words: Sequence[frozenset[str]]
    """Of each document."""
    bands: Sequence[Sequence[str]]
    """Words by band that are understood as themselves when typed."""


def draw_queries(
    corpus: Corpus, *, per_mode: int = QUERIES_PER_MODE
) -> dict[Mode, tuple[PeerQuery, ...]]:
    """At most ``per_mode`` questions of each mode, always the same for the same corpus format and
    seed; fewer where there are not so many words."""
    random = Random(_SEED)
    sample = _sample(corpus, random)
    terms = tuple(islice(_terms(sample), per_mode))
    filters = _filters(sample, random)
    return {
        Mode.TERM: terms,
        Mode.ALL_OF: tuple(islice(_conjunctions(sample, random), per_mode)),
        Mode.PHRASE: tuple(islice(_phrases(sample, random), per_mode)),
        Mode.FILTERED: tuple(
            replace(term, filters=chosen, with_facets=True)
            for term, chosen in zip(terms, filters, strict=False)
        ),
        # Told apart by their limit, so that no engine meets the same question again at once.
        Mode.ALL_FACETS: tuple(
            PeerQuery(with_facets=True, limit=20 + more) for more in range(per_mode)
        ),
        Mode.DEADLINE: tuple(replace(term, by_deadline=True) for term in terms),
    }


def mixed_queries(by_mode: dict[Mode, tuple[PeerQuery, ...]]) -> list[PeerQuery]:
    """All modes in turn, as a worker of the portal may meet them."""
    return [query for queries in zip(*by_mode.values(), strict=True) for query in queries]


def _sample(corpus: Corpus, random: Random) -> _Sample:
    shared = Corpus(corpus.folder, SAMPLE_SIZE)
    shared.prepare()
    documents = list(shared.peer_documents())
    words = [frozenset(" ".join(d.tokenised.values()).split()) for d in documents]
    counts = Counter(word for of in words for word in of)
    bands = []
    for least, greatest in _BANDS:
        known = sorted(w for w, n in counts.items() if least <= n / len(documents) < greatest)
        random.shuffle(known)
        bands.append([word for word in known if _is_itself(word)])
    return _Sample(documents, words, bands)


def _is_itself(word: str) -> bool:
    """Whether typing a dictionary form asks for this form and nothing else."""
    return bool(_TELLING.search(word)) and _normals(tokenize(word)) == (word,)


def _normals(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.normal for word in words)


def _terms(sample: _Sample) -> Iterator[PeerQuery]:
    for words in zip(*sample.bands, strict=False):
        for word in words:
            yield PeerQuery(text=word, words=(word,))


def _conjunctions(sample: _Sample, random: Random) -> Iterator[PeerQuery]:
    """Two or three words, each as common as comes, that some listing holds together."""
    usable = [frozenset(band) for band in sample.bands]
    while True:
        held = random.choice(sample.words)
        choices = [sorted(held & band) for band in random.sample(usable, random.choice((2, 2, 3)))]
        if all(choices):
            words = tuple(random.choice(choice) for choice in choices)
            yield PeerQuery(text=" ".join(words), words=words)


def _phrases(sample: _Sample, random: Random) -> Iterator[PeerQuery]:
    """Two or three content words that stand side by side in some listing."""
    met: set[str] = set()
    while True:
        document = random.choice(sample.documents)
        text = normalise(document.raw["body"]).text
        words = tokenize(text)
        at, length = random.randrange(max(1, len(words) - 3)), random.choice((2, 2, 3))
        part = words[at : at + length]
        phrase = "".join(word.surface for word in part)
        is_whole = all(word.is_content for word in part) and phrase in text
        if is_whole and phrase not in met and _normals(tokenize(phrase)) == _normals(part):
            met.add(phrase)
            yield PeerQuery(text=phrase, words=_normals(part), match=Match.PHRASE)


def _filters(sample: _Sample, random: Random) -> Iterator[dict[str, tuple[str, ...]]]:
    """A place and an industry of some listing."""
    while True:
        facets = random.choice(sample.documents).facets
        yield {name: (random.choice(facets[name]),) for name in ("region", "industry")}
