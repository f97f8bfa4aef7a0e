"""Stock Whoosh, with its own codec and BM25F, over character bigrams."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import And, Or, Term

from bench.quality.rankers.ranking import FIELD_WEIGHTS, FieldText, Match
from bench.quality.rankers.words import bigrams


@contextmanager
def open_whoosh(documents: Sequence[FieldText]) -> Iterator[Match]:
    """Bigrams are cut beforehand: Whoosh's own filter loses words of one character."""
    text_field = TEXT(analyzer=SpaceSeparatedTokenizer())
    schema = Schema(id=ID(stored=True), **dict.fromkeys(FIELD_WEIGHTS, text_field))
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for document in documents:
        writer.add_document(
            id=document.id,
            **{name: " ".join(bigrams(text)) for name, text in document.fields.items()},
        )
    writer.commit()
    with index.searcher() as searcher:

        def match(text: str, needs_all: bool) -> list[str]:
            grams = [
                Or([Term(name, gram, boost) for name, boost in FIELD_WEIGHTS.items()])
                for gram in dict.fromkeys(bigrams(text))
            ]
            if not grams:
                return []
            query = And(grams) if needs_all else Or(grams)
            return [hit["id"] for hit in searcher.search(query, limit=len(documents))]

        yield match
