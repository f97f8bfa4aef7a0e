"""The body of a listing: Markdown in, harmless HTML out."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# "js-default" takes no raw HTML and refuses javascript: and data: links; what it makes is cleaned
# again all the same, so that a flaw in one of the two lets nothing through. Nobody nests deeper
# than 20; a hundred, and a body of brackets alone keeps the worker of each reader busy for seconds.
_MARKDOWN = MarkdownIt("js-default", {"typographer": False, "breaks": True, "maxNesting": 20})

_TAGS = {
    "p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "hr", "code", "pre", "a",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}

# A page has its own h1, and its sections are h2.
_FIRST_LEVEL = 3


def render(markdown: str) -> Markup:
    """The text as HTML, its headings below those of the page around it and without gaps."""
    tokens = _MARKDOWN.parse(markdown)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    used = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(_FIRST_LEVEL + used.index(token.tag), 6)}"
    clean = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 - cleaned just above
