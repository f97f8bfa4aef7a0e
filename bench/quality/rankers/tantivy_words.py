"""tantivy over words cut beforehand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from bench.quality.rankers.ranking import (
    FIELD_WEIGHTS,
    FieldText,
    Match,
    RankerMissingError,
)
from bench.quality.rankers.words import words


@contextmanager
def open_tantivy(documents: Sequence[FieldText]) -> Iterator[Match]:
    """BM25 of each field with its weight, in memory."""
    try:
        tantivy = import_module("tantivy")
    except ModuleNotFoundError:
        raise RankerMissingError("tantivy: pip install tantivy==0.27.0") from None
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in FIELD_WEIGHTS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(num_threads=1)
    for document in documents:
        fields = {name: [" ".join(words(text))] for name, text in document.fields.items()}
        writer.add_document(tantivy.Document(id=[document.id], **fields))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def match(text: str, needs_all: bool) -> list[str]:
        each = tantivy.Occur.Must if needs_all else tantivy.Occur.Should
        terms = [
            tantivy.Query.boolean_query(
                [
                    (
                        tantivy.Occur.Should,
                        tantivy.Query.boost_query(
                            tantivy.Query.term_query(schema, name, word), weight
                        ),
                    )
                    for name, weight in FIELD_WEIGHTS.items()
                ]
            )
            for word in dict.fromkeys(words(text))
        ]
        if not terms:
            return []
        query = tantivy.Query.boolean_query([(each, term) for term in terms])
        hits = searcher.search(query, limit=len(documents)).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    yield match
