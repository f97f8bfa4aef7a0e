"""What of a document becomes searchable: the terms of each of its fields, and where they stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from search_index.analysis.grams import extract_grams
from search_index.analysis.normalise import normalise
from search_index.analysis.tokenizer import tokenize
from search_index.completion_terms import COMPLETIONS, completion_terms
from search_index.errors import SearchUnavailableError
from search_index.reading_terms import READINGS, reading_terms
from search_index.types import ListingDocument

FIELD_WEIGHTS = {"title": 3.0, "summary": 1.5, "keywords": 2.0, "names": 1.0, "body": 1.0}
"""The text fields of a document, and what a term found there is worth."""


class TermKind(StrEnum):
    """The two ways a text is cut into terms, each with its own postings."""

    WORDS = "words"
    GRAMS = "grams"


def posting_field(text_field: str, kind: TermKind) -> str:
    """The name of the postings that hold one kind of terms of one text field."""
    return f"{text_field}_{kind}"


FORMS = "forms"
"""Postings of no text field: each term is a ``WordForm`` that the document holds."""

DICTIONARIES = (FORMS, READINGS, COMPLETIONS)
"""Postings whose terms alone matter."""

POSTING_FIELDS = tuple(posting_field(name, kind) for name in FIELD_WEIGHTS for kind in TermKind)


@dataclass(frozen=True, slots=True)
class WordForm:
    """A word as the index has met it: highlighted and suggested by its surface."""

    normal: str
    surface: str
    reading: str

    def to_term(self) -> str:
        """As a term of the ``FORMS`` postings. Terms of one normal form share a prefix."""
        return "\t".join((self.normal, self.surface, self.reading))

    @classmethod
    def from_term(cls, term: str) -> "WordForm":
        """The inverse of ``to_term``.

        :raises SearchUnavailableError: the term is damaged.
        """
        parts = term.split("\t")
        if len(parts) != 3:
            raise SearchUnavailableError(f"a damaged term: {term!r}")
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class DocumentTerms:
    """The terms of one document with their positions, by posting field."""

    positions: Mapping[str, Mapping[str, tuple[int, ...]]]
    lengths: tuple[int, ...]
    """The number of terms in each of ``POSTING_FIELDS``."""


def extract_terms(document: ListingDocument) -> DocumentTerms:
    """Analyse every text field of a document."""
    fields: dict[str, dict[str, tuple[int, ...]]] = {}
    forms: set[WordForm] = set()
    for text_field, text in _texts(document).items():
        words = [word for word in tokenize(text) if word.is_content]
        forms.update(WordForm(word.normal, word.surface, word.reading) for word in words)
        fields[posting_field(text_field, TermKind.WORDS)] = _positions(
            (word.normal, position) for position, word in enumerate(words)
        )
        fields[posting_field(text_field, TermKind.GRAMS)] = _positions(extract_grams(text))
    forms.update(_keyword_forms(document))
    lengths = tuple(sum(map(len, fields[name].values())) for name in POSTING_FIELDS)
    readings = reading_terms((form.surface, form.reading) for form in forms)
    fields[FORMS] = {form.to_term(): (0,) for form in forms}
    fields[READINGS] = dict.fromkeys(readings, (0,))
    fields[COMPLETIONS] = dict.fromkeys(completion_terms(document), (0,))
    return DocumentTerms(fields, lengths)


def _texts(document: ListingDocument) -> dict[str, str]:
    """The normalised text of every field; entries of a list are kept apart by a symbol."""
    raw = {
        "title": document.title,
        "summary": document.summary,
        "keywords": "、".join(document.keywords),
        "names": "、".join(document.names),
        "body": document.body,
    }
    return {name: normalise(text).text for name, text in raw.items()}


def _positions(terms: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    positions: dict[str, list[int]] = defaultdict(list)
    for term, position in terms:
        positions[term].append(position)
    return {term: tuple(places) for term, places in positions.items()}


def _keyword_forms(document: ListingDocument) -> set[WordForm]:
    """Keywords of several words: whole, they are what a misspelt query most likely meant."""
    forms = set()
    for keyword in document.keywords:
        words = tokenize(normalise(keyword).text)
        if len(words) > 1:
            surface = "".join(word.surface for word in words)
            reading = "".join(word.reading for word in words)
            forms.add(WordForm(surface, surface, reading))
    return forms
