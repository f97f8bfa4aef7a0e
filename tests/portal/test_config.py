"""Wrong settings stop the start with one line that names the setting and the reason."""

from pathlib import Path

import pytest

from portal.config import Settings, SettingsError
from portal.mail_url import Encryption, MailFolder, MailServer
from portal.scanner_url import ScannerSocket
from tests.conftest import SECRET

PRODUCTION = {
    "PORTAL_ENV": "production",
    "PORTAL_BASE_URL": "https://portal.example.jp",
    "PORTAL_SECRET_KEY": SECRET,
}


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PORTAL_ENV": "prod"}, "PORTAL_ENV"),
        ({"PORTAL_DATABASE_URL": "mysql://localhost/x"}, "PORTAL_DATABASE_URL"),
        ({"PORTAL_SEARCH_URL": "elastic:x"}, "PORTAL_SEARCH_URL"),
        ({"PORTAL_SEARCH_URL": "/var/index"}, "PORTAL_SEARCH_URL"),
        ({"PORTAL_BASE_URL": "portal.example.jp"}, "PORTAL_BASE_URL"),
        ({"PORTAL_BASE_URL": "http://portal.example.jp:99999"}, "PORTAL_BASE_URL"),
        ({"PORTAL_DATABASE_URL": "postgresql+psycopg://h:abc/db"}, "PORTAL_DATABASE_URL"),
        ({"PORTAL_DATABASE_URL": "sqlite:///:memory:"}, "PORTAL_DATABASE_URL"),
        ({"PORTAL_DATABASE_URL": "sqlite:///"}, "PORTAL_DATABASE_URL"),
        ({"PORTAL_DATA_DIR": __file__}, "PORTAL_DATA_DIR"),
        ({"PORTAL_SEARCH_URL": f"whoosh:{__file__}/index"}, "PORTAL_SEARCH_URL"),
        ({"PORTAL_BASE_URL": "https://portal.example.jp?a=1"}, "PORTAL_BASE_URL"),
        ({"PORTAL_BASE_URL": "https://user@portal.example.jp"}, "PORTAL_BASE_URL"),
        ({"PORTAL_CLOCK": "0001-01-01T00:00+09:00"}, "PORTAL_CLOCK"),
        ({"PORTAL_PROXY_HOPS": "-1"}, "PORTAL_PROXY_HOPS"),
        ({"PORTAL_PROXY_HOPS": "one"}, "PORTAL_PROXY_HOPS"),
        ({"PORTAL_CLOCK": "yesterday"}, "PORTAL_CLOCK"),
        ({"PORTAL_REGION_PACK": "../secrets"}, "PORTAL_REGION_PACK"),
        ({"PORTAL_MAIL_URL": "mail.example.jp"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://mail.example.jp:99999"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://mail.example.jp:0"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://[::1"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://mail.example.jp/inbox"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://mail.example.jp?tls=yes"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtps://mail.example.jp?tls=0"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://user@mail.example.jp?tls=1"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://:secret@mail.example.jp?tls=1"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://mail server"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://mail.example.jp#inbox"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": f"file:{__file__}"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_URL": "file:mail"}, "PORTAL_MAIL_URL"),
        ({"PORTAL_MAIL_FROM": "support"}, "PORTAL_MAIL_FROM"),
        ({"PORTAL_MAIL_FROM": "Support <a@example.jp>"}, "PORTAL_MAIL_FROM"),
        ({"PORTAL_MAIL_FROM": "a@example.jp\nBcc: b@example.jp"}, "PORTAL_MAIL_FROM"),
        ({"PORTAL_CONTACT_MAILBOX": "a@example.jp, b@example.jp"}, "PORTAL_CONTACT_MAILBOX"),
        ({"PORTAL_ENV": "production"}, "PORTAL_BASE_URL"),
        (PRODUCTION | {"PORTAL_BASE_URL": "http://portal.example.jp"}, "PORTAL_BASE_URL"),
        (PRODUCTION | {"PORTAL_CLOCK": "2026-11-20T00:00Z"}, "PORTAL_CLOCK"),
        (PRODUCTION | {"PORTAL_SECRET_KEY": ""}, "PORTAL_SECRET_KEY"),
        (PRODUCTION | {"PORTAL_SECRET_KEY": "too short"}, "PORTAL_SECRET_KEY"),
        (PRODUCTION | {"PORTAL_SECRET_KEY": "abcabcabc" * 10}, "PORTAL_SECRET_KEY"),
        (PRODUCTION | {"PORTAL_REQUIRE_TOTP": "0"}, "PORTAL_REQUIRE_TOTP"),
        ({"PORTAL_REQUIRE_TOTP": "yes"}, "PORTAL_REQUIRE_TOTP"),
        ({"PORTAL_CLAMAV_URL": "clamd"}, "PORTAL_CLAMAV_URL"),
        ({"PORTAL_CLAMAV_URL": "tcp://scanner:0"}, "PORTAL_CLAMAV_URL"),
        ({"PORTAL_AGENCY_QUOTA_MB": "1GB"}, "PORTAL_AGENCY_QUOTA_MB"),
    ],
)
def test_wrong_value_is_named_in_one_line(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(environ)
    assert str(raised.value).startswith(named)
    assert "\n" not in str(raised.value)


def test_files_have_no_scanner_and_a_thousand_megabytes_unless_told_otherwise() -> None:
    plain = Settings.from_env({})
    assert (plain.scanner_at, plain.agency_quota) == (None, 1_000 * 1024 * 1024)
    told = Settings.from_env(
        {"PORTAL_CLAMAV_URL": "unix:/run/clamd", "PORTAL_AGENCY_QUOTA_MB": "5"}
    )
    assert (told.scanner_at, told.agency_quota) == (ScannerSocket(Path("/run/clamd")), 5_242_880)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("HTTPS://Portal.Example.JP", "https://portal.example.jp"),
        ("https://portal.example.jp.", "https://portal.example.jp"),
        ("https://portal.example.jp/", "https://portal.example.jp"),
        ("https://portal.example.jp:443", "https://portal.example.jp"),
        ("https://portal.example.jp:8443/", "https://portal.example.jp:8443"),
        ("http://LOCALHOST.:80", "http://localhost"),
        ("http://192.0.2.7:8000", "http://192.0.2.7:8000"),
        (" https://portal.example.jp ", "https://portal.example.jp"),
        ("https://青森.example.jp", "https://xn--32vp30h.example.jp"),
    ],
)
def test_address_is_written_as_browsers_write_it(value: str, address: str) -> None:
    assert Settings.from_env({"PORTAL_BASE_URL": value}).base_url == address


@pytest.mark.parametrize(
    "value",
    [
        "portal.example.jp",
        "//portal.example.jp",
        "https:/portal.example.jp",
        "https//portal.example.jp",
        "ftp://portal.example.jp",
        "https://",
        "https://:443",
        "https://.",
        "https://portal..example.jp",
        "https://-portal.example.jp",
        "https://portal.example.jp/portal",
        "https://portal.example.jp/?a=1",
        "https://portal.example.jp#top",
        "https://portal.example.jp:x",
        "https://portal.example.jp:0",
        "https://portal.example.jp:65536",
        "https://user:secret@portal.example.jp",
        "https://@portal.example.jp",
        "https://portal example.jp",
        "https://por\ntal.example.jp",
        "https://portal.example.jp\\evil",
        "https://" + "x" * 64 + ".jp",
        "https://[::1",
    ],
)
def test_address_that_is_none_stops_the_start(value: str) -> None:
    with pytest.raises(SettingsError, match="PORTAL_BASE_URL is .*: use an address such as"):
        Settings.from_env({"PORTAL_BASE_URL": value})


def test_defaults_need_nothing_set() -> None:
    settings = Settings.from_env({})
    assert settings.database_url == f"sqlite:///{settings.data_dir}/portal.db"
    assert settings.search_url == f"whoosh:{settings.data_dir}/index"
    assert settings.trusted_host is None


def test_database_and_index_lie_in_the_data_folder(tmp_path: Path) -> None:
    settings = Settings.from_env({"PORTAL_DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/portal.db"
    assert settings.search_url == f"whoosh:{tmp_path}/index"


def test_production_trusts_only_its_own_host() -> None:
    assert Settings.from_env(PRODUCTION).trusted_host == "portal.example.jp"


def test_secret_is_not_shown_with_the_other_settings() -> None:
    assert PRODUCTION["PORTAL_SECRET_KEY"] not in repr(Settings.from_env(PRODUCTION))


def test_several_secrets_are_told_apart_by_spaces() -> None:
    settings = Settings.from_env({"PORTAL_SECRET_KEY": "new  old"})
    assert settings.secret_keys == ("new", "old")


def test_clock_without_zone_means_japan() -> None:
    settings = Settings.from_env({"PORTAL_CLOCK": "2026-04-01T00:00"})
    assert settings.frozen_at is not None
    assert settings.frozen_at.isoformat() == "2026-03-31T15:00:00+00:00"


@pytest.mark.parametrize(
    ("value", "server"),
    [
        ("smtp://mail.example.jp", MailServer("mail.example.jp", 25, Encryption.NONE)),
        (
            "smtp://mail.example.jp:26/?tls=0",
            MailServer("mail.example.jp", 26, Encryption.NONE),
        ),
        ("smtp://[::1]:1025", MailServer("::1", 1025, Encryption.NONE)),
        (
            "smtp://a%40b:p%3Aw%2F@Mail.example.jp?tls=1",
            MailServer("mail.example.jp", 587, Encryption.STARTTLS, "a@b", "p:w/"),
        ),
        (
            "smtps://a:b@mail.example.jp",
            MailServer("mail.example.jp", 465, Encryption.TLS, "a", "b"),
        ),
        ("smtp://a:b@127.0.0.1:25", MailServer("127.0.0.1", 25, Encryption.NONE, "a", "b")),
    ],
)
def test_mail_server_is_read_from_its_address(value: str, server: MailServer) -> None:
    assert Settings.from_env({"PORTAL_MAIL_URL": value}).mail_to == server


def test_mail_goes_into_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    settings = Settings.from_env({"PORTAL_DATA_DIR": str(tmp_path)})
    assert settings.mail_to == MailFolder(tmp_path / "mail")


def test_mail_password_is_not_sent_in_the_clear_and_never_shown() -> None:
    with pytest.raises(SettingsError, match="tls=1") as raised:
        Settings.from_env({"PORTAL_MAIL_URL": "smtp://user:hunter2@mail.example.jp"})
    assert "hunter2" not in str(raised.value)
    settings = Settings.from_env({"PORTAL_MAIL_URL": "smtps://user:hunter2@mail.example.jp"})
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("environ", "sender"),
    [
        ({}, "no-reply@localhost"),
        ({"PORTAL_BASE_URL": "https://portal.example.jp"}, "no-reply@portal.example.jp"),
        ({"PORTAL_BASE_URL": "http://192.0.2.7:80"}, "no-reply@localhost"),
        ({"PORTAL_MAIL_FROM": " desk@pref.example.jp "}, "desk@pref.example.jp"),
    ],
)
def test_mail_comes_from_the_portal_unless_told_otherwise(
    environ: dict[str, str], sender: str
) -> None:
    assert Settings.from_env(environ).mail_from == sender
