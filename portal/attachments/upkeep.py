"""What is done to files that nobody waits for: scanning them, and throwing away what is not used.

Bytes go last: a crash between leaves bytes that no row speaks of, never the other way round.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from portal.attachments import queries, services
from portal.attachments.scanner import Scanner
from portal.attachments.storage import AttachmentStore
from portal.db import write_transaction

UNUSED_KEPT = timedelta(days=30)
"""How long bytes are kept that no version lists."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """How many different files were found clean, refused, or are not there to be looked at."""

    clean: int = 0
    refused: int = 0
    missing: int = 0


def scan_pending(
    sessions: sessionmaker[Session],
    store: AttachmentStore,
    scanner: Scanner | None,
    *,
    now: datetime,
) -> Scanned:
    """Have all that waits looked at. Where the scanner was switched off meanwhile, nothing waits
    any longer.

    :raises ScannerUnavailableError: it does not answer; what was looked at before is done.
    """
    with sessions() as session:
        digests = list(dict.fromkeys(file.sha256 for file in queries.list_pending(session)))
    refused = missing = 0
    for digest in digests:
        path = store.find(digest)
        if path is None:
            missing += 1
            continue
        finding = scanner.finding(path) if scanner else None
        with write_transaction(sessions) as session:
            services.conclude_scan(session, digest, finding, now=now)
        if finding is not None:
            refused += 1
            store.remove(digest)
    return Scanned(len(digests) - refused - missing, refused, missing)


def remove_unused(sessions: sessionmaker[Session], store: AttachmentStore, *, now: datetime) -> int:
    """Throw away bytes that no version has listed for ``UNUSED_KEPT``, and what was left by a
    crash; returns how many files."""
    before = now - UNUSED_KEPT
    with write_transaction(sessions) as session:
        for file in queries.list_unlisted(session):
            if file.created_at < before:
                file.removed_at = now
    with sessions() as session:
        in_use = queries.hashes_in_use(session)
    unused = [digest for digest in store.list_older_than(before) if digest not in in_use]
    for digest in unused:
        store.remove(digest)
    return len(unused) + store.remove_leftovers(before)
