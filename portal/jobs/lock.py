"""At most one process does a job at a time. A lock ends with its process, however that ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from filelock import FileLock, Timeout
from sqlalchemy import Engine, text

# Any constant will do, as long as nothing else in this database takes such locks.
_CLASS = 0x10D5_C4A8


@contextmanager
def shared_lock(engine: Engine, name: str) -> Iterator[bool]:
    """Among all processes that use a database; False if another one holds it."""
    database = engine.url.database or ""
    if engine.dialect.name == "sqlite":
        with local_lock(Path(database).parent, name) as is_mine:
            yield is_mine
        return
    # Held by a connection and no transaction, which would keep old rows alive for as long.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        key = {"class": _CLASS, "key": crc32(name.encode()) - 2**31}
        taken = text("SELECT pg_try_advisory_lock(:class, :key)")
        is_mine = bool(connection.scalar(taken, key))
        try:
            yield is_mine
        finally:
            if is_mine:
                connection.execute(text("SELECT pg_advisory_unlock(:class, :key)"), key)


@contextmanager
def local_lock(folder: Path, name: str) -> Iterator[bool]:
    """Among all processes that use a folder of this host; False if another one holds it."""
    locks = folder / "locks"
    locks.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(locks / f"{name}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
