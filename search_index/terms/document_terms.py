"""What of a document becomes searchable: its texts, their words, and entries of dictionaries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from search_index.analysis.grams import BREAK
from search_index.analysis.normalise import normalise_text
from search_index.analysis.tokenizer import Word, tokenize
from search_index.errors import SearchUnavailableError
from search_index.terms.completion_terms import COMPLETIONS, completion_terms
from search_index.terms.reading_terms import READINGS, reading_terms
from search_index.types import ListingDocument

FIELD_WEIGHTS = {"title": 2.0, "summary": 1.5, "keywords": 3.0, "names": 2.0, "body": 1.0}
"""The text fields of a document, and what a term found there is worth."""

TEXT_FIELDS = tuple(FIELD_WEIGHTS)


class TermKind(StrEnum):
    """The two ways a text is cut into terms, each with its own postings."""

    WORDS = "words"
    GRAMS = "grams"


FORMS = "forms"
"""A dictionary of which each term is a ``WordForm`` that documents hold."""

DICTIONARIES = (FORMS, READINGS, COMPLETIONS)
"""Terms that stand in no text field, each with the documents it comes from."""


@dataclass(frozen=True, slots=True)
class WordForm:
    """A word as the index has met it: highlighted and suggested by its surface."""

    normal: str
    surface: str
    reading: str

    def to_term(self) -> str:
        """As a term of ``FORMS``. Terms of one normal form share a prefix."""
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
    """The analysed texts of one document."""

    texts: tuple[str, ...]
    """Of each of ``TEXT_FIELDS``, normalised, with breaks between the entries of a list."""
    words: tuple[tuple[str, ...], ...]
    """Of each of ``TEXT_FIELDS``, the normal forms of its content words in order."""
    entries: Mapping[str, frozenset[str]]
    """By name, the terms for each of ``DICTIONARIES``."""


def extract_terms(document: ListingDocument) -> DocumentTerms:
    """Analyse every text field of a document."""
    texts = tuple(normalise_text(text) for text in _texts(document))
    sentences = [text.replace(BREAK, "、") for text in texts]
    words = [[word for word in tokenize(text) if word.is_content] for text in sentences]
    forms = {_form(word) for of_field in words for word in of_field}
    forms.update(_keyword_forms(document))
    readings = reading_terms((form.surface, form.reading) for form in forms)
    return DocumentTerms(
        texts,
        tuple(tuple(word.normal for word in of_field) for of_field in words),
        {
            FORMS: frozenset(form.to_term() for form in forms),
            READINGS: frozenset(readings),
            COMPLETIONS: frozenset(completion_terms(document)),
        },
    )


def _texts(document: ListingDocument) -> tuple[str, ...]:
    """The text of each field."""
    keywords, names = BREAK.join(document.keywords), BREAK.join(document.names)
    return (document.title, document.summary, keywords, names, document.body)


def _form(word: Word) -> WordForm:
    return WordForm(word.normal, word.surface, word.reading)


def _keyword_forms(document: ListingDocument) -> Iterator[WordForm]:
    """Keywords of several words: whole, they are what a misspelt query most likely meant."""
    for keyword in document.keywords:
        words = tokenize(normalise_text(keyword))
        if len(words) > 1:
            surface = "".join(word.surface for word in words)
            yield WordForm(surface, surface, "".join(word.reading for word in words))
