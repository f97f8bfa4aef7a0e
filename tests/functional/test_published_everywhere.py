"""What was published is found soon whichever worker is asked, also where PostgreSQL keeps it."""

import time
from pathlib import Path

import pytest

from portal.clock import Clock
from portal.config import Settings
from portal.installation import initialise
from tests.conftest import open_resources
from tests.databases import MakeDatabase
from tests.factories import make_listing
from tests.functional.servers import served, shown_by_all

TIMES = 2


@pytest.mark.postgresql
def test_four_workers_on_postgresql_show_what_was_published(
    tmp_path: Path, make_postgresql_database: MakeDatabase
) -> None:
    folder = tmp_path / "data"
    given = {"PORTAL_DATABASE_URL": make_postgresql_database()}
    settings = Settings.from_env({"PORTAL_DATA_DIR": str(folder)} | given)
    with open_resources(settings) as held:
        initialise(held)
        with served(folder, workers=4, PORTAL_JOBS="external", **given) as portal:
            for number in range(TIMES):
                # Each worker has answered from what there was before.
                shown_by_all(portal, "/search", "data-total", since=time.monotonic())
                word = f"雪だるま{'いろ'[number] * 4}型"
                with held.sessions() as session:
                    published = make_listing(session, title=f"{word}の補助金", now=Clock().now())
                committed = time.monotonic()
                # As a save does: one short try, in whichever process it happens.
                held.indexer.drain_soon()
                shown = f'data-listing-id="{published.public_id}"'
                shown_by_all(portal, f"/search?q=「{word}」", shown, since=committed)
