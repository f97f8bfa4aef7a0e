"""What the record of events tells: every change over the web leaves exactly one event, and whoever
adds a route that changes something has to say which."""

from pathlib import Path

import pytest
from flask import Flask

from tests.accounts import actions
from tests.acts import ACTS
from tests.acts import attachments as attachments
from tests.acts import desks as desks
from tests.acts import listing_desks as listing_desks
from tests.acts import listings as listings
from tests.acts import messages as messages
from tests.acts import notices as notices
from tests.acts import own_account as own_account
from tests.acts import synonyms as synonyms
from tests.conftest import MakeApp, MakeDatabase, make_settings, resources_of

# What they lock, and how, is another matter there.
OF_LISTINGS = [
    name
    for name, (endpoint, _, _) in ACTS.items()
    if endpoint.startswith(("attachments_", "listing_", "review_"))
]


@pytest.fixture
def app_on_postgresql(
    tmp_path: Path, make_postgresql_database: MakeDatabase, make_app: MakeApp
) -> Flask:
    """An app as most tests have it, on PostgreSQL."""
    app = make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=make_postgresql_database()))
    app.testing = True
    resources_of(app).indexer.rebuild()
    return app


def leaves_its_event(app: Flask, name: str) -> None:
    endpoint, expected, stage = ACTS[name]
    act = stage(app)
    before = len(actions(resources_of(app)))
    answer = act()
    assert app.url_map.bind("localhost").match(answer.request.path, "POST")[0] == endpoint
    assert answer.status_code < 500
    assert actions(resources_of(app))[before:] == list(expected)


@pytest.mark.parametrize("name", ACTS)
def test_act_leaves_its_event_and_no_other(app: Flask, name: str) -> None:
    leaves_its_event(app, name)


@pytest.mark.postgresql
@pytest.mark.parametrize("name", OF_LISTINGS)
def test_act_on_a_listing_leaves_the_same_on_postgresql(
    app_on_postgresql: Flask, name: str
) -> None:
    leaves_its_event(app_on_postgresql, name)


def test_every_route_that_changes_something_is_looked_at(app: Flask) -> None:
    rules = app.url_map.iter_rules()
    changing = {rule.endpoint for rule in rules if "POST" in (rule.methods or ())}
    assert changing == {endpoint for endpoint, _, _ in ACTS.values()}
