"""Who may import what: the arrows of the architecture, read from the code itself.

Change this table together with ``docs/architecture.md``.
"""

import ast
import sys
from functools import cache
from pathlib import Path

import search_index
from tests.each import each

ROOT = Path(__file__).resolve().parent.parent.parent

# Modules of portal/ itself, which every feature may use unless they are wiring.
WIRING = {
    *("access", "app", "cli", "command_context", "demo_accounts", "extensions", "filters"),
    *("form_keeping", "identity", "installation", "interruptions", "models", "own_favorites"),
    *("__main__", "audit_commands", "job_commands", "server", "synonym_commands"),
    *("agency_commands", "report_commands", "user_commands", "view_counting", "pageview_commands"),
}

MAY_IMPORT: dict[str, set[str]] = {
    "api": {"search", "listings", "agencies", "search_index"},
    "feeds": {"search", "indexing", "publishing", "listings", "agencies", "search_index"},
    "comparison": {"listings"},
    "pages": {"search", "listings", "agencies"},
    "consultation": {"agencies", "listings"},
    "eligibility": {"consultation", "listings", "sheets"},
    "alerts": {
        *("accounts", "agencies", "favorites", "labels", "listings", "mail", "search"),
        "search_index",
    },
    "favorites": {"accounts", "audit", "feeds", "listings"},
    "sheets": {"listings", "typesetting"},
    "typesetting": set(),
    "operations": {"accounts", "jobs", "mail", "messages", "pageviews", "search_index"},
    "search": {"search_index", "indexing", "listings", "agencies", "audit"},
    "indexing": {"labels", "listings", "agencies", "search_index"},
    "jobs": {
        *("accounts", "agencies", "alerts", "attachments", "indexing", "audit", "listings"),
        *("mail", "messages", "pageviews", "publishing", "search", "search_index"),
    },
    "sample_data": {"agencies", "audit", "listings", "pageviews", "reports"},
    "attachments": {"publishing", "listings", "accounts", "agencies", "audit"},
    "publishing": {
        *("accounts", "agencies", "audit", "eligibility", "listings", "mail", "search_index"),
    },
    "labels": {"listings", "audit"},
    "listings": {"agencies", "audit"},
    "accounts": {"agencies", "audit", "mail"},
    "agencies": {"audit"},
    "audit": set(),
    "notices": {"audit"},
    "messages": {"accounts", "agencies", "audit", "listings", "mail"},
    "mail": set(),
    "pageviews": {"audit"},
    "reports": {
        "publishing",
        *("accounts", "agencies", "alerts", "audit", "favorites", "listings", "pageviews"),
        *("search", "typesetting"),
    },
}

# Views are the top layer of each feature and may look at anything below, and at the wiring.
VIEWS_MAY_IMPORT = {
    *("search", "listings", "attachments", "agencies", "accounts", "audit", "mail", "indexing"),
    "alerts",
    *("jobs", "messages", "notices", "access", "extensions", "form_keeping", "identity"),
    *("consultation", "favorites", "interruptions", "labels", "own_favorites", "publishing"),
    *("pageviews", "reports", "view_counting"),
    "search_index",
}

# The packages and modules of search_index, each of which may only use those before it.
LAYERS_OF_SEARCH_INDEX = (
    *("errors", "cache", "analysis", "highlight", "types", "sets", "terms", "segments"),
    *("days", "snapshot", "query", "matching", "understanding", "answer", "completions"),
    *("storage", "index", "memory_index", "whoosh_index", "factory", "__init__"),
)

LIBRARIES_OF_SEARCH_INDEX = {"whoosh", "sudachipy", "numpy", "filelock"}
WEB_FREE = ("models", "queries", "services")
WEB_NAMES = {"request", "current_app", "render_template", "abort", "g", "session"}


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def imported_modules(path: Path) -> tuple[str, ...]:
    """Dotted names a file imports; ``from a import b`` counts as ``a.b``."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(names)


def feature_of(path: Path) -> str | None:
    parts = path.relative_to(ROOT / "portal").parts
    return parts[0] if len(parts) > 1 else None


def is_view(path: Path) -> bool:
    return path.stem.endswith("views")


@each("path", python_files("portal"))
def test_feature_imports_only_what_lies_below_it(path: Path) -> None:
    feature = feature_of(path)
    if feature is None:
        return
    allowed = MAY_IMPORT[feature] | (VIEWS_MAY_IMPORT if is_view(path) else set())
    for name in imported_modules(path):
        package, _, rest = name.partition(".")
        target = rest.split(".")[0] if package == "portal" else package
        if package == "portal" and (ROOT / "portal" / target).is_dir():
            assert target == feature or target in allowed, f"{path.name} imports {name}"
        elif package == "portal" and target in WIRING:
            assert target in allowed, f"{path.name} imports the wiring: {name}"
        elif package == "search_index":
            assert "search_index" in allowed, f"{path.name} imports {name}"


@each("path", python_files("portal"))
def test_views_are_imported_by_the_app_and_forms_by_views_of_their_feature(path: Path) -> None:
    if path == ROOT / "portal" / "app.py":
        return
    for name in imported_modules(path):
        parts = name.split(".")
        if parts[0] != "portal":
            continue
        assert not any(part.endswith("views") for part in parts[2:]), name
        if any(part.endswith("forms") for part in parts[2:]):
            assert is_view(path), name
            assert parts[1] == feature_of(path), name


@each("path", python_files("portal"))
def test_modules_of_portal_itself_know_neither_features_nor_wiring(path: Path) -> None:
    if feature_of(path) is not None or path.stem in WIRING:
        return
    for name in imported_modules(path):
        package, _, rest = name.partition(".")
        assert package != "search_index", name
        if package == "portal":
            target = rest.split(".")[0]
            assert target not in WIRING, f"{path.name} imports the wiring: {name}"
            assert not (ROOT / "portal" / target).is_dir(), f"{path.name} imports {name}"


@each("path", python_files("portal"))
def test_models_queries_and_services_know_no_web(path: Path) -> None:
    if not path.stem.endswith(WEB_FREE):
        return
    for name in imported_modules(path):
        package, _, rest = name.partition(".")
        assert package != "flask" or rest not in WEB_NAMES, f"{path.name} imports {name}"


@each("path", python_files("search_index"))
def test_search_index_stands_alone(path: Path) -> None:
    for name in imported_modules(path):
        package = name.split(".")[0]
        known = package in sys.stdlib_module_names or package == "search_index"
        assert known or package in LIBRARIES_OF_SEARCH_INDEX, f"{path.name} imports {name}"


@each("path", python_files("search_index"))
def test_search_index_is_built_in_layers(path: Path) -> None:
    own = path.relative_to(ROOT / "search_index").parts[0].removesuffix(".py")
    below = LAYERS_OF_SEARCH_INDEX[: LAYERS_OF_SEARCH_INDEX.index(own) + 1]
    for name in imported_modules(path):
        package, _, rest = name.partition(".")
        if package == "search_index":
            assert rest.split(".")[0] in below, f"{own} imports {name}"


def test_whoosh_is_behind_one_door() -> None:
    users = {
        path.name
        for path in python_files("search_index", "portal")
        if any(name.split(".")[0] == "whoosh" for name in imported_modules(path))
    }
    assert users == {"whoosh_storage.py"}


def test_whoosh_neither_analyses_nor_matches_nor_ranks() -> None:
    tree = ast.parse(
        (ROOT / "search_index" / "storage" / "whoosh_storage.py").read_text(encoding="utf-8")
    )
    names = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("whoosh")
        for alias in node.names
    }
    assert names == {
        *("whoosh.codec.base.Segment", "whoosh.fields.STORED", "whoosh.fields.Schema"),
        *("whoosh.filedb.filestore.FileStorage", "whoosh.filedb.structfile.StructFile"),
        *("whoosh.index.TOC", "whoosh.index.clean_files"),
    }


def test_portal_uses_only_the_face_of_search_index() -> None:
    for path in python_files("portal"):
        for name in imported_modules(path):
            package, _, rest = name.partition(".")
            assert package != "search_index" or rest in search_index.__all__, f"{path}: {name}"


@each("path", python_files("portal", "search_index"))
def test_nothing_is_imported_inside_a_function(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inner, f"{path.name}: {node.name} imports inside"


def test_only_the_clock_asks_for_the_time_and_only_the_config_for_the_environment() -> None:
    for path in python_files("portal", "search_index"):
        source = path.read_text(encoding="utf-8")
        if path.name != "clock.py":
            assert "datetime.now" not in source, path
            assert "date.today" not in source, path
        if path.name not in ("config.py", "app.py", "command_context.py"):
            assert "os.environ" not in source, path
