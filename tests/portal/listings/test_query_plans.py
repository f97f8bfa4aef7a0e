"""How the databases find listings: by looking at those asked for, not at all there are."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event, insert, text, update
from sqlalchemy.orm import Session, sessionmaker

from portal.listings import outline_queries, queries
from portal.listings.models import Listing, ListingVersion, public_id_of
from tests.conftest import NOW
from tests.factories import make_agency

COUNT = 3_000
FEW = list(range(100, 120))


@pytest.fixture
def filled(database: sessionmaker[Session]) -> sessionmaker[Session]:
    """Many published listings of ten agencies, nothing measured or counted beforehand."""
    with database.begin() as session:
        agencies = [make_agency(session, f"agency-{number}").id for number in range(10)]
        stamps = {"created_at": NOW, "updated_at": NOW}
        rows = [{"agency_id": agencies[n % 10], "revision": 1, **stamps} for n in range(COUNT)]
        session.execute(insert(Listing), rows)
        ids = range(1, COUNT + 1)
        texts = {"kind": "subsidy", "level": "prefecture", "date_state": "always"}
        versions = [
            {"id": n, "listing_id": n, "number": 1, "created_at": NOW, "title": f"第{n}号", **texts}
            for n in ids
        ]
        session.execute(insert(ListingVersion), versions)
        public = {"state": "published", "published_at": NOW, "public_version_id": Listing.id}
        session.execute(update(Listing).values(public))
    return database


@contextmanager
def plans(session: Session) -> Iterator[list[str]]:
    """How the statements run in the block are executed, where they read listings."""
    asked: list[tuple[str, object]] = []

    def note(_: Connection, __: object, statement: str, values: object, *_rest: object) -> None:
        if "FROM listing JOIN" in statement:
            asked.append((statement, values))

    connection = session.connection()
    event.listen(connection.engine, "before_cursor_execute", note)
    found: list[str] = []
    yield found
    event.remove(connection.engine, "before_cursor_execute", note)
    assert asked
    found.extend(explain(connection, *each) for each in asked)


def explain(connection: Connection, statement: str, values: object) -> str:
    """By which way each table is reached, a line each."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(row.detail for row in rows)
    explained = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar()
    plan = json.loads(explained) if isinstance(explained, str) else explained
    return "\n".join(steps(plan[0]["Plan"]))


def steps(node: dict[str, object]) -> Iterator[str]:
    name = f"{node.get('Relation Name', '')} {node.get('Index Name', '')}"
    yield f"{node['Node Type']} {name} {node.get('Index Cond', '')}"
    children = node.get("Plans", [])
    assert isinstance(children, Sequence)
    for child in children:
        yield from steps(child)


WANTED = {
    "sqlite": "SEARCH listing USING INTEGER PRIMARY KEY (rowid",
    "postgresql": "pk_listing (",
}
UNWANTED = {"sqlite": "SCAN listing", "postgresql": "Seq Scan listing "}

READS: dict[str, Callable[[Session], object]] = {
    "a page of results": lambda session: outline_queries.published_by_public_ids(
        session, [public_id_of(listing_id) for listing_id in FEW]
    ),
    "a drain": lambda session: queries.published_by_ids(session, FEW),
    "related listings": lambda session: queries.published_titles(
        session, [public_id_of(listing_id) for listing_id in FEW]
    ),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
@pytest.mark.parametrize("is_analysed", [False, True], ids=["new", "analysed"])
def test_few_listings_are_found_by_their_ids(
    filled: sessionmaker[Session], read: Callable[[Session], object], *, is_analysed: bool
) -> None:
    with filled() as session:
        dialect = session.get_bind().dialect.name
        # PostgreSQL sees to it by itself, SQLite never does.
        if is_analysed or dialect == "postgresql":
            session.execute(text("ANALYZE"))
        with plans(session) as found:
            assert read(session)
        for plan in found:
            assert WANTED[dialect] in plan
            assert UNWANTED[dialect] not in plan


def test_all_listings_are_read_in_order_without_sorting(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ANALYZE"))
        with plans(session) as found:
            assert sum(1 for _ in queries.iterate_published(session)) == COUNT
        assert len(found) == COUNT // 500 + 1
        assert not any("ORDER BY" in plan or plan.startswith("Sort") for plan in found)


def test_listings_of_an_agency_are_found_by_it(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        session.execute(text("ANALYZE"))
        with plans(session) as found:
            assert outline_queries.published_of_agency(session, 1)
        assert all("agency_id" in plan and "SCAN" not in plan for plan in found)
