"""Addresses of the web that stand in a text as they are, made links."""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

# Characters of ASCII alone, as addresses are sent: Japanese goes on after one without a space, and
# what is meant to belong to it cannot be told from what follows. A host is whole and has a dot, and
# nothing before it passes one host off as another: https://example.jp@evil.example.
_ADDRESS = re.compile(
    r"""(?<![A-Za-z0-9])
        https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]{1,5})?(?![A-Za-z0-9@:-]|\.[A-Za-z0-9])
        (?:[/?#][A-Za-z0-9\-._~:/?\#\[\]@!$&'()*+,;=%]*)?""",
    re.VERBOSE,
)
_ENDS_A_SENTENCE = ".,:;!?'*_~"
_BRACKETS = (("(", ")"), ("[", "]"))


def link_addresses(tokens: Sequence[Token]) -> None:
    """Make the bare addresses in parsed Markdown links; what is a link or code is left alone."""
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = list(_linked(token.children))


def _linked(children: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for child in children:
        depth += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type == "text" and depth == 0:
            yield from _cut(child)
        else:
            yield child


def _cut(text: Token) -> Iterator[Token]:
    position = 0
    for found in _ADDRESS.finditer(text.content):
        address = _without_end_of_sentence(found.group())
        yield _text(text.content[position : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _text(address)
        yield Token("link_close", "a", -1)
        position = found.start() + len(address)
    yield _text(text.content[position:]) if position else text


def _without_end_of_sentence(address: str) -> str:
    """An address without what ends the sentence or the brackets it stands in."""
    # Counted once: a body of brackets alone must not keep a worker busy.
    unmatched = {
        closing: address.count(closing) - address.count(opening) for opening, closing in _BRACKETS
    }
    end = len(address)
    while (last := address[end - 1]) in _ENDS_A_SENTENCE or unmatched.get(last, 0) > 0:
        if last in unmatched:
            unmatched[last] -= 1
        end -= 1
    return address[:end]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
