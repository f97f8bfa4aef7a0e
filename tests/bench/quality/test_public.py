"""Questions in the form of JSQuAD, written for this test."""

import json

from bench.quality.public import Question, Scores, read_jsquad, score, table
from bench.quality.rankers.ours import open_ours, rank_with

CONTENT = json.dumps(
    {
        "data": [
            {
                "title": "川",
                "paragraphs": [
                    {
                        "context": "川 [SEP] 見本川は見本山から流れ出る川である。",
                        "qas": [{"question": "見本川はどこから流れるか。", "id": "1"}],
                    },
                    {
                        "context": "川 [SEP] 橋は木でできている。",
                        "qas": [{"question": "橋は何でできているか。", "id": "2"}],
                    },
                ],
            }
        ]
    }
).encode()


def test_passages_become_documents_and_questions_know_theirs() -> None:
    documents, questions = read_jsquad(CONTENT)
    assert [(document.title, document.body) for document in documents] == [
        ("川", "見本川は見本山から流れ出る川である。"),
        ("川", "橋は木でできている。"),
    ]
    assert questions == [
        Question("見本川はどこから流れるか。", documents[0].id),
        Question("橋は何でできているか。", documents[1].id),
    ]


def test_our_engine_answers_from_the_right_passage() -> None:
    documents, questions = read_jsquad(CONTENT)
    with open_ours("memory", documents) as index:
        assert score(rank_with(index), questions) == Scores([1, 1], [1, 1])


def test_table_tells_the_difference_to_the_first() -> None:
    lines = list(table({"ours": Scores([1, 0.5], [1, 1]), "peer": Scores([0.5, 0], [1, 0])}))
    assert lines[2] == "| ours | 0.750 | 1.000 | | |"
    assert lines[3] == "| peer | 0.250 | 0.500 | +0.500 | +0.500 … +0.500 |"
