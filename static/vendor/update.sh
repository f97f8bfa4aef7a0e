#!/usr/bin/env bash
# Copies the third-party files the pages use from npm into this folder, and writes MANIFEST.json.
# Versions are those of package.json and its lock file; the copies are committed, so running and
# installing the portal never needs Node or a network.
set -euo pipefail
cd "$(dirname "$0")/../.."
vendor=static/vendor

# The lock file holds hashes, but no addresses: any registry with the same files will do.
npm ci --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund

find "$vendor" -mindepth 1 -maxdepth 1 -type d -exec rm -r {} +

copy() { # package, folder name, files…
    local package=$1 name=$2
    shift 2
    local version folder file
    version=$(node -p "require('./node_modules/$package/package.json').version")
    folder="$vendor/$name-$version"
    mkdir -p "$folder"
    for file in "$@"; do
        cp "node_modules/$package/$file" "$folder/"
    done
}

copy @digital-go-jp/design-tokens design-tokens dist/tokens.css LICENSE
copy htmx.org htmx dist/htmx.min.js LICENSE

node --input-type=module <<'JS'
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const vendor = "static/vendor";
const packages = { "design-tokens": "@digital-go-jp/design-tokens", htmx: "htmx.org" };
const entries = Object.entries(packages).map(([name, npmName]) => {
  const about = JSON.parse(readFileSync(`node_modules/${npmName}/package.json`, "utf8"));
  const folder = `${name}-${about.version}`;
  const files = {};
  for (const file of readdirSync(`${vendor}/${folder}`).sort()) {
    const content = readFileSync(`${vendor}/${folder}/${file}`);
    files[file] = { sha256: createHash("sha256").update(content).digest("hex") };
  }
  return { name: npmName, version: about.version, license: about.license, folder, files };
});
writeFileSync(`${vendor}/MANIFEST.json`, JSON.stringify({ packages: entries }, null, 2) + "\n");
JS
echo "Wrote $vendor/MANIFEST.json"
