"""Who fetches again pays only for what changed."""

import gzip
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from portal.extensions import Resources
from tests.conftest import NOW
from tests.factories import publish_and_index
from tests.portal.feeds.changes import republish

ADDRESSES = [
    "/listings/L000001.ics",
    "/feeds/deadlines.ics",
    "/feeds/events.ics?kind=subsidy",
    "/feeds/listings.atom",
    "/sitemap.xml",
    "/opensearch.xml",
]
CHANGING = [ADDRESSES[0], ADDRESSES[1], ADDRESSES[3]]
WINDOW = {"date_state": "window"}


@pytest.fixture
def public_id(resources: Resources) -> str:
    return publish_and_index(resources, **WINDOW, closes_on=date(2026, 12, 4))


@pytest.mark.usefixtures("public_id")
@pytest.mark.parametrize("address", ADDRESSES)
def test_who_has_it_gets_nothing(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    for name, told in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = client.get(address, headers={name: first.headers[told]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.usefixtures("public_id")
@pytest.mark.parametrize("address", ADDRESSES[:-1])
def test_compressed_answer_is_known_again(client: FlaskClient, address: str) -> None:
    packed = {"Accept-Encoding": "gzip"}
    first = client.get(address, headers=packed)
    assert gzip.decompress(first.data) == client.get(address).data
    again = client.get(address, headers=packed | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("address", CHANGING)
def test_who_has_an_old_one_gets_the_new(
    client: FlaskClient, resources: Resources, public_id: str, address: str
) -> None:
    first = client.get(address)
    later = NOW + timedelta(minutes=1)
    republish(resources, public_id, now=later, **WINDOW, closes_on=date(2026, 12, 18))
    for name, told in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = client.get(address, headers={name: first.headers[told]})
        assert again.status_code == 200
        assert again.headers["ETag"] != first.headers["ETag"]
        assert again.data != first.data


@pytest.mark.parametrize("address", CHANGING)
def test_head_tells_the_same_without_the_body(
    client: FlaskClient, public_id: str, address: str
) -> None:
    whole, head = client.get(address), client.head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert public_id in whole.text
