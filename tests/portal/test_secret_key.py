"""Keys follow from one secret, and say nothing of it nor of each other."""

import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from portal.secret_key import FILE_NAME, SecretKey, UnreadableSealError
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


def test_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = SecretKey((), folder).derive("a")
    assert SecretKey((), folder).derive("a") == first
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    start, found = threading.Barrier(8), []

    def derive() -> None:
        start.wait()
        found.append(SecretKey((), tmp_path).derive("a"))

    threads = [threading.Thread(target=derive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(found) == 8
    assert len(set(found)) == 1


def test_purposes_and_secrets_give_different_keys(tmp_path: Path) -> None:
    keys = {SecretKey([s], tmp_path).derive(p) for s in ("one", "two") for p in ("a", "b")}
    assert len(keys) == 4


def test_older_secret_still_opens_what_it_sealed(tmp_path: Path) -> None:
    sealed = SecretKey(["old"], tmp_path).box("a").seal(b"text", now=NOW)
    assert SecretKey(["new", "old"], tmp_path).box("a").open(sealed) == b"text"
    newer = SecretKey(["new", "old"], tmp_path).box("a").seal(b"text", now=NOW)
    assert SecretKey(["new"], tmp_path).box("a").open(newer) == b"text"


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: "A" + s[1:], lambda s: s + "é"])
def test_changed_seal_does_not_open(tmp_path: Path, spoil) -> None:
    box = SecretKey(["secret"], tmp_path).box("a")
    with pytest.raises(UnreadableSealError):
        box.open(spoil(box.seal(b"text", now=NOW)))


def test_box_of_another_purpose_does_not_open_it(tmp_path: Path) -> None:
    key = SecretKey(["secret"], tmp_path)
    with pytest.raises(UnreadableSealError):
        key.box("b").open(key.box("a").seal(b"text", now=NOW))


def test_seal_opens_for_as_long_as_was_said(tmp_path: Path) -> None:
    box = SecretKey(["secret"], tmp_path).box("a")
    sealed = box.seal(b"text", now=NOW)
    assert box.open(sealed, now=NOW + MINUTE, within=MINUTE) == b"text"
    with pytest.raises(UnreadableSealError):
        box.open(sealed, now=NOW + MINUTE + timedelta(seconds=1), within=MINUTE)
