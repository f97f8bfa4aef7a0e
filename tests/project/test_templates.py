"""Every template compiles, and none takes the ways that are closed."""

import re

from flask import Flask

from portal.config import CHECKOUT
from tests.each import each

SCHEME = "(prefers-color-scheme"
TEMPLATES = sorted(
    str(path.relative_to(CHECKOUT / "templates"))
    for path in (CHECKOUT / "templates").rglob("*.html")
)


def source(name: str) -> str:
    return (CHECKOUT / "templates" / name).read_text("utf-8")


@each("name", TEMPLATES)
def test_template_compiles(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


@each("name", TEMPLATES)
def test_nothing_escapes_escaping(name: str) -> None:
    assert "|safe" not in source(name).replace(" ", "")
    assert "autoescape false" not in source(name)


@each("name", TEMPLATES)
def test_no_inline_script_style_or_handler(name: str) -> None:
    text = source(name)
    assert not re.search(r"<script(?![^>]*\b(?:src|type=\"application/ld\+json\"))", text)
    assert "<style" not in text
    assert not re.search(r"\s(?:style|on[a-z]+)=", text)


@each("name", TEMPLATES)
def test_no_other_host_is_asked_for_anything(name: str) -> None:
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", source(name))


def test_dark_is_made_of_tokens_alone() -> None:
    # The look of axe at the dark relies on it: no rule shows or hides anything there.
    knowing = [
        path for path in (CHECKOUT / "static").rglob("*.css") if SCHEME in path.read_text("utf-8")
    ]
    assert [path.name for path in knowing] == ["tokens.css"]
    _, dark = knowing[0].read_text("utf-8").split(SCHEME)
    declared = re.findall(r"^\s+([a-z-]+):", dark, flags=re.MULTILINE)
    assert declared
    assert {name for name in declared if not name.startswith("--")} <= {"color-scheme"}
