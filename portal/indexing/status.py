"""How the index stands to the database, for people and monitors."""

from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from portal import change_log
from portal.listings import queries
from search_index import SearchIndex, SearchUnavailableError


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """``applied_seq`` and ``latest_seq`` are positions in the change log."""

    is_usable: bool
    indexed: int
    published: int
    applied_seq: int
    latest_seq: int


def index_status(sessions: sessionmaker[Session], index: SearchIndex) -> IndexStatus:
    """Ask both sides; an unusable index counts as empty."""
    with sessions() as session:
        published = queries.count_published(session)
        latest_seq = change_log.latest_seq(session)
    try:
        indexed, applied_seq = len(index.revisions()), index.applied_seq()
        # An index ahead of its database belongs to another time of it, before a restore.
        is_usable = applied_seq <= latest_seq
    except SearchUnavailableError:
        indexed, applied_seq, is_usable = 0, 0, False
    return IndexStatus(is_usable, indexed, published, applied_seq, latest_seq)
