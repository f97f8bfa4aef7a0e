#!/usr/bin/env bash
# Makes .venv and installs one lock file into it: install.sh runtime|test|dev|bench
# Does nothing when that file is already installed, so a second start takes no time.
set -euo pipefail
cd "$(dirname "$0")/.."

lock="requirements/$1.txt"
stamp=".venv/.installed-$1"

find_python() {
    local candidate found=""
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
            2>/dev/null || continue
        found=$candidate
        # One without venv is of no use while another has it.
        "$candidate" -c 'import ensurepip, venv' 2>/dev/null && break
    done
    if [ -n "$found" ]; then
        echo "$found"
        return
    fi
    echo "Python 3.11, 3.12 or 3.13 is needed and none was found. / Python 3.11〜3.13 を入れてください。" >&2
    echo "  Debian, Ubuntu: sudo apt-get install python3 python3-venv" >&2
    exit 1
}

make_venv() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "This Python has no venv. / この Python には venv がありません。次を実行してください。" >&2
        echo "  sudo apt-get install python3-venv" >&2
        exit 1
    fi
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

# A moved checkout, an upgraded system Python or an interrupted start leaves a .venv that is no use.
.venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv

wanted=$(cat "$lock" pyproject.toml | cksum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing $lock (the first time takes a minute or two)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation --editable .
    echo "$wanted" >"$stamp"
fi
