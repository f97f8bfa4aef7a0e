"""A demo on each database, loaded once for all that only look at it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from portal.extensions import Resources
from portal.installation import load_demo
from tests.conftest import DATABASES, make_settings, open_resources
from tests.databases import PostgresqlDatabases


@pytest.fixture(scope="session", params=DATABASES)
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Resources]:
    """A loaded demo on each database, to look at."""
    folder = tmp_path_factory.mktemp("demo")
    with ExitStack() as open_ones:
        if request.param == "postgresql":
            server: PostgresqlDatabases = request.getfixturevalue("postgresql_server")
            make = open_ones.enter_context(server.lent())
        else:
            make = request.getfixturevalue("make_sqlite_database")
        settings = make_settings(folder, PORTAL_DATABASE_URL=make())
        held = open_ones.enter_context(open_resources(settings))
        load_demo(held)
        yield held
