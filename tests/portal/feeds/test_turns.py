"""Programs that fetch much at once keep neither threads nor cores from people."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.feeds import turns
from portal.feeds.turns import Turns

DEAR = [
    *("/feeds/deadlines.ics", "/feeds/events.ics", "/feeds/listings.atom"),
    *("/sitemap.xml", "/sitemaps/1.xml"),
]


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """The turns of this process, with no room to wait."""
    found = Turns(running=1, waiting=0)
    monkeypatch.setattr(turns, "TURNS", found)
    return found


def test_dear_answer_is_refused_while_others_are_made(
    client: FlaskClient, no_waiting: Turns
) -> None:
    with no_waiting.take() as has_turn:
        assert has_turn
        for address in DEAR:
            response = client.get(address)
            assert response.status_code == 503, address
            assert response.mimetype == "application/problem+json"
            assert response.headers["Retry-After"] == "60"
            assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get("/search").status_code == 200
    for address in DEAR:
        assert client.get(address).status_code in (200, 304), address
    # A view that fails gives its turn back, too.
    assert client.get("/sitemaps/99.xml").status_code == 404
    assert client.get("/sitemap.xml").status_code == 200


def test_some_wait_for_their_turn_and_the_rest_are_sent_away(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Turns(running=1, waiting=2)
    monkeypatch.setattr(turns, "TURNS", found)

    def fetch(_number: int) -> int:
        return app.test_client().get("/feeds/deadlines.ics").status_code

    with ThreadPoolExecutor(2) as pool, ExitStack() as running:
        running.enter_context(found.take())
        waiting = [pool.submit(fetch, number) for number in range(2)]
        while found.room:
            pass
        assert fetch(3) == 503
        running.close()
        assert [each.result() for each in waiting] == [200, 200]
    assert found.room == 3
