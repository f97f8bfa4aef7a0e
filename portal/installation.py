"""Bringing a portal into being: schema, vocabulary, synonyms, index, and the demo's samples."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import demo_accounts
from portal.config import CHECKOUT
from portal.db import take_turn, write_transaction
from portal.errors import PortalError
from portal.extensions import Resources
from portal.listings import queries, reference_data
from portal.listings.models import Listing
from portal.sample_data import loader, predecessor
from portal.search import synonyms

Progress = Callable[[int], None]

# Two first starts at once, of two hosts on one PostgreSQL, must not both fill it.
_TURN = 0x10D5_C4A7

_FIRST_SAMPLE = "aomori-0001"


class ForeignListingsError(PortalError):
    """The database holds listings that are not the samples; the demo would mix with them."""


def initialise(held: Resources, on_progress: Progress = lambda done: None) -> None:
    """Create or upgrade the database, load what ships with the portal, build a missing index.

    Safe to repeat: what is there stays, but for untouched default synonyms, which follow theirs.
    """
    held.settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade_schema(held.engine)
    with write_transaction(held.sessions) as session:
        take_turn(session.connection(), _TURN)
        reference_data.load(session, held.shipped_vocabulary)
        reference_data.load_agencies(session, held.settings.region_pack)
        synonyms.load(session, now=held.clock.now())
    held.indexer.bring_up_to_date(on_progress)


def load_demo(held: Resources, on_progress: Progress = lambda done: None) -> int:
    """Initialise, load the samples once and make the demo accounts; returns how many samples were
    loaded.

    :raises ForeignListingsError: there are listings and none of them is a sample.
    :raises DemoAccountsError: this is production.
    """
    if held.settings.is_production:
        raise demo_accounts.DemoAccountsError("the demo is refused in production")
    initialise(held)
    loaded = _load_samples(held, on_progress)
    with write_transaction(held.sessions) as session:
        take_turn(session.connection(), _TURN)
        predecessor.load(session, today=held.clock.today(), now=held.clock.now())
    demo_accounts.make_accounts(
        held.sessions, held.passwords, held.secret_key, now=held.clock.now()
    )
    if loaded:
        held.indexer.bring_up_to_date()
    return loaded


def _load_samples(held: Resources, on_progress: Progress) -> int:
    with write_transaction(held.sessions) as session:
        take_turn(session.connection(), _TURN)
        if _has_samples(session):
            return 0
        if queries.count_all(session):
            raise ForeignListingsError("this database holds listings of its own")
        return loader.load(session, now=held.clock.now(), on_progress=on_progress)


def _has_samples(session: Session) -> bool:
    found = session.scalar(select(Listing.id).where(Listing.source_id == _FIRST_SAMPLE).limit(1))
    return found is not None


def upgrade_schema(engine: Engine) -> None:
    """Run the migrations that this database has not seen."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        take_turn(connection, _TURN)
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_schema_current(engine: Engine) -> bool:
    """True if every migration has run."""
    head = ScriptDirectory.from_config(_alembic_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def _alembic_config() -> Config:
    return Config(str(CHECKOUT / "migrations" / "alembic.ini"))
