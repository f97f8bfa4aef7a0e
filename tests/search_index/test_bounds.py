"""Whatever is typed, the work that answering takes has bounds."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from search_index import SearchQuery
from search_index.query.parsing import MAX_CHARACTERS
from search_index.segments.builder import build_segment
from search_index.segments.ranking import Scores
from search_index.segments.segment import Segment
from search_index.segments.vocabulary import Closeness
from search_index.sets.candidates import Candidates
from search_index.snapshot import Snapshot
from search_index.terms.document_terms import TermKind
from search_index.understanding.suggest import MOST_LOOK_UPS
from search_index.understanding.understand import understand
from tests.search_index.examples import TODAY, document

HOPELESS = (
    "経営革親 事業承経 雇用調節",
    "けいえいかくしわ せつびとおす はんろかいたう",
    "補助鬱 補助鶴 補助亀",
    "経営革親事業承経雇用調節 設備投次創業支授融姿制 知的材産商店外活性化展",
    "あ" * MAX_CHARACTERS,
    "補助菌" * MAX_CHARACTERS,
    "abcdefghijklmnopqrstuvwxyz" * 20,
    '"' * MAX_CHARACTERS,
)


class Counting(Snapshot):
    """A snapshot that counts what it is asked."""

    look_ups = 0

    def __init__(self) -> None:
        library = [
            document("a", "事業承継の相談", keywords=("事業承継",), body="補助金の申請の相談"),
            document("b", "経営革新の設備投資", body="雇用調整と販路開拓、知的財産"),
        ]
        super().__init__([(Segment(build_segment(library)), np.zeros(0, np.int64))], 0)
        self.scored: Counter[str] = Counter()

    def words_like(self, text: str, reading: str) -> Iterator[tuple[Closeness, str]]:
        self.look_ups += 1
        return super().words_like(text, reading)

    def scores_of(self, kind: TermKind, term: str, among: Candidates) -> Scores:
        self.scored[f"{kind} {term}"] += 1
        return super().scores_of(kind, term, among)


@pytest.mark.parametrize("text", HOPELESS)
def test_hopeless_texts_are_compared_with_the_vocabulary_a_bounded_number_of_times(
    text: str,
) -> None:
    snapshot = Counting()
    understand(snapshot, SearchQuery(on=TODAY, text=text))
    assert snapshot.look_ups <= MOST_LOOK_UPS


def test_misspelt_texts_reach_the_vocabulary() -> None:
    snapshot = Counting()
    understood = understand(snapshot, SearchQuery(on=TODAY, text=HOPELESS[0]))
    assert snapshot.look_ups > len(HOPELESS[0].split())
    assert understood.suggestion is None, "雇用調節 and the others stand in no text together"


def test_what_repeats_is_scored_once() -> None:
    text = "補助金の申請の相談、"
    twice, often = Counting(), Counting()
    understand(twice, SearchQuery(on=TODAY, text=text * 2))
    understand(often, SearchQuery(on=TODAY, text=text * 50))
    assert twice.scored
    assert often.scored == twice.scored
