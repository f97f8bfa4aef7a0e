"""Signing in leads on to pages of this portal and nowhere else."""

import pytest
from flask import Flask

from portal.accounts.local_paths import local_path, path_of
from portal.extensions import Resources
from tests.accounts import Visitor, make_user

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example", "//evil.example/%2e%2e",
    "/\\evil.example", "/\\/evil.example", "\\/evil.example", "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example", "/\r/evil.example", "\t//evil.example", "\n//evil.example",
    "\r\n//evil.example", " //evil.example", "\x00//evil.example", "\x01https://evil.example",
    "/\x00/evil.example", "/\x0b/evil.example", "/\x0c/evil.example", "/\x7f/evil.example",
    "/\x85/evil.example", "/\u2028/evil.example", "/\u2029/evil.example", "/me\\..\\evil",
    "http://evil.example", "https://evil.example", "HTTPS://EVIL.EXAMPLE", "https:evil.example",
    "https:/evil.example", "https:///evil.example", "https:\\\\evil.example", "http:evil.example",
    "http:\\evil.example", "https:/\\evil.example", "ftp://evil.example", "file:///etc/passwd",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)",
    "\x00javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "mailto:a@b.jp",
    "blob:https://evil.example/1", "evil.example", "www.evil.example", "@evil.example",
    "user@evil.example", ".evil.example", "..//evil.example", "?next=//evil.example",
    "#//evil.example", "https://localhost@evil.example", "https://localhost.evil.example",
    "//localhost@evil.example", "/\\localhost", "／／evil.example", "。evil.example", "",
    "/me\r\nSet-Cookie: a=b", "/" + "x" * 2_000, "%2f%2fevil.example", "%09//evil.example",
]  # fmt: skip

HERE = [
    "/",
    "/me",
    "/search?q=創業&region=02203",
    "/search?q=a+b#top",
    "/listings/L000001",
    "/a//b",
]


def test_there_are_sixty() -> None:
    assert len(set(ELSEWHERE)) >= 60


@pytest.mark.parametrize("address", ELSEWHERE)
def test_sign_in_never_leads_elsewhere(app: Flask, resources: Resources, address: str) -> None:
    assert local_path(address) is None
    make_user(resources)
    visitor = Visitor(app)
    response = visitor.sign_in(next=address)
    assert (response.status_code, response.location) == (303, "/me")
    assert visitor.client.get("/login", query_string={"next": address}).location == "/me"


@pytest.mark.parametrize("address", HERE)
def test_sign_in_leads_to_pages_of_this_portal(
    app: Flask, resources: Resources, address: str
) -> None:
    assert local_path(address) == address
    make_user(resources)
    location = Visitor(app).sign_in(next=address).location
    assert location.startswith("/")
    assert not location.startswith("//")


def test_page_asked_for_is_where_one_arrives(app: Flask, resources: Resources) -> None:
    make_user(resources)
    visitor = Visitor(app)
    asked = visitor.open("/me/password?a=1")
    assert asked.location == "/login?next=/me/password?a%3D1"
    page = visitor.get(asked.location)
    field = page.dom.select_one("input[name=next]")
    assert field is not None
    assert field["value"] == "/me/password?a=1"


@pytest.mark.parametrize(
    ("referrer", "path"),
    [
        ("https://portal.example.jp/me?a=1", "/me?a=1"),
        ("https://portal.example.jp.evil.example/me", None),
        ("https://portal.example.jp//evil.example", None),
        ("https://evil.example/", None),
        (None, None),
    ],
)
def test_page_of_a_form_is_known_by_the_referrer(referrer: str | None, path: str | None) -> None:
    assert path_of(referrer, "https://portal.example.jp") == path
