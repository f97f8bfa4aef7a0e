"""Documents into the arrays of a segment."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from search_index.errors import SearchIndexError
from search_index.segments.array_file import Array
from search_index.segments.dictionary import Dictionary
from search_index.segments.layout import (
    FACET_NAMES,
    SegmentData,
    derived_arrays,
    facet_arrays,
    identity_arrays,
    lengths_by_entry,
    padded,
    slots_for,
)
from search_index.segments.postings import FIELD_BITS, FIELDS_PER_DOCUMENT, MAX_COUNT, MAX_POSITIONS
from search_index.segments.text_grams import find_grams
from search_index.sets.facet import Facet
from search_index.terms.document_terms import (
    DICTIONARIES,
    TEXT_FIELDS,
    DocumentTerms,
    TermKind,
    extract_terms,
)
from search_index.types import STATUSES, ListingDocument

UNKNOWN_AMOUNT = -1

_LOW = np.uint64(0xFFFF_FFFF)
_HIGH_BITS = np.uint64(32)


def build_segment(documents: Sequence[ListingDocument]) -> SegmentData:
    """The segment of some documents of distinct ids, in their order.

    :raises SearchIndexError: there are more characters than positions can count.
    """
    slots = slots_for(len(documents))
    terms = [extract_terms(document) for document in documents]
    ids = np.array([document.id.encode() for document in documents], np.bytes_)
    arrays: dict[str, Array] = {
        **identity_arrays(ids, slots),
        **_columns(documents, slots),
        **_periods(documents, slots),
        **_word_postings(terms, slots),
        **_gram_postings(terms, slots),
    }
    for name in DICTIONARIES:
        of_documents = [sorted(of_one.entries[name]) for of_one in terms]
        arrays |= _named(name, _dictionary_postings(of_documents))
    arrays |= derived_arrays(arrays)
    codes: dict[str, list[str]] = {}
    for name in FACET_NAMES:
        facet = Facet.of([document.codes.get(name, ()) for document in documents], slots)
        codes[name] = facet.codes
        arrays |= facet_arrays(name, facet)
    return SegmentData(arrays, {"document_count": len(documents), "codes": codes})


def _columns(documents: Sequence[ListingDocument], slots: int) -> dict[str, Array]:
    def column(values: Iterable[int]) -> Array:
        return padded(np.fromiter(values, np.int64, len(documents)), slots)

    return {
        "revisions": column(document.revision for document in documents),
        "published_at": column(document.published_at for document in documents),
        "popularity": column(document.popularity for document in documents),
        "last_known_on": column(
            (document.last_known_on or date.max).toordinal() for document in documents
        ),
        "amounts": column(
            UNKNOWN_AMOUNT if document.amount_max_yen is None else document.amount_max_yen
            for document in documents
        ),
    }


def _periods(documents: Sequence[ListingDocument], slots: int) -> dict[str, Array]:
    """All periods in the order of their documents and days, and how many each slot has."""
    ordered = [
        sorted(document.periods, key=lambda period: period.from_on) for document in documents
    ]
    periods = [period for of_one in ordered for period in of_one]
    return {
        "periods/per_slot": padded(np.array([len(of_one) for of_one in ordered], np.int64), slots),
        "periods/from_on": np.array([period.from_on.toordinal() for period in periods], np.int64),
        "periods/statuses": np.array(
            [STATUSES.index(period.status) for period in periods], np.uint8
        ),
        "periods/closes_on": np.array(
            [period.closes_on.toordinal() if period.closes_on else 0 for period in periods],
            np.int64,
        ),
    }


def _word_postings(terms: Sequence[DocumentTerms], slots: int) -> dict[str, Array]:
    vocabulary: dict[str, int] = {}
    numbers = array("q")
    lengths = []
    for of_one in terms:
        for words in of_one.words:
            numbers.extend([vocabulary.setdefault(word, len(vocabulary)) for word in words])
            lengths.append(len(words))
    text_entries = _text_entries(len(terms))
    entries = np.repeat(text_entries, lengths)
    postings = _postings(vocabulary, np.frombuffer(numbers, np.int64), entries)
    return _named(TermKind.WORDS, postings) | {
        f"lengths/{TermKind.WORDS}": _text_lengths(np.array(lengths, np.int64), slots)
    }


def _gram_postings(terms: Sequence[DocumentTerms], slots: int) -> dict[str, Array]:
    grams = find_grams([text for of_one in terms for text in of_one.texts])
    if grams.text_starts[-1] > MAX_POSITIONS:
        raise SearchIndexError("too much text for one segment")
    text_entries = _text_entries(len(terms))
    text_of = np.repeat(np.arange(len(text_entries)), np.diff(grams.text_starts))
    terms_at = {term: number for number, term in enumerate(grams.terms)}
    starts = np.append(grams.text_starts[:: len(TEXT_FIELDS)], grams.text_starts[-1])
    postings = _postings(terms_at, grams.numbers, text_entries[text_of], grams.positions)
    return _named(TermKind.GRAMS, postings) | {
        f"lengths/{TermKind.GRAMS}": _text_lengths(grams.lengths, slots),
        "document_starts": _document_starts(starts[: len(terms) + 1], slots),
    }


def _document_starts(starts: NDArray[np.int64], slots: int) -> NDArray[np.uint32]:
    """The first position of each slot, and the end; slots without a document have no text."""
    filled = np.full(slots + 1, starts[-1], np.uint32)
    filled[: len(starts)] = starts
    return filled


def _dictionary_postings(of_documents: Sequence[Sequence[str]]) -> dict[str, Array]:
    vocabulary: dict[str, int] = {}
    numbers = array("q")
    for of_one in of_documents:
        numbers.extend([vocabulary.setdefault(term, len(vocabulary)) for term in of_one])
    entries = np.repeat(
        np.arange(len(of_documents)) << FIELD_BITS, [len(of_one) for of_one in of_documents]
    )
    return _postings(vocabulary, np.frombuffer(numbers, np.int64), entries)


def _postings(
    vocabulary: Mapping[str, int],
    numbers: NDArray[np.int64],
    entries: NDArray[np.int64],
    positions: NDArray[np.int64] | None = None,
) -> dict[str, Array]:
    """Occurrences, each of a term by its number in ``vocabulary``, grouped by term and entry.

    ``entries`` belong to occurrences, or to all positions if there are ``positions``.
    """
    encoded = [term.encode() for term in vocabulary]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    places = np.empty(len(order), np.uint64)
    places[order] = np.arange(len(order), dtype=np.uint64)
    dictionary = Dictionary.of([encoded[number] for number in order])
    inner = entries if positions is None else positions
    # One sort of plain numbers: the term above, the entry or position below.
    keys = np.sort((places[numbers] << _HIGH_BITS) | inner.astype(np.uint64))
    of_terms = keys >> _HIGH_BITS
    ends = np.arange(len(order) + 1, dtype=np.uint64)
    arrays: dict[str, Array] = {}
    lower = (keys & _LOW).astype(np.uint32)
    if positions is not None:
        arrays["positions"] = lower
        arrays["position_starts"] = np.searchsorted(of_terms, ends).astype(np.uint64)
        lower = entries[lower].astype(np.uint32)
    is_first = np.ones(len(keys), bool)
    is_first[1:] = (of_terms[1:] != of_terms[:-1]) | (lower[1:] != lower[:-1])
    first = np.flatnonzero(is_first)
    return arrays | {
        **dictionary.arrays,
        "entries": lower[first],
        "entry_starts": np.searchsorted(of_terms[first], ends).astype(np.uint64),
        "counts": np.minimum(np.diff(first, append=len(keys)), MAX_COUNT).astype(np.uint8),
    }


def _text_entries(document_count: int) -> NDArray[np.int64]:
    """The entry of every text, in order."""
    documents = np.arange(document_count)[:, np.newaxis] << FIELD_BITS
    return (documents | np.arange(len(TEXT_FIELDS))).ravel()


def _text_lengths(lengths: NDArray[np.int64], slots: int) -> NDArray[np.uint16]:
    by_document = lengths.reshape(-1, len(TEXT_FIELDS))
    wide = np.zeros((len(by_document), FIELDS_PER_DOCUMENT), np.int64)
    wide[:, : len(TEXT_FIELDS)] = by_document
    return lengths_by_entry(wide.ravel(), slots)


def _named(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {f"{prefix}/{name}": array_ for name, array_ in arrays.items()}
