"""The real sample listings as the portal itself would index them."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.config import Settings
from portal.extensions import Resources
from portal.indexing.documents import to_document
from portal.installation import initialise
from portal.listings import queries
from portal.sample_data import loader
from search_index import ListingDocument

SEARCHED_ON = date(2026, 11, 20)
"""The day of every search: judgements know no dates, and a run tomorrow must print the same."""

_REAL = "aomori-"


def real_documents() -> list[ListingDocument]:
    """The real listings, without the made-up ones, under their source ids."""
    with TemporaryDirectory(prefix="bench-quality-") as folder:
        return _documents(Path(folder))


def _documents(folder: Path) -> list[ListingDocument]:
    held = Resources.from_settings(
        Settings.from_env(
            {
                "PORTAL_DATA_DIR": str(folder),
                "PORTAL_SEARCH_URL": "memory:",
                "PORTAL_CLOCK": f"{SEARCHED_ON}T12:00+09:00",
            }
        )
    )
    initialise(held)
    with held.sessions() as session:
        # Never committed: the session is the only one that has to see them.
        loader.load(session, now=held.clock.now())
        documents = [
            replace(to_document(listing, held.shipped_vocabulary), id=listing.source_id)
            for listing in queries.iterate_published(session)
            if listing.source_id and listing.source_id.startswith(_REAL)
        ]
    held.engine.dispose()
    return documents
