"""The migrations make exactly the schema the models describe, up, down and up again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from portal.config import CHECKOUT
from portal.db import make_engine
from portal.installation import is_schema_current, upgrade_schema
from portal.listings.models import Listing
from portal.models import metadata
from portal.publishing.act_models import ListingAct
from tests.conftest import NOW
from tests.factories import make_draft

# How each database tells its constraints and indexes, by name and meaning.
SCHEMA_OF = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger' "
    "AND name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%' "
    "UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
    "AND indexname NOT LIKE 'alembic%'",
}

# And what migrations make besides: models know nothing of it.
TRIGGERS_OF = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
    "UNION ALL SELECT proname || '()', prosrc FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace",
}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An upgraded database of each kind."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def schema(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(text(SCHEMA_OF[engine.dialect.name]))
        return {name: normalised(definition) for name, definition in rows}


def triggers(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(text(TRIGGERS_OF[engine.dialect.name]))
        return {name: str(definition) for name, definition in rows}


def normalised(definition: str) -> str:
    """A definition without the order and the layout of the parts of a table."""
    opening, closing = definition.find("("), definition.rfind(")")
    if not definition.startswith("CREATE TABLE"):
        return definition
    head, tail = definition[:opening], definition[closing + 1 :]
    parts = (" ".join(part.split()) for part in parts_of(definition[opening + 1 : closing]))
    return "\n".join([" ".join(head.split()), *sorted(parts), tail])


def parts_of(columns: str) -> list[str]:
    """What stands between the commas that are in no bracket."""
    depth, parts = 0, [""]
    for character in columns:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def migrate(engine: Engine, revision: str) -> None:
    config = Config(str(CHECKOUT / "migrations" / "alembic.ini"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        act = command.upgrade if revision == "head" else command.downgrade
        act(config, revision)


def test_autogenerate_finds_nothing_to_add(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrated_schema_equals_models_constraint_by_constraint(engine: Engine) -> None:
    migrated = schema(engine)
    migrate(engine, "base")
    metadata.create_all(engine)
    assert migrated == schema(engine)


def test_down_and_up_again_gives_the_same_schema(engine: Engine) -> None:
    before, triggers_before = schema(engine), triggers(engine)
    assert len(triggers_before) >= 3
    migrate(engine, "base")
    assert (schema(engine), triggers(engine)) == ({}, {})
    migrate(engine, "head")
    assert (schema(engine), triggers(engine)) == (before, triggers_before)


def test_acts_are_kept_and_counted_on_when_their_table_is_made_anew(engine: Engine) -> None:
    def add_act(session: Session, listing_id: int) -> None:
        version_id = session.get_one(Listing, listing_id).versions[0].id
        row = {"act": "submit", "at": NOW, "comment": "見てください。", "actor_id": 7}
        session.add(ListingAct(listing_id=listing_id, version_id=version_id, **row))
        session.commit()

    with Session(engine) as session:
        listing_id = make_draft(session).id
        add_act(session, listing_id)
    migrate(engine, "0019_create_listing_autosave")
    migrate(engine, "head")
    with Session(engine) as session:
        add_act(session, listing_id)
        kept, added = session.scalars(select(ListingAct).order_by(ListingAct.id))
        assert (kept.id, kept.comment, kept.at, kept.actor_id) == (1, "見てください。", NOW, 7)
        assert added.id == 2


def test_regions_and_industries_that_a_reader_sorted_begin_to_keep_nobody_out(
    engine: Engine,
) -> None:
    with Session(engine) as session:
        ids = [
            make_draft(session, source=source).id
            for source in ([], [{"document": "資料", "line": 3}])
        ]
        session.commit()
    migrate(engine, "0027_create_alert_notice")
    migrate(engine, "head")
    with Session(engine) as session:
        own, read = (session.get_one(Listing, listing_id).versions[0] for listing_id in ids)
        assert (own.conditions, read.conditions) == ({}, {"beyond": ["regions", "industries"]})


def test_schema_is_current_only_after_the_migrations_ran(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/portal.db")
    assert not is_schema_current(engine)
    upgrade_schema(engine)
    assert is_schema_current(engine)
    engine.dispose()
