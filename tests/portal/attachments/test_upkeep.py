"""Files that wait are looked at, and bytes that nobody names go after a month."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from portal.attachments import queries
from portal.attachments.inspection import Inspected
from portal.attachments.scanner import Scanner
from portal.clock import Clock
from portal.db import write_transaction
from portal.extensions import Resources
from portal.jobs.context import JobContext, JobFailedError
from portal.jobs.registry import JOBS, prune_attachments, scan_attachments
from portal.listings.attachment_models import Attachment, VersionAttachment
from portal.scanner_url import parse_scanner_url
from tests.conftest import NOW, make_settings, open_resources
from tests.factories import make_draft
from tests.portal.attachments.clamav import MARK, FakeClamav, running_clamav
from tests.portal.attachments.pdfs import pdf, stream
from tests.portal.attachments.people import attach, file_of


@pytest.fixture
def unwatched(tmp_path: Path, database_url: str) -> Iterator[Resources]:
    """A portal without a scanner, on a database of each kind."""
    with open_resources(make_settings(tmp_path, PORTAL_DATABASE_URL=database_url)) as held:
        yield held


@pytest.fixture
def clamav() -> Iterator[FakeClamav]:
    with running_clamav() as clamav:
        yield clamav


def context_of(held: Resources, clamav: FakeClamav | None = None, *, days: int = 0) -> JobContext:
    scanner = Scanner(parse_scanner_url(clamav.address)) if clamav else None
    context = held.job_context()
    return replace(context, scanner=scanner, clock=Clock(NOW + timedelta(days=days)))


def give(held: Resources, *files: Inspected, is_to_be_scanned: bool = True) -> list[str]:
    """Files of one draft, which wait; returns their hashes."""
    with write_transaction(held.sessions) as session:
        listing = make_draft(session)
        given = [
            attach(session, held.attachments, listing, file, is_to_be_scanned=is_to_be_scanned)
            for file in files
        ]
        return [file.sha256 for file in given]


def states(held: Resources) -> list[str]:
    with held.sessions() as session:
        return [file.state for file in session.query(Attachment).order_by(Attachment.id)]


def age(held: Resources, digest: str, *, days: int) -> None:
    """Let a file have been written some days before ``NOW``."""
    moment = (NOW - timedelta(days=days)).timestamp()
    os.utime(str(held.attachments.find(digest)), (moment, moment))


INFECTED = Inspected("様式.pdf", pdf(stream(MARK)), 1)


def test_clean_file_opens_and_infected_one_is_thrown_away(
    unwatched: Resources, clamav: FakeClamav
) -> None:
    good, bad = give(unwatched, file_of(), INFECTED)
    assert scan_attachments(context_of(unwatched, clamav)) == (
        "問題なし1件、ウイルスを見つけて削除1件"
    )
    assert states(unwatched) == ["clean", "refused"]
    assert unwatched.attachments.find(good) is not None
    assert unwatched.attachments.find(bad) is None
    assert scan_attachments(context_of(unwatched, clamav)).startswith("問題なし0件")
    assert len(clamav.sent) == 2


def test_files_wait_while_the_scanner_does_not_answer(
    unwatched: Resources, clamav: FakeClamav
) -> None:
    give(unwatched, file_of())
    clamav.answer = b"stream: ERROR\0"
    with pytest.raises(JobFailedError, match="答えません"):
        scan_attachments(context_of(unwatched, clamav))
    assert states(unwatched) == ["pending"]
    clamav.answer = None
    scan_attachments(context_of(unwatched, clamav))
    assert states(unwatched) == ["clean"]


def test_nothing_waits_for_a_scanner_that_was_switched_off(unwatched: Resources) -> None:
    give(unwatched, file_of())
    assert scan_attachments(context_of(unwatched)).startswith("問題なし1件")
    assert states(unwatched) == ["clean"]


def test_file_whose_bytes_are_gone_is_told(unwatched: Resources, clamav: FakeClamav) -> None:
    lost, _ = give(unwatched, file_of("一.pdf"), file_of("二.pdf", pages=2))
    unwatched.attachments.remove(lost)
    with pytest.raises(JobFailedError, match="見つからないもの: 1件"):
        scan_attachments(context_of(unwatched, clamav))
    assert states(unwatched) == ["pending", "clean"]


def test_scan_is_due_only_while_something_waits(unwatched: Resources) -> None:
    job = next(job for job in JOBS if job.name == "attachment-scan")
    with unwatched.sessions() as session:
        assert not job.has_work(session, NOW)
    give(unwatched, file_of("一.pdf"), is_to_be_scanned=False)
    with unwatched.sessions() as session:
        assert not job.has_work(session, NOW)
    give(unwatched, file_of("二.pdf", pages=2))
    with unwatched.sessions() as session:
        assert job.has_work(session, NOW)


def test_bytes_without_a_row_go_after_thirty_days(unwatched: Resources) -> None:
    (used,) = give(unwatched, file_of())
    old, new = unwatched.attachments.put(b"old"), unwatched.attachments.put(b"new")
    for digest, days in ((used, 400), (old, 31), (new, 29)):
        age(unwatched, digest, days=days)
    assert prune_attachments(context_of(unwatched)) == "使われていないファイルを1件消しました。"
    there = [unwatched.attachments.find(digest) is not None for digest in (used, old, new)]
    assert there == [True, False, True]


def test_file_that_no_version_lists_goes_after_thirty_days(unwatched: Resources) -> None:
    kept, unlisted = give(unwatched, file_of("一.pdf"), file_of("二.pdf", pages=2))
    with write_transaction(unwatched.sessions) as session:
        session.execute(delete(VersionAttachment).where(VersionAttachment.attachment_id == 2))
    for digest in (kept, unlisted):
        age(unwatched, digest, days=1)
    assert prune_attachments(context_of(unwatched, days=29)).endswith("0件消しました。")
    assert prune_attachments(context_of(unwatched, days=31)).endswith("1件消しました。")
    assert unwatched.attachments.find(kept) is not None
    assert unwatched.attachments.find(unlisted) is None
    with unwatched.sessions() as session:
        gone = session.get_one(Attachment, 2)
        assert gone.removed_at == NOW + timedelta(days=31)
        assert not queries.is_open(gone)
