"""What the page says for details that features record."""

import ast
from pathlib import Path

import pytest

from portal.audit.detail_words import name_of, value_of
from portal.config import CHECKOUT


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("role", "権限"),
        ("role_before", "権限（変更前）"),
        ("members_gained", "同じ意味のことば（足したもの）"),
        ("of_the_future", "of_the_future"),
        ("of_the_future_after", "of_the_future（変更後）"),
    ],
)
def test_field_is_told_in_words_or_as_it_is_kept(field: str, words: str) -> None:
    assert name_of(field) == words


@pytest.mark.parametrize(
    ("value", "words"), [(True, "はい"), (None, "なし"), ("", "なし"), (0, "0"), ("a<b", "a<b")]
)
def test_value_is_told_in_words_or_as_it_is_kept(value: object, words: str) -> None:
    assert value_of("rows", value) == words


def literal_details(source: str) -> set[str]:
    """Keys of what is passed or bound as ``detail`` where they are written out."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        is_passed = isinstance(node, ast.keyword) and node.arg == "detail"
        is_bound = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "detail"
        if is_passed or is_bound:
            dicts = [each for each in ast.walk(node.value) if isinstance(each, ast.Dict)]
            keys = [key for each in dicts for key in each.keys]
            found |= {str(key.value) for key in keys if isinstance(key, ast.Constant)}
    return found


def test_every_detail_that_is_recorded_has_words() -> None:
    sources = [path.read_text("utf-8") for path in Path(CHECKOUT, "portal").rglob("*.py")]
    recorded = set().union(*map(literal_details, sources))
    assert {"role", "rows", "second_factor"} <= recorded
    assert {field for field in recorded if name_of(field) == field} == set()
