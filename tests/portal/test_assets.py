"""Static files: addresses that change with the content, and copies that are what they say."""

import hashlib
import json

from flask import Flask
from flask.testing import FlaskClient

from portal.assets import asset_url
from portal.config import CHECKOUT

VENDOR = CHECKOUT / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "MANIFEST.json").read_text("utf-8"))["packages"]


def test_current_version_may_be_kept_for_a_year(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        url = asset_url("css/base.css")
    with client.get(url) as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_other_versions_are_asked_for_again(client: FlaskClient) -> None:
    for url in ("/static/css/base.css", "/static/css/base.css?v=0123"):
        with client.get(url) as response:
            assert "max-age=31536000" not in response.headers["Cache-Control"]


def test_address_changes_with_the_content(app: Flask) -> None:
    content = (CHECKOUT / "static/css/base.css").read_bytes()
    with app.test_request_context():
        assert asset_url("css/base.css").endswith(hashlib.sha256(content).hexdigest()[:12])


def test_vendored_files_are_those_of_the_manifest() -> None:
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in VENDOR.iterdir()
        if folder.is_dir()
        for path in folder.iterdir()
    }
    assert found == {
        f"{package['folder']}/{name}": file["sha256"]
        for package in MANIFEST
        for name, file in package["files"].items()
    }


def test_vendored_versions_are_the_pinned_ones_with_their_licence() -> None:
    pinned = json.loads((CHECKOUT / "package.json").read_text("utf-8"))["dependencies"]
    assert {package["name"]: package["version"] for package in MANIFEST} == pinned
    assert all("LICENSE" in package["files"] for package in MANIFEST)


def test_lock_file_names_no_registry() -> None:
    assert "http" not in (CHECKOUT / "package-lock.json").read_text("utf-8")


def test_styles_and_scripts_load_nothing_from_elsewhere() -> None:
    for folder in ("css", "js"):
        for path in (CHECKOUT / "static" / folder).iterdir():
            text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "//" not in text.replace("// ", ""), path.name
