"""What jobs work with, and how they say that they failed."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.letters import Letterhead
from portal.attachments.scanner import Scanner
from portal.clock import Clock
from portal.errors import PortalError
from portal.indexing.sync import Indexer
from portal.mail.delivery import Mailer
from portal.search.synonym_cache import SynonymCache
from portal.secret_key import SecretKey


class JobFailedError(PortalError):
    """A job that could not do what it is for; the message says why."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """What jobs work with; ``letterhead`` is of mails about listings."""

    engine: Engine
    sessions: sessionmaker[Session]
    indexer: Indexer
    clock: Clock
    data_dir: Path
    mailer: Mailer
    letterhead: Letterhead
    secret_key: SecretKey
    synonyms: SynonymCache
    scanner: Scanner | None = None
