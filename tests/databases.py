"""Databases to test on, each with the schema and the vocabulary in it, copied from a template."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

from portal.clock import Clock
from portal.db import make_engine, make_session_factory
from portal.installation import upgrade_schema
from portal.listings import reference_data
from portal.listings.vocabulary import load_vocabulary
from portal.search import synonyms
from tests.compiled import STATEMENTS
from tests.postgresql import temporary_cluster

MakeDatabase = Callable[[], str]
"""Makes one more database and gives its URL."""


def fill_template(url: str) -> None:
    """Run the migrations and load vocabulary and synonyms, as ``portal init`` does."""
    engine = make_engine(url)
    upgrade_schema(engine)
    with make_session_factory(engine).begin() as session:
        reference_data.load(session, load_vocabulary("aomori"))
        synonyms.load(session, now=Clock().now())
    STATEMENTS.begin(engine)
    engine.dispose()


def sqlite_databases(folder: Path) -> MakeDatabase:
    """Databases that are files in a folder."""
    template = folder / "template.db"
    fill_template(f"sqlite:///{template}")
    numbers = count()

    def make() -> str:
        copy = folder / f"test-{next(numbers)}.db"
        shutil.copyfile(template, copy)
        return f"sqlite:///{copy}"

    return make


class PostgresqlDatabases:
    """Databases of a cluster, copied from one that is filled."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._admin = create_engine(url.format(name="postgres"), isolation_level="AUTOCOMMIT")
        self._numbers = count()
        fill_template(self._create("filled", "template0"))

    @contextmanager
    def lent(self) -> Iterator[MakeDatabase]:
        """Makes databases that are dropped when the block ends."""
        names: list[str] = []

        def make() -> str:
            names.append(f"test_{next(self._numbers)}")
            return self._create(names[-1], "filled")

        yield make
        with self._admin.connect() as connection:
            for name in names:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        """Let go of the connection by which databases are made."""
        self._admin.dispose()

    def _create(self, name: str, template: str) -> str:
        with self._admin.connect() as connection:
            # To copy files costs half of what it costs to write all pages down as changes.
            is_told = (connection.dialect.server_version_info or ()) >= (15,)
            how = "STRATEGY FILE_COPY" if is_told else ""
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} {how}"))
        return self._url.format(name=name)


@contextmanager
def postgresql_databases() -> Iterator[PostgresqlDatabases]:
    """Databases of a temporary cluster."""
    with temporary_cluster(in_memory=True) as url, closing(PostgresqlDatabases(url)) as databases:
        yield databases
