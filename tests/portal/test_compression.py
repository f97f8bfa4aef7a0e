"""Text goes out compressed to whoever takes it, and means the same."""

import gzip

import pytest
from flask.testing import FlaskClient

ADDRESSES = ["/", "/search", "/api/v1/listings", "/static/css/base.css"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_compressed_answer_is_the_plain_one_in_half_its_size(
    client: FlaskClient, address: str
) -> None:
    with client.get(address) as response:
        plain = response.data
    with client.get(address, headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in response.headers["Vary"]
        packed = response.data
    same = gzip.decompress(packed)
    # The API tells how long it took, which differs from one request to the next.
    assert same == plain or address == "/api/v1/listings"
    assert len(packed) < len(plain) / 2


def test_browser_that_takes_several_forms_gets_the_quickest(client: FlaskClient) -> None:
    with client.get("/search", headers={"Accept-Encoding": "gzip, deflate, br, zstd"}) as response:
        assert response.headers["Content-Encoding"] == "zstd"
    with client.get("/search", headers={"Accept-Encoding": "gzip, deflate, br"}) as response:
        assert response.headers["Content-Encoding"] == "br"


def test_unchanged_file_is_not_sent_twice(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    with client.get("/static/css/base.css", headers=headers) as response:
        etag = response.headers["ETag"]
    with client.get("/static/css/base.css", headers=headers | {"If-None-Match": etag}) as again:
        assert again.status_code == 304
        assert again.data == b""
