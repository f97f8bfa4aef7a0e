"""A second set of questions, made by others about another text: JSQuAD's validation set.

Whoever tunes an engine on queries of his own should also be good at those of others. Each passage
is a document, each question a query that has one passage for its answer.

The set is part of JGLUE (Kurihara, Kawahara, Shibata: JGLUE, LREC 2022), under CC BY-SA 4.0, and
no part of this repository. Get datasets/jsquad-v1.3/valid-v1.3.json of
https://github.com/yahoojapan/JGLUE and name the file:

    python -m bench.quality.public valid-v1.3.json
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from bench.quality.metrics import paired_difference, recall, reciprocal_rank
from bench.quality.rankers import ours
from bench.quality.rankers.peers import open_peers
from bench.quality.rankers.ranking import Rank
from bench.quality.versions import used_versions
from search_index import ListingDocument

SHA256 = "fb0a57a35281ff03bbe7f0e878cff5b577985fbe6fcb242e7e8ddb63d1c0ab11"
"""Of version 1.3, which the published figures are about."""

_SEPARATOR = " [SEP] "


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the passage that answers it."""

    text: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Scores:
    """What an engine scored on every question, in their order."""

    reciprocal_ranks: Sequence[float]
    recalls: Sequence[float]


def main() -> None:
    """Read the file and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.quality.public",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="valid-v1.3.json")
    parser.add_argument("--engine", choices=ours.ENGINES, default="whoosh", help="which of ours")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask every Nth question")
    options = parser.parse_args()
    content = options.file.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        print("not the file the published figures are about", file=sys.stderr)
    documents, questions = read_jsquad(content)
    questions = questions[:: options.every]
    with ExitStack() as stack:
        index = stack.enter_context(ours.open_ours(options.engine, documents))
        ranks = {"ours": ours.rank_with(index)} | open_peers(stack, documents)
        scores = {name: score(rank, questions) for name, rank in ranks.items()}
    print(f"{len(questions)} questions, {len(documents)} passages")
    print(f"{used_versions()}\n")
    print("\n".join(table(scores)))


def read_jsquad(content: bytes) -> tuple[list[ListingDocument], list[Question]]:
    """The passages as documents, and the questions, of a file in the form of SQuAD."""
    documents: list[ListingDocument] = []
    questions: list[Question] = []
    for article in json.loads(content)["data"]:
        for paragraph in article["paragraphs"]:
            title, separator, body = paragraph["context"].partition(_SEPARATOR)
            id_ = f"p{len(documents):04}"
            documents.append(
                ListingDocument(id_, 1, article["title"], body=body if separator else title)
            )
            questions += [Question(asked["question"], id_) for asked in paragraph["qas"]]
    return documents, questions


def score(rank: Rank, questions: Sequence[Question]) -> Scores:
    """Ask an engine every question."""
    reciprocal_ranks: list[float] = []
    recalls: list[float] = []
    for question in questions:
        ranking = rank(question.text, {})
        grades = {question.answered_by: 1}
        reciprocal_ranks.append(reciprocal_rank(ranking, grades, useful=1))
        recalls.append(recall(ranking, grades))
    return Scores(reciprocal_ranks, recalls)


def table(scores: Mapping[str, Scores]) -> Iterator[str]:
    """A Markdown table; the differences are those of MRR@10 between the first engine and each."""
    first = next(iter(scores))
    yield f"| | MRR@10 | recall@10 | {first} − it | 95 % interval |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for name, scored in scores.items():
        figures = f"| {name} | {fmean(scored.reciprocal_ranks):.3f} | {fmean(scored.recalls):.3f}"
        if name == first:
            yield f"{figures} | | |"
            continue
        difference = paired_difference(scores[first].reciprocal_ranks, scored.reciprocal_ranks)
        interval = f"{difference.low:+.3f} … {difference.high:+.3f}"
        yield f"{figures} | {difference.mean:+.3f} | {interval} |"


if __name__ == "__main__":
    main()
