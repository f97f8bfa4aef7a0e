"""Scores asked of few documents are those they have among all."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_index import ListingDocument
from search_index.segments.builder import build_segment
from search_index.segments.segment import Segment
from search_index.sets.bits import bits_of
from search_index.sets.candidates import Candidates
from search_index.snapshot import Snapshot
from search_index.terms.document_terms import TermKind
from tests.search_index.examples import FIXED, WORDS, document, libraries


def snapshot_of(*libraries: list[ListingDocument], deleted: tuple[int, ...] = ()) -> Snapshot:
    """Of a segment for each library; ``deleted`` are documents of the first."""
    segments = [Segment(build_segment(library)) for library in libraries]
    gone = [np.array(deleted, np.int64), *([np.zeros(0, np.int64)] * (len(libraries) - 1))]
    return Snapshot(list(zip(segments, gone, strict=True)), 0)


@FIXED
@given(first=libraries(), second=libraries(), chosen=st.sets(st.integers(0, 9)), data=st.data())
def test_few_documents_have_the_scores_they_have_among_all(
    first: list[ListingDocument],
    second: list[ListingDocument],
    chosen: set[int],
    data: st.DataObject,
) -> None:
    numbers = st.sets(st.integers(0, len(first) - 1)) if first else st.just(set[int]())
    deleted = tuple(sorted(data.draw(numbers)))
    asked, whole = (snapshot_of(first, second, deleted=deleted) for _ in range(2))
    known = np.array([number for number in sorted(chosen) if number < asked.slots], np.int64)
    few = Candidates(bits_of(known, asked.slots) & asked.live)
    everything = Candidates(whole.live)
    for kind in TermKind:
        for term in WORDS:
            among_all = np.zeros(whole.slots, np.float32)
            among_all[everything.documents] = whole.scores_of(kind, term, everything)
            assert asked.scores_of(kind, term, few).tolist() == among_all[few.documents].tolist()


def test_what_holds_a_term_in_several_fields_has_the_sum() -> None:
    snapshot = snapshot_of(
        [document("A", title="除雪", summary="除雪", body="除雪"), document("B", title="除雪")]
    )
    both = snapshot.scores_of(TermKind.WORDS, "除雪", Candidates(snapshot.live))
    assert both[0] > both[1] > 0


def test_a_term_asked_of_few_documents_is_not_worked_out_for_all() -> None:
    library = [document(f"L{number:03}", title="除雪") for number in range(200)]
    snapshot = snapshot_of(library)
    few = Candidates(bits_of(np.array([7]), snapshot.slots))
    snapshot.scores_of(TermKind.WORDS, "除雪", few)
    assert snapshot.segments[0].impacts.held_count == 0
    snapshot.scores_of(TermKind.WORDS, "除雪", few)
    assert snapshot.segments[0].impacts.held_count == 1, "it is asked for again"


def test_a_character_of_many_words_has_the_same_scores_however_they_are_put_together() -> None:
    texts = ("補助と補給", "補助、補助、補正", "補給")
    library = [document(f"L{n:03}", title=texts[n % 3], body=texts[n % 2]) for n in range(64)]
    # In the whole there are more places than documents, in the quarters there are not.
    quarters = [library[start : start + 16] for start in range(0, 64, 16)]
    whole, parted = snapshot_of(library), snapshot_of(*quarters)
    scores = [
        of.scores_of(TermKind.GRAMS, "補", Candidates(of.live)).tolist() for of in (whole, parted)
    ]
    assert scores[0] == scores[1]
    assert len(set(scores[0])) == len({(n % 3, n % 2) for n in range(64)})
