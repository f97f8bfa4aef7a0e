"""Facets in a relational database: one row per document and code, counted with GROUP BY.

What SQL engines under comparison share: which conditions a query has, and which groups of facets
can be counted in one go.
"""

from collections.abc import Iterator, Mapping

from bench.peers.peer import FACET_FIELDS, PeerDocument

NO_DEADLINE = 99_999_999
"""Sorts behind every deadline; deadlines are kept as the number yyyymmdd."""


def deadline_number(document: PeerDocument) -> int:
    """The deadline of a document as a number that sorts."""
    return int(f"{document.closes_on:%Y%m%d}") if document.closes_on else NO_DEADLINE


def counting_groups(
    filters: Mapping[str, tuple[str, ...]],
) -> Iterator[tuple[tuple[str, ...], dict[str, tuple[str, ...]]]]:
    """Facets that heed the same filters, with those filters.

    All facets nothing is chosen in go together; each of the others needs a count of its own.
    """
    chosen = {name: codes for name, codes in filters.items() if codes}
    yield tuple(name for name in FACET_FIELDS if name not in chosen), chosen
    for name in chosen:
        yield (name,), {other: codes for other, codes in chosen.items() if other != name}
