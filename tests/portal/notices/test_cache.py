"""Every page asks once, for a number, and every process sees a change with its next page."""

from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.notices import services
from portal.notices.cache import NoticeCache
from portal.notices.content import NoticeContent, typed_moment
from tests.conftest import NOW

HOUR = timedelta(hours=1)


def publish(
    sessions: sessionmaker[Session],
    title: str,
    *,
    begins_in: timedelta = timedelta(0),
    is_published: bool = True,
) -> int:
    content = NoticeContent(
        title=title,
        starts_at=typed_moment(NOW + begins_in),
        ends_at=typed_moment(NOW + begins_in + HOUR),
    )
    with write_transaction(sessions) as session:
        return services.create(
            session, content, is_published=is_published, actor=OPERATOR, now=NOW
        ).id


def titles(
    sessions: sessionmaker[Session], cache: NoticeCache, *, later: timedelta = timedelta(0)
) -> list[str]:
    with sessions() as session:
        return [notice.title for notice in cache.current(session, now=NOW + later)]


def test_notice_is_shown_from_its_start_until_its_end(database: sessionmaker[Session]) -> None:
    cache = NoticeCache()
    publish(database, "今")
    publish(database, "あと", begins_in=HOUR)
    publish(database, "下書き", is_published=False)
    moment = timedelta(seconds=1)
    assert titles(database, cache) == ["今"]
    assert titles(database, cache, later=HOUR - moment) == ["今"]
    assert titles(database, cache, later=HOUR) == ["あと"]
    assert titles(database, cache, later=2 * HOUR) == []


def test_change_is_seen_by_every_cache_with_its_next_look(database: sessionmaker[Session]) -> None:
    caches = [NoticeCache(), NoticeCache()]
    assert [titles(database, cache) for cache in caches] == [[], []]
    publish(database, "大雪")
    assert [titles(database, cache) for cache in caches] == [["大雪"], ["大雪"]]


def test_look_at_what_has_not_changed_costs_one_statement(database: sessionmaker[Session]) -> None:
    cache, asked = NoticeCache(), []
    publish(database, "大雪")
    titles(database, cache)
    with database() as session:
        bind = session.get_bind()
        event.listen(bind, "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert len(cache.current(session, now=NOW)) == 1
    (statement,) = (each for each in asked if not each.startswith("BEGIN"))
    assert "site_notice_revision" in statement
