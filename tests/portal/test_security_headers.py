"""Every answer of every address carries the headers; pages hold nothing they would forbid."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

ADDRESSES = [
    "/", "/search", "/search?q=補助金", "/listings/L000001", "/agencies", "/agencies/aomori-pref",
    "/about", "/help", "/help/staff", "/help/approvers", "/contact", "/terms", "/privacy",
    "/accessibility", "/api/v1/docs",
    "/nowhere", "/api/v1/listings", "/healthz", "/static/css/base.css",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_headers_are_there(client: FlaskClient, address: str) -> None:
    with client.get(address) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_cookie_is_set_but_by_forms_for_their_token(client: FlaskClient, address: str) -> None:
    with client.get(address) as response:
        names = [cookie.partition("=")[0] for cookie in response.headers.getlist("Set-Cookie")]
    assert names == (["form"] if address == "/contact" else [])


def test_pages_have_no_validators_and_no_inline_code(demo_app: Flask) -> None:
    client = demo_app.test_client()
    for address in ADDRESSES:
        with client.get(address) as response:
            html = response.text if response.mimetype == "text/html" else ""
        if not html:
            continue
        assert "ETag" not in response.headers
        assert "Last-Modified" not in response.headers
        dom = BeautifulSoup(html, "html.parser")
        for script in dom.select("script:not([src])"):
            assert script["type"] == "application/ld+json"
        assert not dom.select("style, [style]")
        handlers = [name for tag in dom.find_all() for name in tag.attrs if name.startswith("on")]
        assert handlers == []
