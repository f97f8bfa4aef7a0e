"""The list of addresses is reviewed: a new or lost one shows up as a change of ``routes.txt``."""

import re
from pathlib import Path

from flask import Flask

LIST = Path(__file__).with_name("routes.txt")


def routes(app: Flask) -> list[str]:
    return sorted(
        f"{rule.rule} {','.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}"
        for rule in app.url_map.iter_rules()
    )


def test_routes_are_the_reviewed_ones(app: Flask) -> None:
    assert routes(app) == LIST.read_text("utf-8").splitlines()


def test_addresses_are_lower_case_with_hyphens(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        fixed = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", fixed), rule.rule


def test_nothing_changes_on_get(app: Flask) -> None:
    changing = {"POST", "PUT", "PATCH", "DELETE"}
    for rule in app.url_map.iter_rules():
        assert not ((rule.methods or set()) & changing and "GET" in (rule.methods or set()))
