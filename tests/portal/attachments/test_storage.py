"""Bytes are whole on disk before a row speaks of them."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from portal.attachments.storage import AttachmentStore
from tests.conftest import NOW


@pytest.fixture
def store(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore(tmp_path)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_bytes_are_found_by_their_hash_alone(store: AttachmentStore, tmp_path: Path) -> None:
    digest = store.put(b"%PDF-")
    assert digest == hashlib.sha256(b"%PDF-").hexdigest()
    path = store.find(digest)
    assert path == tmp_path / "attachments" / digest[:2] / f"{digest}.pdf"
    assert path.read_bytes() == b"%PDF-"
    assert files_in(tmp_path) == [path]


def test_only_the_account_of_the_portal_reads_them(store: AttachmentStore, tmp_path: Path) -> None:
    path = store.find(store.put(b"x"))
    assert path is not None
    assert [p.stat().st_mode & 0o777 for p in (path, path.parent, tmp_path / "attachments")] == [
        0o600,
        0o700,
        0o700,
    ]


def test_same_bytes_are_kept_once_and_healed(store: AttachmentStore, tmp_path: Path) -> None:
    path = store.find(store.put(b"good"))
    assert path is not None
    path.write_bytes(b"bad!")
    store.put(b"good")
    assert [found.read_bytes() for found in files_in(tmp_path)] == [b"good"]


@pytest.mark.parametrize("digest", ["../../portal.db", "a" * 63, "A" * 64, "", "a" * 64 + "/"])
def test_nothing_but_a_hash_is_looked_for(store: AttachmentStore, digest: str) -> None:
    with pytest.raises(ValueError, match="no hash"):
        store.find(digest)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failure_leaves_nothing_half_written(
    store: AttachmentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    target = os if step == "fsync" else Path
    monkeypatch.setattr(target, step, fail)
    with pytest.raises(OSError, match="No space"):
        store.put(b"%PDF-")
    assert files_in(tmp_path) == []


def test_bytes_are_safe_before_their_name_is(
    store: AttachmentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = []
    for target, step in ((os, "fsync"), (Path, "replace")):
        real = getattr(target, step)

        def note(*given: object, real=real, step=step) -> object:
            steps.append(step)
            return real(*given)

        monkeypatch.setattr(target, step, note)
    store.put(b"%PDF-")
    assert steps == ["fsync", "replace", "fsync", "fsync", "fsync"]


def test_old_files_and_what_a_crash_left_are_told_by_their_age(
    store: AttachmentStore, tmp_path: Path
) -> None:
    old, new = store.put(b"old"), store.put(b"new")
    path = store.find(old)
    assert path is not None
    left = path.parent / "tmpx"
    left.write_bytes(b"half")
    for file, day in ((path, 31), (left, 31), (store.find(new), 29)):
        moment = (NOW - timedelta(days=day)).timestamp()
        os.utime(str(file), (moment, moment))
    before = NOW - timedelta(days=30)
    assert list(store.list_older_than(before)) == [old]
    assert store.remove_leftovers(before) == 1
    store.remove(old)
    store.remove(old)
    assert [file.read_bytes() for file in files_in(tmp_path)] == [b"new"]
    assert store.find(old) is None


def test_folder_that_is_not_there_holds_nothing(store: AttachmentStore) -> None:
    assert list(store.list_older_than(NOW)) == []
    assert store.remove_leftovers(NOW) == 0
