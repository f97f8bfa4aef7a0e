"""Two people write one listing in many random orders: whoever comes second always sees both texts,
and nothing that was acknowledged is lost.

``make bench-editors`` runs hundreds of orders; each has a number, so that one that fails is told
and can be run again.
"""

import os
from pathlib import Path

from tests.conftest import MakeApp, make_settings, resources_of
from tests.portal.publishing.two_editors import Story, two_editors

STORIES = int(os.environ.get("PORTAL_TEST_STORIES", "15"))


def test_second_of_two_sees_both_texts_and_nothing_saved_is_lost(
    tmp_path: Path, database_url: str, make_app: MakeApp
) -> None:
    app = make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=database_url))
    resources_of(app).indexer.rebuild()
    editors = two_editors(app)
    for seed in range(STORIES):
        try:
            Story(app, editors, seed).go()
        except AssertionError as error:
            error.add_note(f"order number {seed}")
            raise
