"""The virus scanner is asked by its own protocol, and believed only when it answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.attachments.scanner import Scanner, ScannerUnavailableError
from portal.scanner_url import ScannerServer, ScannerSocket, parse_scanner_url
from tests.portal.attachments.clamav import FakeClamav, running_clamav


@pytest.fixture(params=["tcp", "unix"])
def clamav(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeClamav]:
    with running_clamav(tmp_path / "s" if request.param == "unix" else None) as clamav:
        yield clamav


def scanner_of(clamav: FakeClamav) -> Scanner:
    return Scanner(parse_scanner_url(clamav.address))


def test_whole_file_is_sent_and_nothing_found(clamav: FakeClamav, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(bytes(200_000) + b"end")
    assert scanner_of(clamav).finding(file) is None
    assert clamav.sent == [file.read_bytes()]


def test_finding_is_told_in_the_words_of_the_scanner(clamav: FakeClamav, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"EICAR")
    assert scanner_of(clamav).finding(file) == "Eicar-Signature"


@pytest.mark.parametrize(
    "answer", [b"", b"stream: ", b"INSTREAM size limit exceeded. ERROR\0", b"\xff\0", b"OKAY\0"]
)
def test_anything_else_is_no_answer(clamav: FakeClamav, tmp_path: Path, answer: bytes) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"x")
    clamav.answer = answer
    with pytest.raises(ScannerUnavailableError):
        scanner_of(clamav).finding(file)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "unix:/nowhere/at/all"])
def test_scanner_that_is_not_there_is_no_answer(tmp_path: Path, address: str) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"x")
    with pytest.raises(ScannerUnavailableError):
        Scanner(parse_scanner_url(address)).finding(file)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("unix:/run/clamav/clamd.ctl", ScannerSocket(Path("/run/clamav/clamd.ctl"))),
        ("tcp://127.0.0.1", ScannerServer("127.0.0.1", 3310)),
        ("tcp://scanner.example.jp:3311/", ScannerServer("scanner.example.jp", 3311)),
        ("tcp://[::1]:3310", ScannerServer("::1", 3310)),
    ],
)
def test_address_is_understood(value: str, address: object) -> None:
    assert parse_scanner_url(value) == address


@pytest.mark.parametrize(
    "value",
    [
        *("clamd", "unix:clamd.ctl", "http://127.0.0.1:3310", "tcp://", "tcp://h:0", "tcp://h:x"),
        *("tcp://h:3310/x", "tcp://h:3310?x", "tcp://user@h:3310", "tcp://h:99999"),
    ],
)
def test_address_that_cannot_be_used_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"use|cannot"):
        parse_scanner_url(value)
