"""What a reading may stand for: じぎょうしょうけい is 事業承継, by the words the index has met."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from math import log1p

from search_index.analysis.grams import extract_grams
from search_index.analysis.kana import key_positions, to_hiragana
from search_index.analysis.stop_words import PARTICLES
from search_index.query.chunks import searchable
from search_index.snapshot import Snapshot
from search_index.terms.reading_terms import READINGS, Reading

MAX_KANA = 32
"""Longer readings are not looked at."""

_MAX_FORMS = 3
_MAX_TERMS = 48
_MAX_HOMOPHONES = 24
_MAX_COMBINATIONS = 16

# A homophone found in fewer documents than this share of the commonest one's is not meant.
_COMMON_SHARE = 0.1

# What stands between words and is written in kana anyway.
_ENDINGS = "お え です ます たい ない して した する したい ほしい ください について ため"
_FUNCTION_WORDS = PARTICLES | frozenset(_ENDINGS.split())
_LONGEST_FUNCTION = max(map(len, _FUNCTION_WORDS))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a reading that a word, or a function word, may be behind."""

    end: int
    surfaces: tuple[str, ...]
    """The commonest first."""
    frequency: int
    """In how many documents the commonest is; 0 for function words."""


def find_written_forms(snapshot: Snapshot, kana: str) -> list[str]:
    """The texts that may be behind ``kana``, the likeliest first: of as few words as possible, and
    of those the commonest. Empty if the index knows no words for all of it."""
    path = _likeliest_path(snapshot, kana) if len(kana) <= MAX_KANA else []
    if not any(stretch.frequency for stretch in path):
        return []
    if len(path) == 1:
        return list(path[0].surfaces[:_MAX_FORMS])
    combinations = islice(product(*(stretch.surfaces[:2] for stretch in path)), _MAX_COMBINATIONS)
    texts = ["".join(combination) for combination in combinations]
    found = [text for text in texts if snapshot.holding_sequence(extract_grams(text)).any()]
    return (found or texts[:1])[:_MAX_FORMS]


def find_written_word(snapshot: Snapshot, kana: str) -> str | None:
    """The likeliest single word behind ``kana``, or None."""
    path = _likeliest_path(snapshot, kana) if len(kana) <= MAX_KANA else []
    return path[0].surfaces[0] if len(path) == 1 and path[0].frequency else None


def document_frequency(snapshot: Snapshot, text: str) -> int:
    """The number of documents that hold the rarest word of a text."""
    words = searchable(text).words
    return min(map(snapshot.document_frequency, words), default=0)


def _likeliest_path(snapshot: Snapshot, kana: str) -> list[_Stretch]:
    """The fewest stretches that make up ``kana``, and of those the commonest; [] if none do."""
    positions = key_positions(kana)
    key = "".join(character for character, _ in positions)
    places = [place for _, place in positions] + [len(kana)]
    hiragana = to_hiragana(kana)
    # By where a rest begins, the number of its words and the ways to begin it.
    counts = {len(key): 0}
    ways: dict[int, list[tuple[int, list[str]]]] = {}
    for start in range(len(key) - 1, -1, -1):
        found = [
            (end, terms)
            for end, terms in _words_from(snapshot, key, start)
            if end in counts and (terms or hiragana[places[start] : places[end]] in _FUNCTION_WORDS)
        ]
        if found:
            fewest = min(counts[end] for end, _ in found)
            counts[start] = fewest + 1
            ways[start] = [(end, terms) for end, terms in found if counts[end] == fewest]

    if 0 not in counts:
        return []
    # Frequencies are only asked for where they decide.
    best: dict[int, tuple[float, list[_Stretch]]] = {len(key): (0.0, [])}
    for start in sorted(_reached(ways), reverse=True):
        paths = []
        for end, terms in ways[start]:
            kana_here = hiragana[places[start] : places[end]]
            stretch = _stretch(snapshot, end, key[start:end], kana_here, terms)
            score, rest = best[end]
            paths.append((score + log1p(stretch.frequency), [stretch, *rest]))
        best[start] = max(paths, key=lambda path: path[0])
    return best[0][1]


def _reached(ways: Mapping[int, list[tuple[int, list[str]]]]) -> set[int]:
    """The places that ways from the beginning lead through, without the end."""
    reached = {0} & ways.keys()
    for start in sorted(ways):
        if start in reached:
            reached.update(end for end, _ in ways[start] if end in ways)
    return reached


def _words_from(snapshot: Snapshot, key: str, start: int) -> Iterator[tuple[int, list[str]]]:
    """Every place where a word may end that begins at ``start`` of a key, with the ``Reading``
    terms for it."""
    for end in range(start + 1, len(key) + 1):
        # So many words are read as one kana that any text could be made of them.
        is_one_kana = end == start + 1 and len(key) > 1
        prefix = f"{key[start:end]}\t"
        terms = [] if is_one_kana else snapshot.lexicon(READINGS, prefix, limit=_MAX_TERMS)
        yield end, terms
        is_begun = end - start < _LONGEST_FUNCTION
        if not is_begun and not snapshot.lexicon(READINGS, key[start:end], limit=1):
            break


def _stretch(snapshot: Snapshot, end: int, key: str, kana: str, terms: list[str]) -> _Stretch:
    if kana in _FUNCTION_WORDS:
        return _Stretch(end, (kana,), 0)
    # Who typed the vowels as they are meant them so.
    exact = snapshot.lexicon(READINGS, f"{key}\t{kana}\t", limit=_MAX_TERMS)
    surfaces = [Reading.from_term(term).surface for term in exact or terms]
    # Spellings that the analysis folds anyway are one homophone.
    spellings = {searchable(surface).words: surface for surface in surfaces}
    frequencies = {
        surface: document_frequency(snapshot, surface)
        for surface in islice(spellings.values(), _MAX_HOMOPHONES)
    }
    most = max(frequencies.values())
    common = [surface for surface in frequencies if frequencies[surface] >= _COMMON_SHARE * most]
    common.sort(key=lambda surface: -frequencies[surface])
    return _Stretch(end, tuple(common), most)
