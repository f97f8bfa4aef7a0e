"""What most tests start from: a database with the vocabulary in it, an app, a client."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

import portal.db
from portal.app import create_app
from portal.config import PasswordCost, Settings
from portal.db import make_engine, make_session_factory
from portal.extensions import Resources
from portal.installation import load_demo
from portal.listings.vocabulary import Vocabulary, load_vocabulary
from tests.commands import run_process
from tests.compiled import STATEMENTS, TEMPLATES, share_addresses
from tests.databases import (
    MakeDatabase,
    PostgresqlDatabases,
    postgresql_databases,
    sqlite_databases,
)
from tests.demos import copy_demo, loaded_once
from tests.pages import Page
from tests.postgresql import PostgresqlMissingError, find_programs

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""Noon of 20 November 2026 in Japan, the present of every test that does not choose its own."""


SECRET = "oxM3vQ9tKf7LwZr2Jc8NyB5hTd1GpS6u"
"""A secret that production takes, and nobody but the tests has."""

PRODUCTION_URL = "https://portal.example.jp"

SMALL_COST = PasswordCost(passes=1, memory_kib=64, lanes=1)

MakeApp = Callable[[Settings], Flask]


DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


def pytest_configure() -> None:
    """Before anything is collected: app and databases of all tests share what is compiled."""
    share_addresses()
    create_engine = portal.db.create_engine
    portal.db.create_engine = lambda url, **more: STATEMENTS.share(create_engine(url, **more))


def make_settings(folder: Path, **overrides: str) -> Settings:
    """Settings of a portal that lives in a folder, with the clock stopped at ``NOW``."""
    environ = {
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_SEARCH_URL": "memory:",
        "PORTAL_SEARCH_LAG_MS": "0",
        "PORTAL_CLOCK": NOW.isoformat(),
    }
    return replace(Settings.from_env(environ | overrides), password_cost=SMALL_COST)


@contextmanager
def open_resources(settings: Settings) -> Iterator[Resources]:
    """The resources of some settings, closed when the block ends."""
    held = Resources.from_settings(settings)
    try:
        yield held
    finally:
        held.close()


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary("aomori")


@pytest.fixture(scope="session")
def make_sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> MakeDatabase:
    """Makes fresh SQLite databases with schema and vocabulary."""
    return sqlite_databases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlDatabases]:
    """A PostgreSQL server of our own."""
    try:
        find_programs()
    except PostgresqlMissingError as missing:
        missing_tool(str(missing))
    with postgresql_databases() as databases:
        yield databases


@pytest.fixture
def make_postgresql_database(postgresql_server: PostgresqlDatabases) -> Iterator[MakeDatabase]:
    """Makes fresh PostgreSQL databases with schema and vocabulary, which go with the test."""
    with postgresql_server.lent() as make:
        yield make


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database; a test that asks for it runs once on each kind."""
    make: MakeDatabase = request.getfixturevalue(f"make_{request.param}_database")
    return make()


@pytest.fixture
def database(database_url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions on a fresh database of each kind."""
    engine = make_engine(database_url)
    yield make_session_factory(engine)
    engine.dispose()


@pytest.fixture(
    params=[
        ("sqlite", "whoosh:"),
        ("sqlite", "memory:"),
        pytest.param(("postgresql", "whoosh:"), marks=pytest.mark.postgresql),
    ],
    ids="-".join,
)
def held(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Resources]:
    """A fresh database of each kind and an empty index that follows it."""
    database, engine = request.param
    make_database: MakeDatabase = request.getfixturevalue(f"make_{database}_database")
    search_url = f"whoosh:{tmp_path}/index" if engine == "whoosh:" else engine
    settings = make_settings(
        tmp_path, PORTAL_DATABASE_URL=make_database(), PORTAL_SEARCH_URL=search_url
    )
    with open_resources(settings) as held:
        held.indexer.rebuild()
        yield held


@pytest.fixture
def unindexed(tmp_path: Path, database_url: str) -> Iterator[Resources]:
    """A database of each kind whose index was never built."""
    settings = make_settings(
        tmp_path,
        PORTAL_DATABASE_URL=database_url,
        PORTAL_SEARCH_URL=f"whoosh:{tmp_path}/index",
    )
    with open_resources(settings) as held:
        yield held


@pytest.fixture
def make_app() -> Iterator[MakeApp]:
    """Makes apps whose databases are closed when the test is over."""
    with ExitStack() as closing:

        def make(settings: Settings) -> Flask:
            app = create_app(settings)
            app.jinja_env.bytecode_cache = TEMPLATES
            closing.callback(resources_of(app).close)
            return app

        yield make


@pytest.fixture
def app(tmp_path: Path, make_sqlite_database: MakeDatabase, make_app: MakeApp) -> Flask:
    """An app on a fresh SQLite file with the vocabulary loaded and no listings."""
    app = make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=make_sqlite_database()))
    app.testing = True
    resources_of(app).indexer.rebuild()
    return app


@pytest.fixture
def postgresql_app(
    tmp_path: Path, make_postgresql_database: MakeDatabase, make_app: MakeApp
) -> Flask:
    """The same on a fresh database of PostgreSQL, which locks rows and so refuses what SQLite does
    not."""
    app = make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=make_postgresql_database()))
    app.testing = True
    resources_of(app).indexer.rebuild()
    return app


@pytest.fixture
def production_app(tmp_path: Path, make_sqlite_database: MakeDatabase, make_app: MakeApp) -> Flask:
    """An app as the public meets it, at ``PRODUCTION_URL``, on a fresh SQLite file."""
    return make_app(
        make_settings(
            tmp_path,
            PORTAL_DATABASE_URL=make_sqlite_database(),
            PORTAL_ENV="production",
            PORTAL_BASE_URL=PRODUCTION_URL,
            PORTAL_SECRET_KEY=SECRET,
            PORTAL_CLOCK="",
        )
    )


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo that was loaded at ``NOW``, to be copied by ``demo_settings``."""

    def load(folder: Path) -> None:
        with open_resources(make_settings(folder, PORTAL_SEARCH_URL="")) as held:
            load_demo(held)

    return loaded_once(tmp_path_factory, "demo", load)


@pytest.fixture(scope="session")
def operators_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo as the command loads it today, to be copied by ``copy_demo``. What
    was printed is in a file beside it."""

    def load(folder: Path) -> None:
        done = run_process(folder, "demo")
        assert done.returncode == 0, done.stderr
        (folder.parent / "printed.txt").write_text(done.stdout, encoding="utf-8")

    return loaded_once(tmp_path_factory, "operators_demo", load)


def demo_settings(demo: Path, folder: Path) -> Settings:
    """Settings of a portal with the demo copied into its folder, on Whoosh."""
    return make_settings(copy_demo(demo, folder), PORTAL_SEARCH_URL="")


@pytest.fixture(scope="session")
def demo_app(loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app on a demo that no test changes."""
    app = create_app(demo_settings(loaded_demo, tmp_path_factory.mktemp("demo_app")))
    app.jinja_env.bytecode_cache = TEMPLATES
    yield app
    resources_of(app).close()


def missing_tool(what: str) -> NoReturn:
    """Skip a test for want of a tool; where everything must run, fail instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def resources_of(app: Flask) -> Resources:
    """The database, index and clock behind an app."""
    resources: Resources = app.extensions["portal"]
    return resources


@pytest.fixture
def resources(app: Flask) -> Resources:
    return resources_of(app)


@pytest.fixture
def session(resources: Resources) -> Iterator[Session]:
    with resources.sessions() as session:
        yield session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def get_page(client: FlaskClient):
    """Fetch a page, holding it to what every page promises."""

    def get(url: str, status: int = 200) -> Page:
        response = client.get(url)
        assert response.status_code == status
        page = Page(response.status_code, response.text)
        assert page.dom.html is not None
        assert page.dom.html["lang"] == "ja"
        assert len(page.dom.select("h1")) == 1
        assert page.text("title").endswith("あおビズサーチ") or url == "/"
        return page

    return get
