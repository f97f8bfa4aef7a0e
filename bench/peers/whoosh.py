"""Stock Whoosh: its own codec, its own scoring, its own facets. Slow beyond some ten thousand."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from whoosh import index
from whoosh.analysis import Analyzer, NgramWordAnalyzer, SpaceSeparatedTokenizer
from whoosh.fields import ID, KEYWORD, NUMERIC, TEXT, Schema
from whoosh.query import And, ConstantScoreQuery, Every, Or, Phrase, Query, Term
from whoosh.searching import Results
from whoosh.sorting import Count, Facets

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

_WRITER_MEGABYTES = 512
_Filters = Mapping[str, tuple[str, ...]]


class Whoosh:
    """Words in a field for each text, BM25F, codes as keywords counted by Whoosh's facets."""

    name = "stock Whoosh"
    version = version("whoosh-reloaded")

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def analyzer(self) -> Analyzer:
        """What cuts the texts."""
        return SpaceSeparatedTokenizer()

    def texts(self, document: PeerDocument) -> Mapping[str, str]:
        """What of a document is indexed."""
        return document.tokenised

    def terms(self, query: PeerQuery) -> tuple[str, ...]:
        """The text part of a query as terms of the index."""
        return query.words

    def build(self, documents: Iterable[PeerDocument]) -> None:
        schema = Schema(
            id=ID(stored=True),
            deadline=NUMERIC(sortable=True, numtype=int, bits=32),
            **{name: TEXT(analyzer=self.analyzer) for name in TEXT_FIELDS},
            **{facet: KEYWORD(commas=True) for facet in FACET_FIELDS},
        )
        writer = index.create_in(str(self._folder), schema).writer(limitmb=_WRITER_MEGABYTES)
        for document in documents:
            codes = {facet: ",".join(document.facets.get(facet, ())) for facet in FACET_FIELDS}
            deadline = deadline_number(document)
            writer.add_document(id=document.id, deadline=deadline, **self.texts(document), **codes)
        writer.commit(optimize=True)

    def open(self) -> None:
        self._searcher = index.open_dir(str(self._folder)).searcher()

    def close(self) -> None:
        self._searcher.close()

    def search(self, query: PeerQuery) -> PeerAnswer:
        text = self._text_query(query)
        groups = list(counting_groups(query.filters)) if query.with_facets else []
        counted = groups[0][0] if groups else ()
        options = {"sortedby": "deadline"} if query.by_deadline else {}
        results = self._results(text, query.filters, counted, limit=query.limit, **options)
        facets = dict(_counts(results, counted))
        for names, heeded in groups[1:]:
            facets |= _counts(self._results(text, heeded, names, limit=1), names)
        # It forgets its limit when it groups.
        page = islice(results, query.limit)
        return PeerAnswer(len(results), tuple(hit["id"] for hit in page), facets)

    def _results(
        self, text: Query, filters: _Filters, counted: tuple[str, ...], **options: object
    ) -> Results:
        chosen = [
            Or([Term(facet, code) for code in codes]) for facet, codes in filters.items() if codes
        ]
        facets = Facets()
        for name in counted:
            facets.add_field(name, allow_overlap=True)
        return self._searcher.search(
            text,
            filter=And(chosen) if chosen else None,
            groupedby=facets if counted else None,
            maptype=Count,
            **options,
        )

    def _text_query(self, query: PeerQuery) -> Query:
        terms = self.terms(query)
        if not terms:
            return ConstantScoreQuery(Every())
        if query.match is Match.PHRASE and len(terms) > 1:
            return Or(
                [Phrase(name, list(terms), boost=FIELD_WEIGHTS[name]) for name in TEXT_FIELDS]
            )
        parts = [
            Or([Term(name, term, boost=FIELD_WEIGHTS[name]) for name in TEXT_FIELDS])
            for term in terms
        ]
        return Or(parts) if query.match is Match.ANY else And(parts)


class WhooshBigrams(Whoosh):
    """As ``Whoosh``, over the bigrams of raw text folded to NFKC: no dictionary. A phrase is asked
    for as its bigrams, in any order."""

    name = "stock Whoosh, bigrams"

    @cached_property
    def analyzer(self) -> Analyzer:
        return NgramWordAnalyzer(2, 2)

    def texts(self, document: PeerDocument) -> Mapping[str, str]:
        return {name: _folded(text) for name, text in document.raw.items()}

    def terms(self, query: PeerQuery) -> tuple[str, ...]:
        grams = (token.text for token in self.analyzer(_folded(query.text), mode="query"))
        return tuple(dict.fromkeys(grams))

    def _text_query(self, query: PeerQuery) -> Query:
        if query.match is Match.PHRASE:
            query = PeerQuery(text=query.text, match=Match.ALL)
        return super()._text_query(query)


def _counts(results: Results, facets: tuple[str, ...]) -> Iterator[tuple[str, dict[str, int]]]:
    for facet in facets:
        # Documents without a code are counted as None.
        yield facet, {code: n for code, n in results.groups(facet).items() if code is not None}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
