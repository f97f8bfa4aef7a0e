"""Every template compiles, and none takes the ways that are closed."""

import re

from flask import Flask

from portal.config import CHECKOUT
from tests.each import each

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
