#!/usr/bin/env bash
# Installs the peers and the load generator of the measurements, when root and missing.
# Without root the measurements say what they leave out.
set -euo pipefail

missing=()
command -v groonga >/dev/null || missing+=(groonga-bin)
command -v wrk >/dev/null || missing+=(wrk)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null ||
    missing+=(postgresql)

[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} for the measurements"
    apt-get update -qq
    # No database server is started or set up on this machine: the measurements make their own.
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "Missing for some measurements: ${missing[*]}"
fi
