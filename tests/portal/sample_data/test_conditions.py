"""The conditions that come with the sample listings rest on the words of these listings."""

from datetime import date
from typing import Any

from portal.listings.business import Beyond
from portal.listings.content import ListingContent
from portal.sample_data import loader

DAY = date(2026, 11, 20)
REAL = {row["id"]: loader.real_content(row) for row in loader.rows("listings.jsonl")}
MADE_UP = {row["id"]: loader.made_up_content(row, DAY) for row in loader.rows("notices.jsonl")}
CONTENTS: dict[str, ListingContent] = REAL | MADE_UP
REVIEWS: dict[str, dict[str, Any]] = {row["id"]: row for row in loader.rows("conditions.jsonl")}

# What a ground says, by its name.
GROUNDED = {
    "place": (),
    "size": ("size", "size_or"),
    "years": ("years_least", "years_within", "planned"),
}


def texts_of(content: ListingContent) -> list[str]:
    return [content.title, content.summary, content.body, content.eligibility or ""]


def test_each_condition_quotes_words_of_the_listing_as_it_loads() -> None:
    assert REVIEWS.keys() <= CONTENTS.keys()
    for source_id, review in REVIEWS.items():
        content, conditions = CONTENTS[source_id], review["conditions"]
        assert review["eligibility"] == content.eligibility, source_id
        quotes = [*review["grounds"].values(), *conditions.get("desk", [])]
        quotes += [conditions["size_or"]] if "size_or" in conditions else []
        for quote in quotes:
            assert quote, source_id
            assert any(quote in text for text in texts_of(content)), (source_id, quote)
        grounded = {name for ground in review["grounds"] for name in GROUNDED[ground]}
        assert conditions.keys() - grounded <= {"desk", "is_complete"}, source_id
        for ground in review["grounds"]:
            assert ground == "place" or conditions.keys() & set(GROUNDED[ground]), source_id


def test_only_words_for_a_place_keep_anybody_out_by_it_and_none_do_by_industry() -> None:
    """What a firm does beside its main business is not asked for: 「飲食店」 may be a farm's."""
    for source_id, content in REAL.items():
        review = REVIEWS.get(source_id)
        beyond = loader.real_conditions(review).beyond
        assert Beyond.INDUSTRIES in beyond
        is_told = review is not None and "place" in review["grounds"]
        assert (Beyond.REGIONS not in beyond) == is_told
        if is_told:
            assert content.regions == ("pref",)
