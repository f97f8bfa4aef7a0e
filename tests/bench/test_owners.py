from pathlib import Path

from bench.corpus import Corpus
from bench.owner_questions import QUESTIONS, Kind
from bench.owners import owner_table
from bench.quality.queries import load_queries
from search_index import open_index
from search_index.storage.generations import Generations

SOME = 200


def test_no_text_is_asked_twice_and_no_sentence_is_a_judged_one() -> None:
    texts = [text for of_kind in QUESTIONS.values() for text in of_kind]
    assert len(set(texts)) == len(texts)
    assert set(QUESTIONS[Kind.SENTENCE]).isdisjoint(query.text for query in load_queries())


def test_table_has_a_row_for_every_kind_and_tells_of_every_text(
    corpus: Corpus, tmp_path: Path
) -> None:
    open_index(f"whoosh:{tmp_path}").rebuild(
        (document for document, _ in zip(corpus.documents(), range(SOME), strict=False)), seq=0
    )
    told: list[str] = []

    table = owner_table(
        Generations(tmp_path).current(), show=lambda kind, text, opened, running: told.append(text)
    )

    assert [line.split(" | ")[0] for line in table.splitlines()[2:]] == [f"| {k}" for k in Kind]
    assert told == [text for of_kind in QUESTIONS.values() for text in of_kind]
