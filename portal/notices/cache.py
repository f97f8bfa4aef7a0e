"""Site notices as pages show them: the table of the database, kept by each process."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.notices import queries
from portal.notices.appearance import ShownNotice, most_urgent_first, shown
from portal.revision_cache import RevisionCache


class NoticeCache:
    """Keeps what is published and not over, so that an emergency that is told anywhere is on the
    next page of every process."""

    def __init__(self) -> None:
        self._cache = RevisionCache[tuple[ShownNotice, ...]]()

    def current(self, session: Session, *, now: datetime) -> tuple[ShownNotice, ...]:
        """What the public sees at this moment, the most urgent first."""
        notices = self._cache.get(
            queries.current_revision(session),
            lambda: most_urgent_first(map(shown, queries.list_published(session, now=now))),
        )
        return tuple(notice for notice in notices if notice.is_shown(now))
