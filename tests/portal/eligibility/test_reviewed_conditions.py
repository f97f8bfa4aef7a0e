"""The conditions that come with the sample listings rest on the words of these listings."""

from dataclasses import replace
from datetime import date

import pytest

from portal.eligibility.conditions import (
    AnyOf,
    Condition,
    DeskCondition,
    IndustryCondition,
    PlaceCondition,
)
from portal.eligibility.sources import reviewed_listings
from portal.extensions import Resources
from portal.listings import services
from portal.listings.content import ListingContent
from portal.listings.outlines import Outline, outline_of
from portal.sample_data import loader
from tests.conftest import NOW
from tests.factories import make_agency, make_listing
from tests.portal.eligibility.drawing import VOCABULARY

DAY = date(2026, 11, 20)
CONTENTS: dict[str, ListingContent] = {
    **{row["id"]: loader.real_content(row) for row in loader.rows("listings.jsonl")},
    **{row["id"]: loader.made_up_content(row, DAY) for row in loader.rows("notices.jsonl")},
}
REVIEWS = reviewed_listings().reviews
EACH = pytest.mark.parametrize("source_id", sorted(REVIEWS))


def inner(condition: Condition) -> list[Condition]:
    return list(condition.conditions) if isinstance(condition, AnyOf) else [condition]


@EACH
def test_quoted_grounds_occur_in_the_listing(source_id: str) -> None:
    content, review = CONTENTS[source_id], REVIEWS[source_id]
    words = [content.title, content.summary, content.body, content.eligibility or ""]
    for one in review.stated:
        assert one.ground, "a condition without words to rest on"
        assert any(one.ground in text for text in words), one.ground


@EACH
def test_words_for_the_desk_are_those_of_the_listing(source_id: str) -> None:
    for one in REVIEWS[source_id].stated:
        for condition in inner(one.condition):
            if isinstance(condition, DeskCondition):
                assert condition.words in one.ground


@EACH
def test_review_is_of_the_listing_as_it_loads(source_id: str) -> None:
    assert REVIEWS[source_id].eligibility == CONTENTS[source_id].eligibility


@EACH
def test_codes_are_of_the_vocabulary_and_agree_with_the_listing(source_id: str) -> None:
    content = CONTENTS[source_id]
    for one in REVIEWS[source_id].stated:
        for condition in inner(one.condition):
            if isinstance(condition, PlaceCondition):
                assert set(condition.regions) == set(content.regions)
                assert set(condition.exceptions) == set(content.region_exceptions)
            if isinstance(condition, IndustryCondition):
                assert set(condition.industries) <= set(VOCABULARY.industries)
                assert set(condition.industries) <= set(content.industries)


def outline(resources: Resources, source_id: str) -> Outline:
    with resources.sessions() as session:
        content = CONTENTS[source_id]
        agency = make_agency(session)
        listing = services.create_listing(
            session, agency, content, now=NOW, source_id=source_id, confirmed_on=None
        )
        services.publish(session, listing, now=NOW)
        session.commit()
        return outline_of(listing)


def test_review_of_a_real_listing_counts(resources: Resources) -> None:
    found = reviewed_listings().stated_by(outline(resources, "aomori-0196"))
    assert found is not None
    assert [one.ground for one in found] == ["県内", "県内中小企業者、創業者"]


def test_review_counts_no_more_once_the_words_have_changed(resources: Resources) -> None:
    listing = outline(resources, "aomori-0112")
    source = reviewed_listings()
    assert source.stated_by(listing) is not None
    assert source.stated_by(replace(listing, eligibility="どなたでも")) is None
    assert source.stated_by(replace(listing, summary="", body="")) is None


def test_listing_of_the_desk_has_no_review(resources: Resources) -> None:
    with resources.sessions() as session:
        assert reviewed_listings().stated_by(outline_of(make_listing(session))) is None
