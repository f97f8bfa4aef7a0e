"""The body of a listing as HTML: nothing in it acts, loads or costs more than it says."""

from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from portal.listings.body_markup import find_harmful, render
from portal.sample_data import loader
from tests.each import each

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


def links(body: str) -> list[tuple[str, str]]:
    found = BeautifulSoup(render(body), "html.parser").select("a")
    assert all(link["rel"] == ["noopener", "noreferrer"] for link in found)
    return [(str(link["href"]), link.get_text()) for link in found]


@each(
    "case",
    [
        (
            "くわしくはhttps://example.jp/a_b/?x=1&y=2をご覧ください。",
            "https://example.jp/a_b/?x=1&y=2",
        ),
        ("（https://example.jp/補助金）", "https://example.jp/"),
        ("「http://example.jp」、", "http://example.jp"),
        ("**https://example.jp:8080/#a**", "https://example.jp:8080/#a"),
        ("- 申込 (https://example.jp/w_(x)).", "https://example.jp/w_(x)"),
        ("See https://example.jp/a, please", "https://example.jp/a"),
        ("一行目\nhttps://example.jp/a%E3%81%82", "https://example.jp/a%E3%81%82"),
        ("<https://example.jp/b>", "https://example.jp/b"),
        ("[申込](https://example.jp/c)", "https://example.jp/c"),
        ("[https://example.jp/d](https://example.jp/d)", "https://example.jp/d"),
    ],
)
def test_address_in_a_text_is_a_link_without_what_follows(case: tuple[str, str]) -> None:
    body, address = case
    assert [href for href, _ in links(body)] == [address]


def test_long_rows_of_brackets_are_quickly_read() -> None:
    (found,) = links("https://example.jp/(a)" + ")." * 9_900)
    assert found == ("https://example.jp/(a)", "https://example.jp/(a)")


def test_text_stays_as_it_was_written() -> None:
    body = "A https://example.jp/a、B https://example.jp/b。 C & <D>"
    assert BeautifulSoup(render(body), "html.parser").get_text().strip() == body
    assert [text for _, text in links(body)] == ["https://example.jp/a", "https://example.jp/b"]


@each(
    "body",
    [
        *("www.example.jp", "info@example.jp", "ftp://example.jp", "xhttps://example.jp"),
        *(
            "javascript://example.jp/%0Aalert(1)",
            "https://localhost/",
            "https://",
            "http://例え.jp",
        ),
        *("https://example.jp@evil.example", "https://www.example.jp:x@evil.example/a"),
        *("`https://example.jp`", "```\nhttps://example.jp\n```"),
    ],
)
def test_nothing_else_becomes_one(body: str) -> None:
    assert links(body) == []


def test_body_is_nested_no_deeper_than_anybody_means() -> None:
    assert str(render("> " * 50 + "本文")).count("<blockquote>") == 20
    assert str(render("> " * 5 + "本文")).count("<blockquote>") == 5


HARMLESS = (
    "普通の文。<事業者向け>の案内です。3 < 5 > 2",
    "[申請書](https://example.jp/a?b=c&d=e) と <https://example.jp> と <info@example.jp>",
    "[電話](tel:017-722-1111) [メール](mailto:info@example.jp)",
    "```html\n<script>alert(1)</script>\n```",
    "`<b>` と書くと太くなります",
    "# 対象\n\n- 一\n- 二\n\n**大事**",
)


@pytest.mark.parametrize("body", [body for body in DANGEROUS if body not in HARMLESS])
def test_what_others_might_run_is_named_to_whoever_writes_it(body: str) -> None:
    # Where it is read as plain text by us, another reader of the same bytes may read more.
    is_plain = not BeautifulSoup(MarkdownIt("commonmark").render(body), "html.parser").select(
        "a:not([href^='https:']), script, img, svg, iframe, style, form"
    )
    assert is_plain or list(find_harmful(body))


@pytest.mark.parametrize("body", HARMLESS)
def test_what_does_no_harm_is_kept(body: str) -> None:
    assert not list(find_harmful(body))


def test_real_bodies_do_no_harm() -> None:
    bodies = [row.get("body") or "" for row in loader.rows("listings.jsonl")]
    assert any(bodies)
    assert not [problem for body in bodies for problem in find_harmful(body)]
