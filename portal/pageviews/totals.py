"""The daily totals in the database: adding to them, reading them, putting others in their place."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Table, and_, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import Base
from portal.pageviews.models import (
    DailyClick,
    DailyPageView,
    DailySearch,
    DailySearchVisit,
    SearchCondition,
)
from portal.pageviews.tally import Tally

_ROWS_AT_ONCE = 500
_CONDITION = "condition_id"

_TABLES: Mapping[type[Base], tuple[tuple[str, ...], tuple[str, ...]]] = {
    DailyPageView: (
        ("viewed_on", "view_class", "page_kind", "listing_id", "version_id", "device", "is_sample"),
        ("views",),
    ),
    DailySearch: (("searched_on", _CONDITION), ("searches", "without_hits", "with_few_hits")),
    DailySearchVisit: (("visited_on", "listing_id", _CONDITION), ("visits",)),
    DailyClick: (("clicked_on", "listing_id", "click_kind"), ("clicks",)),
}
"""Of each table its key, the day first, and its numbers."""

Key = tuple[Any, ...]
Numbers = tuple[int, ...]
Totals = dict[type[Base], dict[Key, Numbers]]
"""By table and key. A search is named by its conditions and not by its number, which is chance."""

Span = tuple[date, date]
"""Days, both ends included."""


def of_tally(tally: Tally) -> Totals:
    """What lines come to."""
    return {
        DailyPageView: {_plain(key): (count,) for key, count in tally.views.items()},
        DailySearch: {
            key: (counts.searches, counts.without_hits, counts.with_few_hits)
            for key, counts in tally.searches.items()
        },
        DailySearchVisit: {key: (count,) for key, count in tally.visits.items()},
        DailyClick: {_plain(key): (count,) for key, count in tally.clicks.items()},
    }


def _plain(key: Key) -> Key:
    return tuple(part.value if isinstance(part, StrEnum) else part for part in key)


def within(found: Totals, spans: Collection[Span]) -> Totals:
    """Those of some days."""
    return {
        model: {
            key: numbers
            for key, numbers in rows.items()
            if any(first <= key[0] <= last for first, last in spans)
        }
        for model, rows in found.items()
    }


def as_text(found: Totals) -> str:
    """Totals as one text: equal totals give equal texts."""
    lines: list[str] = []
    for model, rows in found.items():
        lines.append(model.__tablename__)
        lines += sorted(",".join(map(str, (*key, *numbers))) for key, numbers in rows.items())
    return "\n".join(lines) + "\n"


def read(session: Session, spans: Collection[Span]) -> Totals:
    """The totals of some days as they are in the database."""
    known = select(SearchCondition.id, SearchCondition.conditions)
    conditions = dict(session.execute(known).all())
    found: Totals = {}
    for model, (key, numbers) in _TABLES.items():
        table = _table(model)
        of_days = or_(*(table.c[key[0]].between(first, last) for first, last in spans))
        rows = session.execute(select(*(table.c[name] for name in (*key, *numbers))).where(of_days))
        place = key.index(_CONDITION) if _CONDITION in key else None
        found[model] = {
            _named(tuple(row[: len(key)]), place, conditions): tuple(row[len(key) :])
            for row in rows
        }
    return found


def _named(key: Key, place: int | None, names: Mapping[Any, Any]) -> Key:
    """A key with its search by the other of its two names."""
    return key if place is None else (*key[:place], names[key[place]], *key[place + 1 :])


def add(session: Session, found: Totals) -> None:
    """Add to what there is. Whoever does keeps other hosts waiting."""
    _write(session, found, is_added=True)


def replace(session: Session, before: Totals, after: Totals) -> None:
    """Make totals that were ``before`` those that are ``after``: only what differs is touched."""
    gone = {
        model: [key for key in rows if key not in after[model]] for model, rows in before.items()
    }
    changed: Totals = {
        model: {key: numbers for key, numbers in rows.items() if before[model].get(key) != numbers}
        for model, rows in after.items()
    }
    ids = _condition_ids(session, (key for keys in gone.items() for key in _conditions(*keys)))
    for model, keys in gone.items():
        table, names = _table(model), _TABLES[model][0]
        for part in _parts([_in_database(model, key, ids) for key in keys], 100):
            these = (and_(*(table.c[n] == v for n, v in zip(names, k, strict=True))) for k in part)
            session.execute(delete(table).where(or_(*these)))
    _write(session, changed, is_added=False)


def _write(session: Session, found: Totals, *, is_added: bool) -> None:
    ids = _condition_ids(session, (name for rows in found.items() for name in _conditions(*rows)))
    for model, rows in found.items():
        key, numbers = _TABLES[model]
        table = _table(model)
        values = sorted((_in_database(model, k, ids), n) for k, n in rows.items())
        statement = _insert(session, table)
        new = statement.excluded
        wanted = {n: table.c[n] + new[n] if is_added else new[n] for n in numbers}
        statement = statement.on_conflict_do_update(index_elements=key, set_=wanted)
        named = [dict(zip((*key, *numbers), (*k, *n), strict=True)) for k, n in values]
        if named:
            session.execute(statement, named)


def _conditions(model: type[Base], keys: Iterable[Key]) -> Iterator[str]:
    names = _TABLES[model][0]
    if _CONDITION in names:
        place = names.index(_CONDITION)
        yield from (key[place] for key in keys)


def _in_database(model: type[Base], key: Key, ids: Mapping[str, int]) -> Key:
    names = _TABLES[model][0]
    return _named(key, names.index(_CONDITION) if _CONDITION in names else None, ids)


def _condition_ids(session: Session, conditions: Iterable[str]) -> dict[str, int]:
    """The numbers of searches; those that are new are given one."""
    table, ids = _table(SearchCondition), dict[str, int]()
    for part in _parts(sorted(set(conditions)), _ROWS_AT_ONCE):
        rows = [{"conditions": name} for name in part]
        session.execute(_insert(session, table).values(rows).on_conflict_do_nothing())
        known = select(table.c.conditions, table.c.id).where(table.c.conditions.in_(part))
        ids.update(session.execute(known).all())
    return ids


def _table(model: type[Base]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model} is no table")
    return table


def _insert(session: Session, table: Table) -> Any:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def _parts(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (rows[i : i + size] for i in range(0, len(rows), size))
