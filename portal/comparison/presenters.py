"""The page of a comparison: its columns, rows and notices, and where each of its links leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from portal.comparison.choice import MOST, Choice, Withdrawn
from portal.comparison.pairs import Pairs
from portal.comparison.rows import Compared, Row, rows
from portal.listings import detail_presenters, presenters, wording
from portal.listings.models import Listing, public_version
from portal.listings.outlines import Outline
from portal.listings.presenters import Card
from portal.listings.vocabulary import Vocabulary

ONLY_DIFFERENCES = "differences"
"""The parameter that leaves out what is the same of all."""

_FEWEST = 2
"""Listings that make a table."""

_WAITING_TOLD = 10


@dataclass(frozen=True, slots=True)
class Column:
    """A listing in the table; ``removed`` is the address of the same without it."""

    id: str
    number: int
    title: str
    removed: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A listing that found no room; ``exchanged`` puts it in the place of the last one."""

    id: str
    title: str
    exchanged: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A listing that was withdrawn; ``exchanged`` compares its successor, if that is known."""

    listing: Withdrawn
    exchanged: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listing that could be compared, too."""

    card: Card
    added: str


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Everything the page prints: a table, or with fewer than two listings what to do."""

    title: str
    is_comparison: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    different: int
    all_rows: int
    is_only_differences: bool
    switched: str
    """The address of the same page with the other rows."""
    pairs: Pairs
    name: str
    """What it is called where it is sent to."""
    address: str
    """Of what is shown, however it was come to."""
    waiting: tuple[Waiting, ...]
    left_out: int
    """How many more found no room."""
    gone: tuple[Gone, ...]
    unknown: tuple[str, ...]
    has_doubles: bool
    candidates: tuple[Candidate, ...]


def page(
    choice: Choice,
    pairs: Pairs,
    near: Sequence[Outline],
    *,
    is_only_differences: bool,
    today: date,
    vocabulary: Vocabulary,
) -> ComparisonPage:
    """The page of some listings.

    :param near: others that might be added.
    """
    ids, shown = choice.ids, tuple(listing.public_id for listing in choice.listings)
    titles = tuple(public_version(listing).title for listing in choice.listings)
    found = rows([_compared(listing, today, vocabulary) for listing in choice.listings])
    different = [row for row in found if row.differs]
    cards = presenters.cards(near, today=today, vocabulary=vocabulary)

    def address(*wanted: str, only: bool = is_only_differences) -> str:
        shown_rows = "1" if only else None  # what is None is left out of an address
        return url_for("comparison.show", id=list(wanted), differences=shown_rows)

    def removed(public_id: str) -> str:
        return address(*(other for other in ids if other != public_id))

    def exchanged(public_id: str) -> str:
        others = [other for other in ids if other not in (public_id, shown[-1])]
        return address(*others[: MOST - 1], public_id, shown[-1], *others[MOST - 1 :])

    return ComparisonPage(
        title=_title(titles),
        is_comparison=len(titles) >= _FEWEST,
        columns=tuple(
            Column(public_id, number, title, removed(public_id))
            for number, (public_id, title) in enumerate(zip(shown, titles, strict=True), start=1)
        ),
        rows=tuple(different if is_only_differences else found),
        different=len(different),
        all_rows=len(found),
        is_only_differences=is_only_differences,
        switched=address(*ids, only=not is_only_differences),
        pairs=pairs,
        name=f"{_title(titles)}：{wording.first_few(titles)}",
        address=address(*shown, only=False),
        waiting=tuple(
            Waiting(id_, title, exchanged(id_))
            for id_, title in list(choice.waiting.items())[:_WAITING_TOLD]
        ),
        left_out=max(0, len(choice.waiting) - _WAITING_TOLD),
        gone=tuple(
            Gone(row, address(*ids, row.successor[0]) if row.successor else None)
            for row in choice.withdrawn
        ),
        unknown=choice.unknown,
        has_doubles=choice.has_doubles,
        candidates=tuple(Candidate(card, address(*ids, card.id)) for card in cards),
    )


def _compared(listing: Listing, today: date, vocabulary: Vocabulary) -> Compared:
    return Compared(
        page=detail_presenters.page(listing, today=today, vocabulary=vocabulary),
        fiscal_years=public_version(listing).fiscal_years,
        agency_address=url_for("agencies.show", code=listing.agency.code),
    )


def _title(titles: Sequence[str]) -> str:
    if len(titles) < _FEWEST:
        return "支援をくらべる"
    return f"支援{len(titles)}件をくらべる"
