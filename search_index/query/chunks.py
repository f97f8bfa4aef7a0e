"""A part of a query between two spaces or in quotes, taken apart into what can be looked up."""

from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from search_index.analysis.grams import GAP, Gram, extract_grams
from search_index.analysis.hints import Hint
from search_index.analysis.normalise import normalise_text
from search_index.analysis.synonyms import Expansion, SynonymTable
from search_index.analysis.tokenizer import Word, tokenize
from search_index.analysis.years import YearMention, find_years, year_names, year_writings
from search_index.types import SynonymExpansion


@dataclass(frozen=True, slots=True)
class Searchable:
    """A text to find: by its content words, or as the same characters in a row."""

    text: str
    words: tuple[str, ...]
    grams: tuple[Gram, ...]

    @property
    def telling_terms(self) -> tuple[str, ...]:
        """Its bigrams that are worth ranking by."""
        return _distinct_terms(self.grams)


@dataclass(frozen=True, slots=True)
class Unit:
    """Content words of a chunk that mean one thing, and what else means it."""

    words: tuple[str, ...]
    synonyms: tuple[Searchable, ...] = ()
    implied: tuple[Searchable, ...] = ()
    """What texts about it say where people say the words."""
    parts: tuple["Unit", ...] = ()
    """The same words understood one by one, where some of them have synonyms of their own."""
    is_optional: bool = False
    """Whether what lacks it is found all the same: years, which most documents do not name."""
    expansions: tuple[SynonymExpansion, ...] = ()
    """What a page should name of ``synonyms`` and ``implied``."""

    def all_synonyms(self) -> Iterator[Searchable]:
        """Those of the unit and its parts, and what they imply."""
        yield from self.synonyms
        yield from self.implied
        for part in self.parts:
            yield from part.all_synonyms()

    def all_expansions(self) -> Iterator[SynonymExpansion]:
        """Those of the unit and its parts."""
        yield from self.expansions
        for part in self.parts:
            yield from part.all_expansions()


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two spaces, or in quotes."""

    text: str
    """Normalised."""
    span: tuple[int, int]
    """Where it stands in the text as typed."""
    words: tuple[Word, ...]
    grams: tuple[Gram, ...]
    units: tuple[Unit, ...]
    is_phrase: bool = False
    variants: tuple["Chunk", ...] = ()
    """Other texts that may have been meant, each as good as this one: written forms of a reading,
    corrections."""
    expansions: tuple[SynonymExpansion, ...] = ()
    """What of ``variants`` a page should name; the units name theirs."""

    @property
    def is_optional(self) -> bool:
        """Whether it only makes what is found for the other chunks better."""
        return bool(self.units) and all(unit.is_optional for unit in self.units)

    @property
    def telling_terms(self) -> tuple[str, ...]:
        """Its bigrams that are worth ranking by."""
        return _distinct_terms(self.grams)

    @property
    def meaning(self) -> Hashable:
        """What two chunks have in common that find the same."""
        return (
            self.text,
            self.words,
            self.units,
            self.is_phrase,
            tuple(variant.meaning for variant in self.variants),
        )

    def without(self, stop_words: Container[str]) -> "Chunk":
        """The chunk with the given words, by their dictionary form, taken for mere form."""
        if self.is_phrase:
            return self
        words = (
            replace(word, is_content=word.is_content and word.normal not in stop_words)
            for word in self.words
        )
        units = (
            unit
            for unit in self.units
            if unit.synonyms or unit.implied or any(word not in stop_words for word in unit.words)
        )
        return replace(self, words=tuple(words), units=tuple(units))

    def all_expansions(self) -> Iterator[SynonymExpansion]:
        """Those of the chunk, its units and its variants."""
        yield from self.expansions
        for unit in self.units:
            yield from unit.all_expansions()
        for variant in self.variants:
            yield from variant.all_expansions()


def read_chunk(text: str, span: tuple[int, int], synonyms: SynonymTable) -> Chunk:
    """Understand normalised text that stood at ``span`` of the query."""
    words: list[Word] = []
    units: list[Unit] = []
    for piece, year in _pieces(text):
        found = tokenize(piece)
        words += found
        units += [_year_unit(piece, found, year)] if year else _units(found, synonyms)
    return Chunk(text, span, tuple(words), tuple(extract_grams(text)), tuple(units))


def read_literally(text: str, span: tuple[int, int], *, is_phrase: bool) -> Chunk:
    """Take normalised text at its word: nothing else means the same."""
    words = tokenize(text)
    units = tuple(_units(words, SynonymTable()))
    return Chunk(text, span, tuple(words), tuple(extract_grams(text)), units, is_phrase)


@lru_cache(maxsize=4096)
def searchable(text: str) -> Searchable:
    """How to find a text of any spelling."""
    normal = normalise_text(text)
    words = dict.fromkeys(word.normal for word in tokenize(normal) if word.is_content)
    return Searchable(normal, tuple(words), tuple(extract_grams(normal)))


def _pieces(text: str) -> Iterator[tuple[str, int | None]]:
    """The text cut around the years it names."""
    at = 0
    for mention in (*find_years(text), YearMention(len(text), len(text), 0)):
        if mention.start > at:
            yield text[at : mention.start], None
        if mention.year:
            yield text[mention.start : mention.end], mention.year
        at = mention.end


def _year_unit(text: str, words: Sequence[Word], year: int) -> Unit:
    names = tuple(name for name in year_names(year) if normalise_text(name) != text)
    return Unit(
        _content(words),
        tuple(map(searchable, year_writings(year))),
        is_optional=True,
        expansions=(SynonymExpansion(text, names),),
    )


def _units(words: Sequence[Word], synonyms: SynonymTable) -> Iterator[Unit]:
    """The units of words in order: what they say together, terms with synonyms, single words."""
    expansions = synonyms.expand(words)
    terms = {each.positions[0]: each for each in expansions if each.is_one_term}
    taken: set[int] = set()
    for expansion in expansions:
        if not expansion.is_one_term:
            yield _implying(Unit(_content([words[at] for at in expansion.positions])), expansion)
            taken.update(expansion.positions)
    hinted: dict[int, Hint] = {}
    for hint in synonyms.hints(words, expansions):
        if len(hint.positions) > 1:
            yield _hinting([words[at] for at in hint.positions], hint)
            taken.update(hint.positions)
        else:
            hinted[hint.positions[0]] = hint
    at = 0
    while at < len(words):
        if at in taken:
            at += 1
            continue
        free = next((end for end in range(at, len(words)) if end in taken), len(words))
        unit, length = _unit(words[at:free], synonyms, None)
        if (term := terms.get(at)) and length <= len(term.positions):
            length = term.positions[-1] + 1 - at
            whole = unit if unit and unit.synonyms else Unit(_content(words[at : at + length]))
            unit = _implying(whole, term)
        elif unit and not unit.synonyms and (of_word := hinted.get(at)):
            unit = _hinting(words[at : at + length], of_word)
        if unit:
            yield unit
        at += length


def _hinting(words: Sequence[Word], hint: Hint) -> Unit:
    """Words beside what they hint at, which is worth no more than a synonym: it is a guess."""
    shown = SynonymExpansion(" ".join(word.surface for word in words), hint.added)
    synonyms = tuple(map(searchable, hint.added))
    return Unit(_content(words), synonyms, expansions=(shown,))


def _implying(unit: Unit, expansion: Expansion) -> Unit:
    shown = SynonymExpansion(expansion.term, expansion.added)
    return replace(
        unit,
        implied=tuple(map(searchable, expansion.added)),
        expansions=(*unit.expansions, shown),
    )


def _unit(
    words: Sequence[Word], synonyms: SynonymTable, longest: int | None
) -> tuple[Unit | None, int]:
    """The unit that words begin with, of at most ``longest``, and how many it takes."""
    match = synonyms.match(words, longest=longest)
    taken = words[: match.length if match else 1]
    content = _content(taken)
    if not content or not match:
        return Unit(content) if content else None, len(taken)
    unit = Unit(
        content,
        tuple(map(searchable, match.others)),
        parts=_parts(taken, synonyms, match.others),
        expansions=(SynonymExpansion(match.term, match.others),),
    )
    return unit, len(taken)


def _parts(
    words: Sequence[Word], synonyms: SynonymTable, others: tuple[str, ...]
) -> tuple[Unit, ...]:
    """The parts of a compound that have synonyms other than the ``others`` of the whole. The 補助
    of 補助金 is no part: what is left of it says nothing alone."""
    if any(len(word.surface) == 1 for word in words if word.is_content) or len(words) == 1:
        return ()
    parts: list[Unit] = []
    at = 0
    while at < len(words):
        unit, length = _unit(words[at:], synonyms, len(words) - 1)
        parts += [unit] if unit else []
        at += length
    terms = {expansion.term for part in parts for expansion in part.expansions}
    return tuple(parts) if terms - set(others) else ()


def _content(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.normal for word in words if word.is_content))


def _distinct_terms(grams: Iterable[Gram]) -> tuple[str, ...]:
    """The terms of grams but for gaps, which are everywhere."""
    return tuple(dict.fromkeys(gram.term for gram in grams if gram.term != GAP))
