"""``make bench-sign-in``: what a password costs, what a rush of sign-ins does to the public pages,
and whether an answer tells that an address has an account."""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path

from bench import http_data, http_servers, results
from bench.corpus import DEFAULT_FOLDER, Corpus
from bench.http_clients import PACE_S, ask_during
from bench.http_paths import mixed_searches, portal_path
from bench.queries import draw_queries
from bench.report import beside, milliseconds, table, write_between_markers
from bench.search import DOCUMENT
from bench.sign_in_load import (
    PASSWORD,
    SAMPLES,
    Beside,
    Rush,
    Telling,
    beside_pages,
    email_of,
    make_members,
    rush,
    telling,
    timed,
)
from portal.config import Settings
from portal.extensions import Resources

SIZE = 10_000
WORKERS = 2
RUSH = 50
"""People who sign in at once."""

_HASHES = 20
_QUIET_S = 10.0
_SEARCHES = 2_000
_FORMS = {"/login": {"password": "wrong password here"}, "/password-reset": {}, "/signup": {}}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and with ``--write`` put the tables into the documentation."""
    parser = argparse.ArgumentParser(prog="bench.sign_in", description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--write", action="store_true", help=f"put the tables into {DOCUMENT}")
    options = parser.parse_args(arguments)
    corpus = Corpus(options.folder, SIZE)
    corpus.prepare()
    http_data.fill_portal(corpus)
    searches = mixed_searches(draw_queries(corpus, per_mode=100), count=_SEARCHES, seed=1)
    paths = cycle([portal_path("/search", search) for search in searches])
    with tempfile.TemporaryDirectory(dir=options.folder) as aside:
        copy = Path(aside) / "portal"
        shutil.copytree(http_data.portal_folder(corpus), copy)
        text = _measure(copy, paths)
    text = (
        f"{results.today()}; {results.machine()}; {SIZE:,} listings, {WORKERS} workers.\n\n{text}"
    )
    print(text)
    if options.write:
        write_between_markers(DOCUMENT, "bench-sign-in", text)
    return 0


def _measure(folder: Path, paths: Iterator[str]) -> str:
    environment = {**http_data.portal_environment(folder), "PORTAL_JOBS": "external"}
    held = Resources.from_settings(Settings.from_env(environment))
    emails = [email_of(number) for number in range(RUSH)]
    make_members(held, emails)
    hash_ms = statistics.median(timed(partial(held.passwords.hash, PASSWORD), _HASHES))
    with http_servers.portal_server(environment, workers=WORKERS) as address:
        ask_during(address, paths, partial(time.sleep, _QUIET_S / 2))
        quiet, _ = beside_pages("nothing else", address, paths, partial(time.sleep, _QUIET_S))
        rushed, told = beside_pages(
            f"{RUSH} people signing in at once, again and again",
            address,
            paths,
            partial(rush, address, emails),
        )
        tellings = [
            telling(address, held, path, fields, people=RUSH) for path, fields in _FORMS.items()
        ]
    held.engine.dispose()
    return _tables(hash_ms, [quiet, rushed], told, tellings)


def _tables(
    hash_ms: float,
    pages: Sequence[Beside],
    rush: Rush,
    tellings: Sequence[Telling],
) -> str:
    quiet = pages[0]
    rows = [
        [
            *(each.name, f"{each.requests:,}", str(each.failed)),
            beside(each.p50_ms, quiet.p50_ms),
            beside(each.p95_ms, quiet.p95_ms),
        ]
        for each in pages
    ]
    forms = [
        [
            *(f"`{each.form}`", milliseconds(each.known_ms), milliseconds(each.unknown_ms)),
            f"{100 * abs(each.known_ms - each.unknown_ms) / each.unknown_ms:.1f} %",
            "yes" if each.is_same else "no",
        ]
        for each in tellings
    ]
    head = ["form", "with an account, ms", "without, ms", "difference", "same page"]
    return "\n".join(
        [
            f"Hashing a password takes {milliseconds(hash_ms)} ms. `/search` for one owner who asks"
            f" every {1000 * PACE_S:.0f} ms ({rush.signed_in:,} sign-ins meanwhile;"
            f" {rush.told_to_wait:,} times somebody was asked to wait for two seconds):",
            "",
            *table(["beside", "requests", "failed", "p50 ms", "p95 ms"], rows),
            "",
            f"Answers to forms, medians of {SAMPLES} each in random order:",
            "",
            *table(head, forms),
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
