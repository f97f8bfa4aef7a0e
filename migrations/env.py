"""Runs migrations on the database of the settings, or on a connection that is handed over."""

import os

from alembic import context
from sqlalchemy import Connection

from portal.config import Settings
from portal.db import make_engine
from portal.models import metadata


def migrate(connection: Connection) -> None:
    """Bring the database behind a connection to the revision asked for."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite cannot alter most things in place; Alembic then copies the table.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = make_engine(Settings.from_env(os.environ).database_url)
    with engine.begin() as own:
        migrate(own)
