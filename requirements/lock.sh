#!/usr/bin/env bash
# Rewrites the lock files from pyproject.toml. Each file is complete on its own: test holds all of
# runtime, dev all of test, bench all of runtime, and versions agree because each is constrained by
# the one before.
set -euo pipefail
cd "$(dirname "$0")/.."

uv="${UV:-.venv/bin/uv}"
build=$(mktemp --suffix=.in)
trap 'rm -f "$build"' EXIT
# The build backend is locked too, so that installing the portal itself resolves nothing.
sed -n 's/^requires = \["\(.*\)"\]$/\1/p' pyproject.toml >"$build"

lock() {
    "$uv" pip compile --universal --python-version 3.11 --generate-hashes --no-header \
        --no-annotate --quiet pyproject.toml "$build" "$@"
}
lock -o requirements/runtime.txt
lock --extra test -c requirements/runtime.txt -o requirements/test.txt
lock --extra test --extra dev -c requirements/test.txt -o requirements/dev.txt
lock --extra bench -c requirements/dev.txt -o requirements/bench.txt
