"""What the record of events tells: every change over the web leaves exactly one event, and whoever
adds a route that changes something has to say which."""

import pytest
from flask import Flask

from tests.accounts import actions
from tests.acts import ACTS
from tests.acts import alerts as alerts
from tests.acts import attachments as attachments
from tests.acts import clicks as clicks
from tests.acts import demand as demand
from tests.acts import desks as desks
from tests.acts import favorites as favorites
from tests.acts import labels as labels
from tests.acts import listing_desks as listing_desks
from tests.acts import listings as listings
from tests.acts import messages as messages
from tests.acts import notices as notices
from tests.acts import own_account as own_account
from tests.acts import reports as reports
from tests.acts import synonyms as synonyms
from tests.conftest import resources_of

AT_THE_DESK = {part.__name__ for part in (attachments, listing_desks, listings, messages, notices)}
"""What many do at once, so that rows are locked; each lock is one that only PostgreSQL takes."""

BOTH = [("app", name) for name in ACTS] + [
    pytest.param("postgresql_app", name, marks=pytest.mark.postgresql)
    for name, (_, _, stage) in ACTS.items()
    if stage.__module__ in AT_THE_DESK
]


@pytest.mark.parametrize(("kind", "name"), BOTH)
def test_act_leaves_its_event_and_no_other(
    request: pytest.FixtureRequest, kind: str, name: str
) -> None:
    app: Flask = request.getfixturevalue(kind)
    endpoint, expected, stage = ACTS[name]
    act = stage(app)
    before = len(actions(resources_of(app)))
    answer = act()
    assert app.url_map.bind("localhost").match(answer.request.path, "POST")[0] == endpoint
    assert answer.status_code < 500
    assert actions(resources_of(app))[before:] == list(expected)


def test_every_route_that_changes_something_is_looked_at(app: Flask) -> None:
    rules = app.url_map.iter_rules()
    changing = {rule.endpoint for rule in rules if "POST" in (rule.methods or ())}
    assert changing == {endpoint for endpoint, _, _ in ACTS.values()}
