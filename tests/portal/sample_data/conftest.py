"""A demo on each database, loaded once for all that only look at it."""

from collections.abc import Iterator

import pytest

from portal.extensions import Resources
from portal.installation import load_demo
from tests.conftest import DATABASES, demo_settings, make_settings, open_resources
from tests.databases import PostgresqlDatabases


@pytest.fixture(scope="session", params=DATABASES)
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Resources]:
    """A loaded demo on each database, to look at."""
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        with open_resources(demo_settings(request.getfixturevalue("loaded_demo"), folder)) as held:
            yield held
        return
    server: PostgresqlDatabases = request.getfixturevalue("postgresql_server")
    with (
        server.lent() as make,
        open_resources(make_settings(folder, PORTAL_DATABASE_URL=make())) as held,
    ):
        load_demo(held)
        yield held
