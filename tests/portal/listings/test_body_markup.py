"""The body of a listing as HTML: nothing in it acts, loads or costs more than it says."""

from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from portal.listings.body_markup import render

DANGEROUS = (
    "[悪い](javascript:alert(1))",
    "[悪い](JaVaScRiPt:alert(1))",
    "[悪い](&#106;avascript:alert(1))",
    "[悪い](java&Tab;script:alert(1))",
    "[悪い](data:text/html;base64,PHNjcmlwdD4=)",
    "[悪い](vbscript:msgbox(1))",
    "[悪い](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[悪い][1]\n\n[1]: javascript:alert(1)",
    '[悪い](https://example.jp "x\\" onclick=\\"alert(1)")',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src='https://evil.example.jp'></iframe>",
    "<style>body{display:none}</style>",
    "<form action='https://evil.example.jp'><input name=password></form>",
    "![x](https://evil.example.jp/x.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "```html\n<script>alert(1)</script>\n```",
    "|a|\n|-|\n|<script>alert(1)</script>|",
)


@pytest.mark.parametrize("body", DANGEROUS)
def test_nothing_in_a_body_acts_or_is_loaded(body: str) -> None:
    found = BeautifulSoup(render(body), "html.parser")
    assert not found.select("script, img, svg, iframe, style, form, input, object, base, meta")
    for tag in found.find_all(True):
        assert set(tag.attrs) <= {"href", "title", "rel", "start"}
        assert urlsplit(str(tag.get("href", ""))).scheme in ("", "https")


def test_body_is_nested_no_deeper_than_anybody_means() -> None:
    assert str(render("> " * 50 + "本文")).count("<blockquote>") == 20
    assert str(render("> " * 5 + "本文")).count("<blockquote>") == 5
