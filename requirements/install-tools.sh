#!/usr/bin/env bash
# Installs packages of the system that are missing, when root: install-tools.sh PURPOSE PACKAGE...
# Without root it says what is missing; whoever needs it says what it leaves out.
set -euo pipefail

is_there() {
    case "$1" in
    chromium-headless-shell)
        command -v "$1" >/dev/null || { [ "$(id -u)" -ne 0 ] && command -v chromium >/dev/null; }
        ;;
    fonts-noto-cjk) [ -n "$(find /usr/share/fonts -iname '*CJK*' -print -quit 2>/dev/null)" ] ;;
    groonga-bin) command -v groonga >/dev/null ;;
    libreoffice-calc-nogui) command -v soffice >/dev/null ;;
    postgresql)
        compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null
        ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

purpose=$1
missing=()
for package in "${@:2}"; do
    if [ "$package" = chromium-headless-shell ] && ! apt-cache show "$package" >/dev/null 2>&1; then
        # Not every system has it apart.
        package=chromium
    fi
    is_there "$package" || missing+=("$package")
done

[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} for the $purpose"
    apt-get update -qq
    # No database server is started or set up on this machine: who needs one makes it.
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "Missing for some $purpose: ${missing[*]}"
fi
