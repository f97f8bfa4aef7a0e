"""Site notices as pages show them: the table of the database, kept by each process."""

import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.notices import queries
from portal.notices.appearance import ShownNotice, most_urgent_first, shown


@dataclass(frozen=True, slots=True)
class _Held:
    """What is published and not over, and the revision of the database that it is of."""

    revision: int
    notices: tuple[ShownNotice, ...]


class NoticeCache:
    """Keeps what is published, and renews it when the database's revision is another one.

    Each page pays for one read by primary key, so an emergency that is told anywhere is on the
    next page of every process.
    """

    def __init__(self) -> None:
        self._renewing = threading.Lock()
        self._held: _Held | None = None

    def current(self, session: Session, *, now: datetime) -> tuple[ShownNotice, ...]:
        """What the public sees at this moment, the most urgent first."""
        revision = queries.current_revision(session)
        held = self._held
        if held is None or held.revision != revision:
            with self._renewing:
                held = self._held
                if held is None or held.revision != revision:
                    # What is read after the revision may be newer; then the next page reads again.
                    found = map(shown, queries.list_published(session, now=now))
                    held = self._held = _Held(revision, most_urgent_first(found))
        return tuple(notice for notice in held.notices if notice.is_shown(now))
