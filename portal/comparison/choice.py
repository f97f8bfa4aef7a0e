"""Which listings an address asks to compare: all of them are told of, the first few are shown."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.errors import NotFoundError, WithdrawnError
from portal.listings import queries
from portal.listings.models import Listing, listing_id_of

MOST = 4
"""Listings in one table: more have no room beside each other, on paper either."""

_MOST_READ = 200
"""Ids of an address that are looked at."""
_MOST_TOLD = 10
"""Ids that lead to nothing public and are looked at one by one, to say what became of them."""
_LONGEST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A listing that was public once; ``successor`` is the id and title of what took its place."""

    id: str
    agency_code: str
    agency_name: str
    successor: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for, each listing once and in the order of the address."""

    listings: tuple[Listing, ...]
    waiting: dict[str, str]
    """Titles by public id of those that found no room."""
    withdrawn: tuple[Withdrawn, ...]
    unknown: tuple[str, ...]
    """What no public listing is or was called by, short enough to be told."""
    has_doubles: bool

    @property
    def ids(self) -> tuple[str, ...]:
        """The public ids of all that are public, those without room last."""
        return (*(listing.public_id for listing in self.listings), *self.waiting)


def choose(session: Session, asked: Iterable[str]) -> Choice:
    """The listings that some texts name; never an error."""
    names = [unicodedata.normalize("NFKC", text).strip().upper() for text in asked]
    names = [name for name in names if name]
    ids = list(dict.fromkeys(names))[:_MOST_READ]
    titles = queries.published_titles(session, ids)
    public = [public_id for public_id in ids if public_id in titles]
    withdrawn, unknown = _others(session, [name for name in ids if name not in titles])
    return Choice(
        listings=_load(session, public[:MOST]),
        waiting={public_id: titles[public_id] for public_id in public[MOST:]},
        withdrawn=tuple(withdrawn),
        unknown=tuple(unknown),
        has_doubles=len(set(names)) < len(names),
    )


def _load(session: Session, ids: list[str]) -> tuple[Listing, ...]:
    wanted = [found for found in map(listing_id_of, ids) if found is not None]
    by_id = {row.public_id: row for row in queries.published_by_ids(session, wanted)}
    return tuple(by_id[public_id] for public_id in ids if public_id in by_id)


def _others(session: Session, names: list[str]) -> tuple[list[Withdrawn], list[str]]:
    withdrawn, unknown = [], []
    for name in names[:_MOST_TOLD]:
        try:
            queries.get_public(session, name)
        except WithdrawnError as error:
            withdrawn.append(Withdrawn(name, error.agency_code, error.agency_name, error.successor))
        except NotFoundError:
            unknown.append(name[:_LONGEST_TOLD])
    return withdrawn, unknown
