"""How a segment is laid out in arrays.

Documents are numbered from 0. Arrays with one element a document have ``slots`` elements, a
multiple of 64, so that bits of several segments can simply be put in a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.segments.array_file import Array
from search_index.segments.postings import FIELDS_PER_DOCUMENT
from search_index.segments.vocabulary import vocabulary_arrays
from search_index.sets.bits import DOCUMENTS_PER_WORD
from search_index.sets.facet import Facet
from search_index.terms.document_terms import FORMS, TermKind
from search_index.types import FACETS, LOCAL_REGION

MAX_LENGTH = 65_535
"""The terms of a text field are counted up to this; more say nothing new."""

FACET_NAMES = (*FACETS, LOCAL_REGION)


@dataclass(frozen=True, slots=True)
class SegmentData:
    """What a segment is made of, ready to be stored."""

    arrays: Mapping[str, Array]
    meta: Mapping[str, Any]


def facet_arrays(name: str, facet: Facet) -> dict[str, Array]:
    """The arrays that hold a facet, but for its codes."""
    arrays = {"rows": facet.rows, "entries": facet.lists.entries}
    if facet.lists.starts is not None:
        arrays["starts"] = facet.lists.starts
    return {f"facets/{name}/{of}": array for of, array in arrays.items()}


def slots_for(document_count: int) -> int:
    """How many slots a segment of that many documents has."""
    return -(-document_count // DOCUMENTS_PER_WORD) * DOCUMENTS_PER_WORD


def padded(values: Array, slots: int) -> Array:
    """Values of documents with zeros for the slots that hold none."""
    return np.concatenate(
        [values, np.zeros((slots - len(values), *values.shape[1:]), values.dtype)]
    )


def identity_arrays(ids: NDArray[np.bytes_], slots: int) -> dict[str, Array]:
    """The arrays that hold the ids of documents and their order."""
    order = np.argsort(ids, kind="stable").astype(np.uint32)
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(ids), dtype=np.uint32)
    return {"ids": padded(ids, slots), "id_order": order, "id_ranks": padded(ranks, slots)}


def derived_arrays(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays that follow from others of a segment, so that no process has to work them out:
    the vocabulary of its word forms, and how many terms each text field has in all."""
    vocabulary = vocabulary_arrays(arrays[f"{FORMS}/text"], arrays[f"{FORMS}/starts"])
    derived = {f"vocabulary/{name}": array for name, array in vocabulary.items()}
    for kind in TermKind:
        by_document = arrays[f"lengths/{kind}"].reshape(-1, FIELDS_PER_DOCUMENT)
        derived[f"total_lengths/{kind}"] = by_document.sum(axis=0, dtype=np.int64)
    return derived


def lengths_by_entry(counts: Array, slots: int) -> NDArray[np.uint16]:
    """Numbers of terms by entry, from those of the entries that have any."""
    lengths = np.zeros(slots * FIELDS_PER_DOCUMENT, np.uint16)
    lengths[: len(counts)] = np.minimum(counts, MAX_LENGTH)
    return lengths
