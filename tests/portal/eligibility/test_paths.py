"""Ways through the check, over all samples: any answers, one question after the other."""

import statistics
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.eligibility.answers import Field
from portal.eligibility.conditions import Setting
from portal.eligibility.parameters import UNSURE, Pair, codes_of, parse
from portal.eligibility.prepared import Prepared
from portal.eligibility.services import Check, check
from portal.eligibility.verdicts import Verdict
from portal.extensions import Resources
from tests.conftest import resources_of
from tests.factories import make_listing
from tests.portal.eligibility.drawing import FIXED, TODAY, VOCABULARY

SETTING = Setting(VOCABULARY.tree, TODAY)
Samples = tuple[Prepared, ...]


@pytest.fixture(scope="module")
def samples(demo_app: Flask) -> Samples:
    held = resources_of(demo_app)
    with held.sessions() as session:
        return held.prepared_listings.current(session, TODAY)


def run(samples: Samples, pairs: list[Pair]) -> Check:
    return check(samples, parse(MultiDict(pairs), VOCABULARY), SETTING)


def verdicts(found: Check) -> dict[int, Verdict]:
    return {one.listing.listing_id: one.assessment.verdict for one in found.checked}


def drawn_answer(data: st.DataObject, field: Field, pairs: list[Pair]) -> Pair:
    industry = dict(pairs).get(Field.INDUSTRY)
    codes = codes_of(field, VOCABULARY, None if industry == UNSURE else industry)
    return field.value, data.draw(st.sampled_from([*codes, UNSURE]))


@settings(FIXED, max_examples=60)
@given(st.data())
def test_each_question_is_asked_once_and_no_answer_undoes_a_verdict(
    samples: Samples, data: st.DataObject
) -> None:
    pairs: list[Pair] = []
    found = run(samples, pairs)
    assert Verdict.NOT_ELIGIBLE not in verdicts(found).values()
    while found.questions:
        pairs.append(drawn_answer(data, found.questions[0], pairs))
        before, found = verdicts(found), run(samples, pairs)
        for listing_id, verdict in verdicts(found).items():
            assert before[listing_id] in (Verdict.ASK, verdict)
    assert len({name for name, _ in pairs}) == len(pairs) <= len(Field)


def test_owner_who_knows_every_answer_needs_five_to_seven_taps(samples: Samples) -> None:
    """Of every purpose and size, a shop, a workshop and an inn: seldom fewer, never more than
    eight; but a large maker is asked whether it makes rubber goods."""
    taps = {
        (purpose, industry, size): len(
            path(samples, {"purpose": purpose, "industry": industry} | SIZES[size] | ELSE)
        )
        for purpose in VOCABULARY.purposes
        for industry in "EIM"
        for size in SIZES
    }
    assert max(taps.values()) <= 9
    assert {(way[1], way[2]) for way, count in taps.items() if count > 8} <= {("E", "large")}
    assert statistics.median(taps.values()) in (5, 6, 7)


ELSE = {"place": "02203", "years": "5-10", "form": "company", "trade": UNSURE, "by": "any"}
SIZES = {
    "small": {"employees": "0-5", "capital": "0-50m"},
    "middling": {"employees": "21-50", "capital": "0-50m"},
    "large": {"employees": "301-", "capital": "300m-"},
}


def path(samples: Samples, answers: dict[str, str]) -> list[Pair]:
    """The questions that somebody is asked, with the answers."""
    pairs: list[Pair] = []
    while (found := run(samples, pairs)).questions:
        name = found.questions[0].value
        pairs.append((name, answers[name]))
    return pairs


def test_listings_are_prepared_anew_when_a_day_begins(resources: Resources) -> None:
    tomorrow = TODAY + timedelta(1)
    with resources.sessions() as session:
        make_listing(session, date_state="window", closes_on=TODAY)
        make_listing(session, date_state="window", opens_on=tomorrow)
        on_the_day = resources.prepared_listings.current(session, TODAY)
        assert resources.prepared_listings.current(session, TODAY) is on_the_day
        after = resources.prepared_listings.current(session, tomorrow)
    assert [len(one.conditions) for one in on_the_day] == [2, 3]
    assert [(one.listing.listing_id, len(one.conditions)) for one in after] == [(2, 2)]
