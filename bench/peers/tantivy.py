"""tantivy over ready-made words, through its own Python binding."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import tantivy

from bench.peers.peer import (
    FACET_FIELDS,
    FIELD_WEIGHTS,
    TEXT_FIELDS,
    Match,
    PeerAnswer,
    PeerDocument,
    PeerQuery,
)
from bench.peers.sql_facets import counting_groups, deadline_number

_HEAP_BYTES = 1_000_000_000
_MOST_CODES = 1000
_NUMBER_DIGITS = 8

_Filters = Mapping[str, tuple[str, ...]]


class Tantivy:
    """A field for each text with its weight, codes as fast fields; one thread, one segment as long
    as it fits, since that is searched fastest."""

    name = "tantivy"
    version = version("tantivy")
    weights: Mapping[str, float] = FIELD_WEIGHTS
    """The text fields of the index with their weights."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, documents: Iterable[PeerDocument]) -> None:
        index = tantivy.Index(self._schema(), path=str(self._folder))
        # A tokenizer is not kept with an index, so it is registered here as well as in ``open``.
        _register_tokenizer(index)
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        ids = []
        for number, document in enumerate(documents):
            ids.append(document.id)
            row = tantivy.Document()
            for field, text in self.texts(document):
                row.add_text(field, text)
            for facet in FACET_FIELDS:
                for code in document.facets.get(facet, ()):
                    row.add_text(facet, code)
            row.add_unsigned("number", number)
            row.add_unsigned("deadline", deadline_number(document) * 10**_NUMBER_DIGITS + number)
            writer.add_document(row)
        writer.commit()
        writer.wait_merging_threads()
        (self._folder / "ids.txt").write_text("\n".join(ids), encoding="utf-8")

    def texts(self, document: PeerDocument) -> Iterator[tuple[str, str]]:
        """The fields of ``weights`` with what goes into them."""
        yield from document.tokenised.items()

    def open(self) -> None:
        index = tantivy.Index.open(str(self._folder))
        _register_tokenizer(index)
        self._schema_read = index.schema
        self._searcher = index.searcher()
        self._ids = (self._folder / "ids.txt").read_text("utf-8").split("\n")

    def close(self) -> None:
        del self._searcher, self._schema_read, self._ids

    def search(self, query: PeerQuery) -> PeerAnswer:
        text = self._text_query(query)
        wanted = self._narrowed(text, query.filters)
        if query.by_deadline or not query.words:
            field = "deadline" if query.by_deadline else "number"
            found = self._searcher.search(
                wanted, query.limit, order_by_field=field, order=tantivy.Order.Asc
            )
        else:
            found = self._searcher.search(wanted, query.limit)
        addresses = [address for _, address in found.hits]
        numbers = self._searcher.fast_field_values("number", addresses)
        ids = tuple(self._ids[number] for number in numbers)
        facets = dict(self._counts(text, query.filters)) if query.with_facets else {}
        return PeerAnswer(found.count, ids, facets)

    def _schema(self) -> tantivy.Schema:
        schema = tantivy.SchemaBuilder()
        for name in self.weights:
            schema.add_text_field(name, tokenizer_name=_TOKENIZER)
        for name in FACET_FIELDS:
            schema.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        schema.add_unsigned_field("number", fast=True)
        schema.add_unsigned_field("deadline", fast=True)
        return schema.build()

    def _text_query(self, query: PeerQuery) -> tantivy.Query:
        if not query.words:
            return tantivy.Query.all_query()
        if query.match is Match.PHRASE and len(query.words) > 1:
            return self._in_any_field(
                {
                    name: tantivy.Query.phrase_query(self._schema_read, name, list(query.words))
                    for name in self.weights
                }
            )
        occur = tantivy.Occur.Should if query.match is Match.ANY else tantivy.Occur.Must
        parts = [
            self._in_any_field(
                {
                    name: tantivy.Query.term_query(self._schema_read, name, word)
                    for name in self.weights
                }
            )
            for word in query.words
        ]
        return tantivy.Query.boolean_query([(occur, part) for part in parts])

    def _in_any_field(self, by_field: Mapping[str, tantivy.Query]) -> tantivy.Query:
        weighted = [
            tantivy.Query.boost_query(part, self.weights[name]) if self.weights[name] != 1 else part
            for name, part in by_field.items()
        ]
        if len(weighted) == 1:
            return weighted[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in weighted])

    def _narrowed(self, text: tantivy.Query, filters: _Filters) -> tantivy.Query:
        """``text`` with filters that let through or not, without a say in the ranking."""
        parts = [
            tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(self._schema_read, facet, list(codes)), 0
            )
            for facet, codes in filters.items()
            if codes
        ]
        if not parts:
            return text
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in (text, *parts)])

    def _counts(
        self, text: tantivy.Query, filters: _Filters
    ) -> Iterator[tuple[str, dict[str, int]]]:
        for facets, heeded in counting_groups(filters):
            wanted = {name: {"terms": {"field": name, "size": _MOST_CODES}} for name in facets}
            answer = self._searcher.aggregate(self._narrowed(text, heeded), wanted)
            for name in facets:
                buckets = answer[name]["buckets"]
                yield name, {bucket["key"]: bucket["doc_count"] for bucket in buckets}


class TantivyOneField(Tantivy):
    """All text in one field without weights: less than our engine does, and the fastest tantivy
    can be asked."""

    name = "tantivy, one field"
    weights = {"text": 1.0}

    def texts(self, document: PeerDocument) -> Iterator[tuple[str, str]]:
        # Values of one field keep a gap, so no phrase reaches from one into the next.
        for name in TEXT_FIELDS:
            yield "text", document.tokenised[name]


_TOKENIZER = "words"


def _register_tokenizer(index: tantivy.Index) -> None:
    """Words are parted by spaces, nothing else is done to them."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, words)
