"""Databases to test on, each with the schema and the vocabulary in it, copied from a template."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def postgresql_databases() -> Iterator[MakeDatabase]:
    """Databases of a temporary cluster."""
    with temporary_cluster() as url:
        admin = create_engine(url.format(name="postgres"), isolation_level="AUTOCOMMIT")

        def create(name: str, template: str) -> str:
            with admin.connect() as connection:
                # To copy files costs half of what it costs to write all pages down as changes.
                is_told = (connection.dialect.server_version_info or ()) >= (15,)
                how = "STRATEGY FILE_COPY" if is_told else ""
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} {how}"))
            return url.format(name=name)

        fill_template(create("filled", "template0"))
        numbers = count()
        yield lambda: create(f"test_{next(numbers)}", "filled")
        admin.dispose()
