"""Groups are found by their words."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.search import synonym_queries, synonym_services
from portal.search.models import SynonymCategory
from portal.search.synonym_queries import SynonymFilter, SynonymState
from tests.conftest import NOW
from tests.portal.search.test_synonym_services import add


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (SynonymFilter("ＨＯ Ｔ"), ["HOT", "hotel"]),
        (SynonymFilter("hotel"), ["hotel"]),
        (SynonymFilter("るの宿"), ["hotel"]),
        (SynonymFilter("hot", state=SynonymState.IN_FORCE), ["HOT"]),
        (SynonymFilter("hot", state=SynonymState.DISABLED), ["hotel"]),
        (SynonymFilter("hot", state=SynonymState.REMOVED), ["hot dog"]),
        (SynonymFilter("hot", SynonymCategory.ENERGY), ["HOT"]),
        (SynonymFilter("ho\x00t"), []),
        (SynonymFilter("%"), []),
    ],
)
def test_groups_are_found_by_any_word_in_any_width_and_case(
    database: sessionmaker[Session], wanted: SynonymFilter, expected: list[str]
) -> None:
    disabled = add(database, "hotel", "ほてるの 宿")
    add(database, "HOT", "ほっと", category="energy")
    removed = add(database, "hot dog", "ほっとどっぐ")
    with write_transaction(database) as session:
        group = synonym_queries.get_group(session, disabled)
        synonym_services.disable_group(session, group, actor=OPERATOR, now=NOW)
        group = synonym_queries.get_group(session, removed)
        synonym_services.remove_group(session, group, actor=OPERATOR, now=NOW)
    with database() as session:
        ids = synonym_queries.find_ids(session, wanted)
        groups = synonym_queries.list_by_ids(session, ids)
        assert [group.texts[0] for group in groups] == expected


def test_without_a_word_all_groups_are_found_in_order(database: sessionmaker[Session]) -> None:
    with database() as session:
        ids = synonym_queries.find_ids(session, SynonymFilter("\u3000"))
        assert ids == [group.id for group in synonym_queries.list_groups(session)]
