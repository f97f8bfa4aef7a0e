"""What codes are called: the rules, who comes second, and what follows a change."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.change_log import IndexChange
from portal.db import write_transaction
from portal.errors import ChangedMeanwhileError, InvalidInputError, NotFoundError
from portal.extensions import Resources
from portal.installation import initialise
from portal.labels import queries as label_queries
from portal.labels import services as label_services
from portal.labels.content import mark_of
from portal.labels.vocabulary_cache import VocabularyCache
from portal.listings.vocabulary import RENAMED_FACETS, Label, Term, Vocabulary
from portal.search.completions import complete
from search_index import SearchQuery
from tests.conftest import NOW, make_settings, open_resources
from tests.databases import MakeDatabase
from tests.factories import make_listing, publish_and_index

STARTUP = ("purpose", "startup")
SUBSIDY = ("kind", "subsidy")
FARMING = ("industry", "A")
BEGINNING = Label("青い森ではじめる", "あおいもりではじめる")
FIELDS = Label("田畑と森", "たはたともり", "田畑")


def change(held: Resources, term: Term, label: Label, seen: str | None = None) -> bool:
    with write_transaction(held.sessions) as session:
        shipped = held.shipped_vocabulary
        return label_services.change_label(
            session, term, label, shipped=shipped, actor=OPERATOR, now=NOW, seen=seen
        )


def reset(held: Resources, term: Term) -> bool:
    with write_transaction(held.sessions) as session:
        shipped = held.shipped_vocabulary
        return label_services.reset_label(session, term, shipped=shipped, actor=OPERATOR, now=NOW)


def current(held: Resources) -> Vocabulary:
    with held.sessions() as session:
        return held.vocabularies.current(session)


def ids(held: Resources, text: str) -> list[str]:
    query = SearchQuery(text=text, on=NOW.date())
    return [hit.id for hit in held.index.search(query).hits]


def logged(held: Resources) -> int:
    with held.sessions() as session:
        return session.scalar(select(func.count()).select_from(IndexChange)) or 0


@pytest.fixture
def portal(app: object, resources: Resources) -> Iterator[Resources]:
    """A portal with no listings, on SQLite."""
    return resources


def test_every_label_that_ships_keeps_the_rules(vocabulary: Vocabulary) -> None:
    for facet in RENAMED_FACETS:
        for code in vocabulary.search_values(facet):
            label = vocabulary.label((facet, code))
            assert label_services.problems_of(vocabulary, (facet, code), label) == []


def test_vocabulary_renamed_differs_in_these_labels_alone(vocabulary: Vocabulary) -> None:
    gone = ("purpose", "gone")
    renamed = vocabulary.renamed({STARTUP: BEGINNING, FARMING: FIELDS, gone: BEGINNING})
    assert renamed.label(STARTUP) == BEGINNING
    assert renamed.label(FARMING) == FIELDS
    assert (renamed.industries["A"], renamed.short_industries["A"]) == ("田畑と森", "田畑")
    assert list(renamed.purposes) == list(vocabulary.purposes)
    back = renamed.renamed({term: vocabulary.label(term) for term in (STARTUP, FARMING)})
    assert back == vocabulary


def test_label_is_changed_found_completed_and_reset(held: Resources) -> None:
    public_id = publish_and_index(held, title="商い", purposes=("startup",))
    other = publish_and_index(held, title="田んぼ", purposes=("ip",))
    assert change(held, STARTUP, BEGINNING)
    held.indexer.drain(timeout=1)
    assert ids(held, "青い森ではじめる") == [public_id]
    assert public_id not in ids(held, '"創業・起業"')
    assert current(held).purposes["startup"] == "青い森ではじめる"
    with held.sessions() as session:
        for text in ("青い森で", "あおいもり", "aoimori"):
            found = complete(session, held.index, text, vocabulary=current(held))
            assert ("purpose", "startup") in [(item.kind, item.code) for item in found]
    assert reset(held, STARTUP)
    held.indexer.drain(timeout=1)
    assert current(held) == held.shipped_vocabulary
    assert ids(held, "青い森ではじめる") == []
    assert ids(held, "知的財産") == [other]


def test_index_that_is_built_anew_knows_changed_labels(held: Resources) -> None:
    public_id = publish_and_index(held, title="商い", kind="subsidy")
    change(held, SUBSIDY, Label("お金の応援", "おかねのおうえん"))
    held.indexer.rebuild()
    assert ids(held, "お金の応援") == [public_id]


def test_only_listings_that_carry_the_code_are_indexed_again(held: Resources) -> None:
    with held.sessions() as session:
        carrier = make_listing(session, purposes=("startup", "ip"), industries=("A",)).id
        make_listing(session, purposes=("ip",), industries=("*",), kind="loan")
    before = logged(held)
    change(held, STARTUP, BEGINNING)
    assert logged(held) == before + 1
    with held.sessions() as session:
        assert session.scalar(select(func.max(IndexChange.listing_id))) is not None
        assert label_queries.published_with(session, STARTUP) == [carrier]
        assert label_queries.count_published_with(session, FARMING) == 2
        assert label_queries.count_published_with(session, SUBSIDY) == 1
    # Of industries the index holds codes alone, and of no label its reading.
    change(held, FARMING, FIELDS)
    change(held, STARTUP, replace(BEGINNING, kana="あおいもり"))
    assert logged(held) == before + 1


def test_change_reaches_every_process_with_its_next_read(held: Resources) -> None:
    elsewhere = VocabularyCache(held.shipped_vocabulary)
    with held.sessions() as session:
        assert elsewhere.current(session) is held.shipped_vocabulary
    change(held, STARTUP, BEGINNING)
    with held.sessions() as session:
        renamed = elsewhere.current(session)
        assert renamed.purposes["startup"] == BEGINNING.text
        assert elsewhere.current(session) is renamed
    change(held, FARMING, FIELDS)
    with held.sessions() as session:
        assert elsewhere.current(session).short_industries["A"] == "田畑"


def test_label_outlives_another_init(tmp_path, make_sqlite_database: MakeDatabase) -> None:
    settings = make_settings(tmp_path, PORTAL_DATABASE_URL=make_sqlite_database())
    with open_resources(settings) as held:
        change(held, STARTUP, BEGINNING)
        initialise(held)
        assert current(held).label(STARTUP) == BEGINNING


def test_change_is_recorded_with_what_was_and_is(portal: Resources) -> None:
    change(portal, FARMING, FIELDS)
    change(portal, FARMING, replace(FIELDS, text="田畑"))
    reset(portal, FARMING)
    with portal.sessions() as session:
        found = session.scalars(select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [event.action for event in found] == ["label_changed", "label_changed", "label_reset"]
    assert {event.target_id for event in found} == {"industry/A"}
    assert json.loads(found[0].detail) == {
        **{"label_before": "農業、林業", "label_after": "田畑と森"},
        **{"kana_before": "のうぎょう・りんぎょう", "kana_after": "たはたともり"},
        **{"short_label_before": "農林業", "short_label_after": "田畑"},
    }
    assert json.loads(found[1].detail) == {"label_before": "田畑と森", "label_after": "田畑"}
    assert json.loads(found[2].detail)["label_after"] == "農業、林業"


def test_what_changes_nothing_leaves_nothing(portal: Resources) -> None:
    with portal.sessions() as session:
        revision = label_queries.current_revision(session)
    shipped = portal.shipped_vocabulary.label(STARTUP)
    spaced = Label(f" {shipped.text}　", "ソウギョウ ・キギョウ", "短い")
    assert not change(portal, STARTUP, replace(spaced, short=""))
    assert not reset(portal, STARTUP)
    assert change(portal, STARTUP, BEGINNING)
    assert not change(portal, STARTUP, BEGINNING)
    with portal.sessions() as session:
        assert label_queries.current_revision(session) == revision + 1
        assert len(session.scalars(select(AuditEvent)).all()) == 1


def test_label_typed_as_it_ships_follows_what_ships(portal: Resources) -> None:
    change(portal, STARTUP, BEGINNING)
    assert change(portal, STARTUP, portal.shipped_vocabulary.label(STARTUP))
    with portal.sessions() as session:
        assert label_queries.changed_labels(session) == {}


@pytest.mark.parametrize(
    ("label", "field", "told"),
    [
        (Label("", "あ"), "label", "入れてください"),
        (Label("　", "あ"), "label", "入れてください"),
        (Label("あ" * 41, "あ"), "label", "40文字まで"),
        (Label("あ\x00い", "あ"), "label", "使えない文字"),
        (Label("あ\u202eい", "あ"), "label", "使えない文字"),
        (Label("・・", "あ"), "label", "文字か数字がありません"),
        (Label("知的財産", "あ"), "label", "「知的財産」は、同じ分類のほかの"),
        (Label("ｄｘ・ＩＴ 導入", "あ"), "label", "「DX・IT導入」は、同じ分類のほかの"),
        (Label("移住・uijたーん", "あ"), "label", "「移住・UIJターン」は"),
        (Label("あ", ""), "kana", "入れてください"),
        (Label("あ", "亜"), "kana", "ひらがなで"),
        (Label("あ", "・あ"), "kana", "ひらがなで"),
        (Label("あ", "あ" * 81), "kana", "80文字まで"),
    ],
    ids=lambda value: str(value).replace("\x00", "NUL") if isinstance(value, str) else None,
)
def test_label_that_breaks_a_rule_is_refused(
    portal: Resources, label: Label, field: str, told: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        change(portal, STARTUP, label)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert told in caught.value.problems[0].message
    assert current(portal) is portal.shipped_vocabulary


@pytest.mark.parametrize("short", ["", "あ" * 21, "漁業", "全業種", "\n\x07"])
def test_short_label_of_an_industry_keeps_to_the_same(portal: Resources, short: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        change(portal, FARMING, replace(FIELDS, short=short))
    assert [problem.field for problem in caught.value.problems] == ["short_label"]


def test_labels_of_different_facets_may_be_the_same(portal: Resources) -> None:
    assert change(portal, STARTUP, Label("税制", "ぜいせい"))


def test_label_that_is_free_again_is_taken_and_then_not_given_back(portal: Resources) -> None:
    shipped = portal.shipped_vocabulary.label(STARTUP)
    change(portal, STARTUP, BEGINNING)
    assert change(portal, ("purpose", "ip"), shipped)
    with pytest.raises(InvalidInputError) as caught:
        reset(portal, STARTUP)
    assert "「創業・起業」は" in caught.value.problems[0].message
    assert current(portal).label(STARTUP) == BEGINNING


def test_second_of_two_is_told(held: Resources) -> None:
    seen = mark_of(held.shipped_vocabulary.label(STARTUP))
    assert change(held, STARTUP, BEGINNING, seen)
    with pytest.raises(ChangedMeanwhileError):
        change(held, STARTUP, Label("起こす", "おこす"), seen)
    assert current(held).label(STARTUP) == BEGINNING
    # Who wants what it is by now has it.
    assert not change(held, STARTUP, BEGINNING, seen)


@pytest.mark.parametrize(
    "term",
    [("purpose", "none"), ("region", "02201"), ("status", "open"), ("level", "pref"), ("x", "y")],
    ids="/".join,
)
def test_what_has_no_label_to_change_is_not_found(portal: Resources, term: Term) -> None:
    with pytest.raises(NotFoundError):
        change(portal, term, BEGINNING)
    with pytest.raises(NotFoundError):
        reset(portal, term)
