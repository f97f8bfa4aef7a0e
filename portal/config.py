"""Settings, read once from the environment. A wrong value stops the start with one clear line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from portal.clock import JAPAN
from portal.mail_address import is_mail_address
from portal.mail_url import MailFolder, MailServer, parse_mail_url
from portal.scanner_url import ScannerServer, ScannerSocket, parse_scanner_url

CHECKOUT = Path(__file__).resolve().parent.parent

SHORTEST_SECRET = 32
"""Characters; 32 from a random generator cannot be guessed."""
_FEWEST_KINDS_OF_CHARACTERS = 10

_USUAL_PORTS = {"http": 80, "https": 443}
_LABEL = r"(?!-)[a-z0-9_-]+(?<!-)"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """What hashing a password costs; the default takes a tenth of a second and 64 MiB.

    No setting: tests hand in a small one, and nobody else has a reason to.
    """

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can choose. Names and defaults: ``docs/configuration.md``."""

    env: str
    data_dir: Path
    database_url: str
    search_url: str
    search_lag: float
    """In seconds, how late a process may see what others put into the index."""
    secret_keys: tuple[str, ...] = field(repr=False)
    """The newest first, older ones only read; without any, one is kept in the data folder."""
    base_url: str
    mail_to: MailFolder | MailServer
    """Where mail is handed over."""
    mail_from: str
    """The address all mail comes from."""
    contact_mailbox: str | None
    """Where messages for the prefecture are told; None to tell every administrator."""
    proxy_hops: int
    frozen_at: datetime | None
    region_pack: str
    jobs: str
    """``embedded``: run beside the web workers; ``external``: left to cron or a timer."""
    is_second_factor_required: bool
    """Whether staff, approvers and administrators must have one."""
    scanner_at: ScannerSocket | ScannerServer | None
    """The virus scanner; without one, files are open as soon as they were taken."""
    agency_quota: int
    """Bytes that the attachments of an agency may take."""
    password_cost: PasswordCost = PasswordCost()

    @property
    def is_production(self) -> bool:
        """Whether strict rules apply: fixed host, HTTPS, no frozen clock."""
        return self.env == "production"

    @property
    def trusted_host(self) -> str | None:
        """The only host name answered to in production; None in development, which takes any."""
        return urlsplit(self.base_url).hostname if self.is_production else None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check all settings.

        :raises SettingsError: a value cannot be used.
        """
        env = _one_of(environ, "PORTAL_ENV", ("development", "production"))
        data_dir = Path(environ.get("PORTAL_DATA_DIR") or CHECKOUT / "var").absolute()
        _refuse_file(data_dir, "PORTAL_DATA_DIR")
        base_url = _base_url(environ)
        settings = cls(
            env=env,
            data_dir=data_dir,
            database_url=_database_url(environ, data_dir),
            search_url=_search_url(environ, data_dir),
            search_lag=_whole_number(environ, "PORTAL_SEARCH_LAG_MS", 200) / 1000,
            base_url=base_url,
            mail_to=_mail_to(environ, data_dir),
            mail_from=_mail_from(environ, base_url),
            contact_mailbox=_mail_address(environ, "PORTAL_CONTACT_MAILBOX"),
            secret_keys=tuple(environ.get("PORTAL_SECRET_KEY", "").split()),
            proxy_hops=_whole_number(environ, "PORTAL_PROXY_HOPS", 0),
            frozen_at=_instant(environ, "PORTAL_CLOCK"),
            region_pack=_region_pack(environ),
            jobs=_one_of(environ, "PORTAL_JOBS", ("embedded", "external")),
            is_second_factor_required=_one_of(environ, "PORTAL_REQUIRE_TOTP", ("1", "0")) == "1",
            scanner_at=_scanner_at(environ),
            agency_quota=_whole_number(environ, "PORTAL_AGENCY_QUOTA_MB", 1_000) * 1024 * 1024,
        )
        if settings.is_production:
            settings._check_production(environ)
        return settings

    def _check_production(self, environ: Mapping[str, str]) -> None:
        if not environ.get("PORTAL_BASE_URL"):
            raise SettingsError("PORTAL_BASE_URL is missing: production needs the public address")
        if not self.base_url.startswith("https://"):
            raise SettingsError("PORTAL_BASE_URL must begin with https:// in production")
        if self.frozen_at:
            raise SettingsError("PORTAL_CLOCK is refused in production: it would stop the clock")
        if not self.is_second_factor_required:
            raise SettingsError("PORTAL_REQUIRE_TOTP=0 is refused in production: it is for demos")
        if not self.secret_keys:
            raise SettingsError("PORTAL_SECRET_KEY is missing: production needs one of its own")
        if any(_is_weak(secret) for secret in self.secret_keys):
            raise SettingsError(
                f"PORTAL_SECRET_KEY is weak: use {SHORTEST_SECRET} or more random characters"
            )


def _is_weak(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < _FEWEST_KINDS_OF_CHARACTERS


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name) or allowed[0]
    if value not in allowed:
        raise SettingsError(f"{name} is {value!r}: use one of {', '.join(allowed)}")
    return value


def _whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit()):
        raise SettingsError(f"{name} is {value!r}: use a whole number from 0")
    return int(value)


def _database_url(environ: Mapping[str, str], data_dir: Path) -> str:
    value = environ.get("PORTAL_DATABASE_URL") or f"sqlite:///{data_dir}/portal.db"
    name = "PORTAL_DATABASE_URL"
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError(f"{name} must begin with sqlite:/// or postgresql+psycopg://")
    try:
        database = make_url(value).database
    except (ArgumentError, ValueError):
        raise SettingsError(f"{name} cannot be read: check host, port and name") from None
    if not database or database == ":memory:":
        raise SettingsError(f"{name} names no database that would last")
    return value


def _search_url(environ: Mapping[str, str], data_dir: Path) -> str:
    value = environ.get("PORTAL_SEARCH_URL") or f"whoosh:{data_dir}/index"
    if value != "memory:" and not value.startswith(("whoosh:/", "whoosh:.")):
        raise SettingsError(
            f"PORTAL_SEARCH_URL is {value!r}: use whoosh: and a path that begins with / or ."
        )
    if value != "memory:":
        _refuse_file(Path(value.removeprefix("whoosh:")), "PORTAL_SEARCH_URL")
    return value


def _refuse_file(folder: Path, name: str) -> None:
    if any(path.exists() and not path.is_dir() for path in (folder, *folder.parents)):
        raise SettingsError(f"{name} is {str(folder)!r}: there is a file where a folder has to be")


def _base_url(environ: Mapping[str, str]) -> str:
    """The public address as browsers write it: small letters, no usual port, nothing behind it."""
    value = environ.get("PORTAL_BASE_URL", "").strip() or "http://127.0.0.1:8000"
    try:
        parts = urlsplit(value.rstrip("/"))
        host = (parts.hostname or "").removesuffix(".").encode("idna").decode("ascii")
        port = _USUAL_PORTS[parts.scheme] if parts.port is None else parts.port
        has_more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
        usable = value.isprintable() and _HOST.fullmatch(host) and port and not has_more
    except (ValueError, KeyError):
        usable = False
    if not usable:
        raise SettingsError(
            f"PORTAL_BASE_URL is {value!r}: use an address such as https://portal.example.jp, "
            "with nothing behind the host but a port"
        )
    is_usual = port == _USUAL_PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")


def _mail_to(environ: Mapping[str, str], data_dir: Path) -> MailFolder | MailServer:
    try:
        destination = parse_mail_url(environ.get("PORTAL_MAIL_URL") or f"file:{data_dir}/mail")
    except ValueError as error:
        raise SettingsError(f"PORTAL_MAIL_URL cannot be used: {error}") from None
    if isinstance(destination, MailFolder):
        _refuse_file(destination.path, "PORTAL_MAIL_URL")
    return destination


def _scanner_at(environ: Mapping[str, str]) -> ScannerSocket | ScannerServer | None:
    value = environ.get("PORTAL_CLAMAV_URL", "").strip()
    if not value:
        return None
    try:
        return parse_scanner_url(value)
    except ValueError as error:
        raise SettingsError(f"PORTAL_CLAMAV_URL cannot be used: {error}") from None


def _mail_from(environ: Mapping[str, str], base_url: str) -> str:
    """As given, or an address at the host of the portal that says not to answer it."""
    if value := _mail_address(environ, "PORTAL_MAIL_FROM"):
        return value
    host = urlsplit(base_url).hostname or ""
    return f"no-reply@{host}" if not host[-1:].isdigit() else "no-reply@localhost"


def _mail_address(environ: Mapping[str, str], name: str) -> str | None:
    value = environ.get(name, "").strip()
    if value and not is_mail_address(value):
        raise SettingsError(
            f"{name} is {value!r}: use one address such as support@portal.example.jp, "
            "without a name"
        )
    return value or None


def _instant(environ: Mapping[str, str], name: str) -> datetime | None:
    value = environ.get(name)
    if not value:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise SettingsError(
            f"{name} is {value!r}: use an ISO instant such as 2026-11-20T09:00+09:00"
        ) from None
    if not 2000 <= instant.year <= 2100:
        raise SettingsError(f"{name} is {value!r}: use a year from 2000 to 2100")
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=JAPAN)
    return instant.astimezone(UTC)


def _region_pack(environ: Mapping[str, str]) -> str:
    value = environ.get("PORTAL_REGION_PACK") or "aomori"
    packs = CHECKOUT / "portal" / "region_packs"
    known = sorted(folder.name for folder in packs.iterdir() if (folder / "pack.json").is_file())
    if value not in known:
        raise SettingsError(f"PORTAL_REGION_PACK is {value!r}: use one of {', '.join(known)}")
    return value
