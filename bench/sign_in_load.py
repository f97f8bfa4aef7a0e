"""People who sign in to a portal under measurement, and those who read its pages meanwhile."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http.cookiejar import CookieJar
from random import Random
from statistics import median
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from sqlalchemy import delete

from bench import http_servers
from bench.http_clients import Told, ask_during
from bench.timing import quantile
from portal.accounts import services
from portal.accounts.permissions import Role
from portal.accounts.services import NewUser
from portal.accounts.sign_in_models import OneTimeToken, SignInAttempt
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources

PASSWORD = "古い灯台と七つの白い椅子の朝"  # noqa: S105  (of accounts that live for a minute)
SAMPLES = 200
"""Of each kind of answer that is compared."""

_RUSH_S = 15.0
_PAUSE_S = 0.05
"""After an answer, so that work left for afterwards does not count for the next question."""
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Rush:
    """How many came in, and how often somebody was asked to come again in a moment."""

    signed_in: int
    told_to_wait: int


@dataclass(frozen=True, slots=True)
class Beside:
    """The public pages as one owner got them beside something."""

    name: str
    requests: int
    failed: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Telling:
    """What two answers differ in, that to an address with an account and that to one without.

    ``is_same`` says whether status and text are the same, but for what was typed.
    """

    form: str
    known_ms: float
    unknown_ms: float
    is_same: bool


class Visitor:
    """A browser that fills forms in."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def token(self, path: str) -> str:
        """What guards the form of a page."""
        with self._opener.open(self._address + path) as answer:
            found = _TOKEN.search(answer.read().decode())
        if found is None:
            raise http_servers.ServerFailedError(f"{path} holds no form")
        return found[1]

    def send(self, path: str, fields: Mapping[str, str]) -> tuple[int, str, str]:
        """Status, text and last address of what follows from a form."""
        form = urlencode(fields).encode()
        try:
            with self._opener.open(self._address + path, form) as answer:
                return answer.status, answer.read().decode(), answer.url
        except HTTPError as error:
            with error:
                return error.code, error.read().decode(), path


def email_of(number: int, stem: str = "owner") -> str:
    """Addresses that are like each other, whoever has them."""
    return f"{stem}{number}@firm.example.jp"


def make_members(held: Resources, emails: Sequence[str]) -> None:
    """Accounts, each with ``PASSWORD``."""
    password_hash = held.passwords.hash(PASSWORD)
    with write_transaction(held.sessions) as session:
        for email in emails:
            wanted, now = NewUser(email, "事業者", Role.MEMBER), held.clock.now()
            services.create_user(session, wanted, password_hash, actor=OPERATOR, now=now)


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each time."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def beside_pages(
    name: str, address: str, paths: Iterator[str], act: Callable[[], Told]
) -> tuple[Beside, Told]:
    asked, told = ask_during(address, paths, act)
    times = asked.times_ms
    beside = Beside(name, len(times), asked.failed, quantile(times, 0.5), quantile(times, 0.95))
    return beside, told


def rush(address: str, emails: Sequence[str]) -> Rush:
    """Everybody signs in as often as they come in, for a while."""
    end = time.monotonic() + _RUSH_S
    with ThreadPoolExecutor(len(emails)) as threads:
        counts = list(threads.map(partial(_sign_in_until, address, end), emails))
    return Rush(sum(count for count, _ in counts), sum(waits for _, waits in counts))


def _sign_in_until(address: str, end: float, email: str) -> tuple[int, int]:
    count = waits = 0
    while time.monotonic() < end:
        visitor = Visitor(address)
        fields = {"email": email, "password": PASSWORD, "csrf_token": visitor.token("/login")}
        status, _, url = visitor.send("/login", fields)
        count += url.endswith(("/me", "/staff", "/admin"))
        if status == 503:
            waits += 1
            # As the page asks for.
            time.sleep(2)
    return count, waits


def telling(
    address: str, held: Resources, path: str, fields: Mapping[str, str], *, people: int
) -> Telling:
    """Send a form for both kinds of addresses in a random order, with nobody's limit in the way."""
    random = Random(1)
    kinds = ["known", "unknown"] * SAMPLES
    random.shuffle(kinds)
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    texts: dict[str, set[tuple[int, str]]] = {"known": set(), "unknown": set()}
    visitor = Visitor(address)
    for number, kind in enumerate(kinds):
        email = email_of(number % people, "owner" if kind == "known" else "other")
        _forget_attempts(held)
        token = visitor.token(path)
        start = time.perf_counter()
        status, text, _ = visitor.send(path, {**fields, "email": email, "csrf_token": token})
        times[kind].append(1000 * (time.perf_counter() - start))
        texts[kind].add((status, _TOKEN.sub("", text).replace(email, "")))
        time.sleep(_PAUSE_S)
    known, unknown = (median(times[kind]) for kind in ("known", "unknown"))
    return Telling(path, known, unknown, texts["known"] == texts["unknown"])


def _forget_attempts(held: Resources) -> None:
    with write_transaction(held.sessions) as session:
        session.execute(delete(SignInAttempt))
        session.execute(delete(OneTimeToken))
