"""The documents tell the truth about what the code has."""

import re
import tomllib
from dataclasses import fields

import pytest

from portal.cli import cli
from portal.config import CHECKOUT
from portal.listings.content import ListingContent

DOCS = CHECKOUT / "docs"


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    used = set(
        re.findall(r'"(PORTAL_[A-Z_]+)"', (CHECKOUT / "portal/config.py").read_text("utf-8"))
    )
    documented = set(
        re.findall(r"`(PORTAL_[A-Z_]+)`", (DOCS / "configuration.md").read_text("utf-8"))
    )
    assert used == documented


def test_glossary_names_every_field_of_a_listing() -> None:
    glossary = (DOCS / "glossary.md").read_text("utf-8")
    hidden = {"past_results", "past_budgets"}
    names = {field.name for field in fields(ListingContent)} - hidden
    assert {name for name in names if f"`{name}`" not in glossary} == set()


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_in_the_operations_guide(name: str) -> None:
    assert f"portal {name}" in (DOCS / "operations.md").read_text("utf-8")


def test_links_between_documents_lead_somewhere() -> None:
    for path in [CHECKOUT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_tests_named_as_proof_exist() -> None:
    named = set(re.findall(r"`([tT]est\w+)`", (DOCS / "search-tests.md").read_text("utf-8")))
    written = "".join(path.read_text("utf-8") for path in (CHECKOUT / "tests").rglob("test_*.py"))
    assert named - set(re.findall(r"^(?:def )?(\w+)(?:\(| = )", written, re.MULTILINE)) == set()
    assert len(named) > 30


def test_lock_files_name_no_registry() -> None:
    locks = [*(CHECKOUT / "requirements").glob("*.txt"), CHECKOUT / "package-lock.json"]
    assert len(locks) == 5
    for path in locks:
        assert '"resolved"' not in path.read_text("utf-8")
        assert "index-url" not in path.read_text("utf-8")


def test_every_dependency_is_in_the_table_with_its_licence() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    pinned = [*project["dependencies"], *(name for extra in extras for name in extra)]
    names = {re.split(r"[\[=]", pin)[0] for pin in pinned}
    table = (DOCS / "dependencies.md").read_text("utf-8")
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| ")]
    assert {name.strip() for row in rows for name in row.split(",")} - {"library"} == names


def test_every_dependency_is_pinned_to_one_version() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    for group in (project["dependencies"], *project["optional-dependencies"].values()):
        assert all(re.fullmatch(r"[\w.\[\]-]+==[\w.]+", pin) for pin in group)
