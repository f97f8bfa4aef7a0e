"""A small portal of its own for each run, with pages to read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.corpus import SEED
from bench.http_data import add_agencies, publish_listings
from bench.listings import make_block
from portal.config import Settings
from portal.extensions import Resources
from portal.listings.models import Listing
from tests import commands
from tests.databases import MakeDatabase

LISTINGS = 6
_COSTLY = ("/", "/search?q=%E8%A3%9C%E5%8A%A9%E9%87%91")
_CHEAP = ("/about", "/terms", "/privacy", "/accessibility", "/check", "/help")
_CHEAP_FOR_COSTLY = 3
"""A run is about how many pages are read beside kills, and not about how they are made."""


@dataclass(frozen=True, slots=True)
class Site:
    """A portal whose jobs run when we say so, and the pages that are read of it."""

    folder: Path
    settings: dict[str, str]
    held: Resources
    paths: list[str]

    @property
    def environment(self) -> dict[str, str]:
        """The settings of its processes."""
        return {**self.settings, "PORTAL_DATA_DIR": str(self.folder)}

    def recount(self) -> Any:
        """Count all anew from the archive by ``portal pageviews recount``; gives what it says.

        :raises RuntimeError: it failed.
        """
        done = commands.run(self.folder, "pageviews", "recount", "--json", **self.settings)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)


@contextmanager
def make_site(
    folder: Path, make_database: MakeDatabase, *, listings: int = LISTINGS
) -> Iterator[Site]:
    """A fresh portal with a few listings, while the block runs."""
    own = {"PORTAL_DATABASE_URL": make_database(), "PORTAL_JOBS": "external"}
    held = Resources.from_settings(Settings.from_env({**own, "PORTAL_DATA_DIR": str(folder)}))
    try:
        add_agencies(held)
        publish_listings(held, make_block(SEED, 0)[:listings])
        with held.sessions() as session:
            ids = [listing.public_id for listing in session.scalars(select(Listing))]
        held.indexer.rebuild()
        yield Site(folder, own, held, [path for each in ids for path in _paths(each)])
    finally:
        held.close()


def _paths(public_id: str) -> tuple[str, ...]:
    return (f"/listings/{public_id}", *_COSTLY, *(_CHEAP * _CHEAP_FOR_COSTLY))
