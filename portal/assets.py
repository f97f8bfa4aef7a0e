"""Static files under addresses that hold a hash of their content, so that browsers keep them."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, g, request, url_for

ONE_YEAR_S = 31_536_000


def init_app(app: Flask) -> None:
    """Give templates ``asset_url`` and let answers to such addresses be kept."""
    app.jinja_env.globals["asset_url"] = asset_url

    @app.after_request
    def keep_current_version(response: Response) -> Response:
        asked_for = request.args.get("v")
        if request.endpoint == "static" and asked_for and response.status_code in (200, 304):
            name = (request.view_args or {})["filename"]
            # Another hash means an old page during an update: today's file must not be kept as it.
            if asked_for == _version_of(name):
                response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR_S}, immutable"
        return response


def asset_url(name: str) -> str:
    """The address of a file in ``static/``; it changes when the file does."""
    # Every icon of a page asks for the same file: once per request is enough.
    known: dict[str, str] = g.setdefault("asset_urls", {})
    if name not in known:
        known[name] = _address(request.script_root, name, _version_of(name))
    return known[name]


@lru_cache(maxsize=256)
def _address(_script_root: str, name: str, version: str) -> str:
    return url_for("static", filename=name, v=version)


def _version_of(name: str) -> str:
    path = f"{current_app.static_folder}/{name}"
    # The time of the last change is part of the key, so an edited file is seen without a restart.
    return _hash(path, os.stat(path).st_mtime_ns)


@lru_cache(maxsize=256)
def _hash(path: str, _changed_at: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
