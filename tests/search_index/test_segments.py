"""Segments: the arrays hold what the texts say, also after merging."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import ListingDocument, SearchUnavailableError
from search_index.analysis.grams import GAP, extract_grams, is_single_character
from search_index.segments.array_file import ArrayFile, write_array_file
from search_index.segments.builder import build_segment
from search_index.segments.dictionary import Dictionary
from search_index.segments.merging import merge_segments
from search_index.segments.segment import Segment
from search_index.segments.text_grams import find_grams
from tests.search_index.examples import FIXED, document, libraries

# Any, and such as begin alike for longer than they are told apart by a number.
_TERMS = st.text(max_size=3) | st.text("補a", max_size=5)

_TEXTS = st.text("補助金ーabc1 ・、\U00020000é", max_size=12) | st.text(max_size=12)


@FIXED
@given(texts=st.lists(_TEXTS, max_size=5))
def test_grams_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    found = find_grams(texts)
    for number, text in enumerate(texts):
        start, end = found.text_starts[number], found.text_starts[number + 1]
        inside = (found.positions >= start) & (found.positions < end)
        held = {
            (found.terms[term], position - start)
            for term, position in zip(found.numbers[inside], found.positions[inside], strict=True)
        }
        grams = extract_grams(text)
        # Symbols before the first run take a place of their own.
        lead = min((at for term, at in held if term != GAP), default=0)
        assert {(gram.term, gram.position + lead) for gram in grams} <= held
        assert found.lengths[number] == sum(gram.term != GAP for gram in grams)
        others = {term for term, _ in held} - {gram.term for gram in grams} - {GAP}
        assert all(is_single_character(term) for term in others)


@FIXED
@given(terms=st.sets(_TERMS), wanted=_TERMS)
def test_dictionary_finds_terms_and_prefixes(terms: set[str], wanted: str) -> None:
    legal = {term for term in terms if term.isprintable()}
    ordered = sorted(legal, key=str.encode)
    dictionary = Dictionary.of([term.encode() for term in ordered])
    if wanted.isprintable():
        number = dictionary.number(wanted)
        assert (None if number is None else ordered[number]) == (
            wanted if wanted in legal else None
        )
        found = list(dictionary.terms(dictionary.numbers(wanted)))
        assert found == [term for term in ordered if term.startswith(wanted)]


@FIXED
@given(library=libraries(), cuts=st.lists(st.integers(0, 10), max_size=2), data=st.data())
def test_merged_segments_equal_one_built_at_once(
    library: list[ListingDocument], cuts: list[int], data: st.DataObject
) -> None:
    edges = [0, *sorted(min(cut, len(library)) for cut in cuts), len(library)]
    parts, kept = [], []
    for start, end in zip(edges, edges[1:], strict=False):
        piece = library[start:end]
        deleted = data.draw(
            st.sets(st.sampled_from(range(len(piece)))) if piece else st.just(set())
        )
        parts.append((Segment(build_segment(piece)), np.array(sorted(deleted), np.int64)))
        kept += [each for number, each in enumerate(piece) if number not in deleted]
    merged, whole = merge_segments(parts), build_segment(kept)
    assert merged.meta == whole.meta
    assert merged.arrays.keys() == whole.arrays.keys()
    for name, array in whole.arrays.items():
        assert merged.arrays[name].tolist() == array.tolist(), name


def test_segment_finds_documents_by_id() -> None:
    segment = Segment(build_segment([document(id_) for id_ in ("b", "a", "ä", "c")]))
    assert [segment.number_of(id_) for id_ in ("a", "b", "c", "ä", "", "d", "aa")] == [
        1, 0, 3, 2, None, None, None,
    ]  # fmt: skip


def test_array_file_gives_back_what_was_written(tmp_path: Path) -> None:
    arrays = {
        "numbers": np.arange(5, dtype=np.uint32),
        "none": np.zeros((0, 3), np.uint64),
        "rows": np.arange(6, dtype=np.uint16).reshape(2, 3),
        "ids": np.array([b"a", b"bc"]),
    }
    write_array_file(tmp_path / "file", arrays, {"count": 3, "codes": ["青森"]})
    file = ArrayFile(tmp_path / "file")
    assert file.meta == {"count": 3, "codes": ["青森"]}
    for name, array in arrays.items():
        assert file.arrays[name].dtype == array.dtype
        assert file.arrays[name].tolist() == array.tolist()
    file.verify()


def test_file_that_is_none_is_unavailable(tmp_path: Path) -> None:
    for content in (b"", b"x", b"LISTARR1" + b"\xff" * 40):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(SearchUnavailableError):
            ArrayFile(tmp_path / "file")
