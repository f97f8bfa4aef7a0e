"""The body of a listing: Markdown in, harmless HTML out."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from portal.listings.bare_addresses import link_addresses

# "js-default" takes no raw HTML and refuses javascript: and data: links; what it makes is cleaned
# again all the same, so that a flaw in one of the two lets nothing through. Nobody nests deeper
# than 20; a hundred, and a body of brackets alone keeps the worker of each reader busy for seconds.
_MARKDOWN = MarkdownIt("js-default", {"typographer": False, "breaks": True, "maxNesting": 20})

_TAGS = {
    "p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "hr", "code", "pre", "a",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}

_SCHEMES = {"http", "https", "mailto", "tel"}

# Reads what the other one refuses, so that it can be named.
_LENIENT = MarkdownIt("commonmark", {"html": True, "maxNesting": 20})
_LENIENT.validateLink = lambda url: True  # type: ignore[method-assign]

# A page has its own h1, and its sections are h2.
_FIRST_LEVEL = 3


def render(markdown: str) -> Markup:
    """The text as HTML, its headings below those of the page around it and without gaps."""
    tokens = _MARKDOWN.parse(markdown)
    link_addresses(tokens)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    used = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(_FIRST_LEVEL + used.index(token.tag), 6)}"
    clean = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 - cleaned just above


def find_harmful(markdown: str) -> Iterator[str]:
    """What must not be kept, for whoever writes it to mend. ``render`` lets nothing of it through;
    but the text goes out as it is as well, to readers that may be less careful."""
    tokens = [*_LENIENT.parse(markdown)]
    tokens += [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in tokens}
    if kinds & {"html_block", "html_inline"}:
        yield (
            "HTMLのタグ（<b> や <a href=…> など）は使えません。取り除いてください。"
            "リンクは [名前](https://…) と書きます。"
        )
    if "image" in kinds:
        yield "本文に画像は入れられません。PDFにして、添付ファイルとして付けてください。"
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    wrong = [link for link in links if not _is_harmless(link)]
    if wrong:
        yield f"このリンクは使えません: {wrong[0][:60]}。https:// で始まるアドレスにしてください。"


def _is_harmless(link: str) -> bool:
    try:
        scheme = urlsplit(link).scheme
    except ValueError:
        return False
    return scheme.lower() in _SCHEMES
