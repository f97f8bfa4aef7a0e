"""The same listings where each server wants them: the portal's database, and a file of SQLite."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, time
from pathlib import Path

from sqlalchemy import select

from bench.corpus import SEED, Corpus
from bench.engines import progress
from bench.listings import BLOCK_SIZE, MadeUpListing, made_up_agencies, make_block
from bench.material import DAY
from bench.peers.fts5 import Fts5
from bench.peers.peer import TEXT_FIELDS
from portal import installation
from portal.agencies.models import Agency
from portal.clock import JAPAN
from portal.config import Settings
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import queries, services

SEVERAL_VALUES = ("industry", "region", "purpose")
ONE_VALUE = ("kind", "level", "agency")


def portal_folder(corpus: Corpus) -> Path:
    """Where the portal that serves the corpus has its data."""
    return corpus.folder / f"portal-{corpus.size}"


def portal_environment(folder: Path) -> dict[str, str]:
    """The settings of a portal with its data in a folder, on the day of the comparison."""
    noon = datetime.combine(DAY, time(12), JAPAN)
    return {"PORTAL_DATA_DIR": str(folder.absolute()), "PORTAL_CLOCK": noon.isoformat()}


def fill_portal(corpus: Corpus) -> None:
    """Publish the listings through the portal's own services, those that are not there yet."""
    held = Resources.from_settings(Settings.from_env(portal_environment(portal_folder(corpus))))
    installation.initialise(held)
    add_agencies(held)
    with held.sessions() as session:
        done = queries.count_published(session)
    for block in range(done // BLOCK_SIZE, corpus.size // BLOCK_SIZE):
        publish_listings(held, make_block(SEED, block))
        progress("listings published")((block + 1) * BLOCK_SIZE)
    # Not drained in between; and another version of the index may have been here before.
    held.indexer.rebuild()
    held.engine.dispose()


def add_agencies(held: Resources) -> None:
    """Add the agencies of the corpus that are not there yet."""
    with write_transaction(held.sessions) as session:
        known = set(session.scalars(select(Agency.code)))
        session.add_all(_copy(agency) for agency in made_up_agencies() if agency.code not in known)


def publish_listings(held: Resources, listings: Sequence[MadeUpListing]) -> None:
    """Publish listings of the corpus, whose agencies have to be there."""
    with write_transaction(held.sessions) as session:
        agencies = {agency.code: agency for agency in session.scalars(select(Agency))}
        for made_up in listings:
            listing = services.create_listing(
                session,
                agencies[made_up.agency_code],
                made_up.content,
                now=made_up.published_at,
                source_id=source_id(made_up.number),
                confirmed_on=made_up.published_at.date(),
            )
            services.publish(session, listing, now=made_up.published_at)


def source_id(number: int) -> str:
    """By which a listing of the corpus is known in the portal."""
    return f"bench-{number}"


def make_datasette_database(corpus: Corpus) -> Path:
    """A table as a careful publisher of data would make it: values of facets as they are or as JSON
    lists, indexes on the plain ones, full text over ready-made words."""
    path = corpus.folder / f"datasette-{corpus.size}" / "listings.db"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".part")
    written.unlink(missing_ok=True)
    with closing(sqlite3.connect(written, isolation_level=None)) as database:
        columns = ("closes_on", *SEVERAL_VALUES, *ONE_VALUE, *TEXT_FIELDS)
        database.execute(
            f"CREATE TABLE listing (number INTEGER PRIMARY KEY, id, {', '.join(columns)})"
        )
        # Spelt as Datasette looks for it.
        of_listing = 'content="listing", content_rowid="number"'
        database.execute(
            f"CREATE VIRTUAL TABLE listing_fts USING fts5("
            f"{', '.join(TEXT_FIELDS)}, {of_listing}, {Fts5.tokenizer})"
        )
        database.execute("BEGIN")
        _insert(database, corpus)
        database.execute("COMMIT")
        database.execute("INSERT INTO listing_fts(listing_fts) VALUES ('rebuild')")
        for name in ("closes_on", *ONE_VALUE):
            database.execute(f"CREATE INDEX by_{name} ON listing ({name})")
        database.execute("ANALYZE")
    written.replace(path)
    return path


def _copy(agency: Agency) -> Agency:
    """An agency for a session of its own."""
    return Agency(
        code=agency.code, name=agency.name, level=agency.level, region_code=agency.region_code
    )


def _insert(database: sqlite3.Connection, corpus: Corpus) -> None:
    marks = ", ".join("?" * (3 + len(SEVERAL_VALUES) + len(ONE_VALUE) + len(TEXT_FIELDS)))
    database.executemany(
        f"INSERT INTO listing VALUES ({marks})",  # noqa: S608  (nothing but question marks)
        (
            (
                *(number, document.id, document.closes_on and document.closes_on.isoformat()),
                *(json.dumps(document.facets[name]) for name in SEVERAL_VALUES),
                *(document.facets[name][0] for name in ONE_VALUE),
                *(document.tokenised[name] for name in TEXT_FIELDS),
            )
            for number, document in enumerate(corpus.peer_documents(), start=1)
        ),
    )
