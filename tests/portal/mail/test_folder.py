"""Without a mail server each mail becomes a file that any mail program opens."""

import stat
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from portal.mail.delivery import CLAIMED_FOR, Delivered, make_transport
from portal.mail_url import MailFolder
from tests.portal.mail.conftest import SENDER, Outbox


@pytest.fixture
def folder(outbox: Outbox, tmp_path: Path) -> Path:
    """Where the outbox writes its mail."""
    path = tmp_path / "data" / "mail"
    outbox.transport = make_transport(MailFolder(path), sender=SENDER)
    return path


def test_mail_becomes_a_file_that_is_nobody_elses_business(outbox: Outbox, folder: Path) -> None:
    outbox.write(subject="ご招待")
    assert outbox.deliver() == Delivered(sent=1)
    (path,) = folder.iterdir()
    assert path.name == f"20261120-120000-{outbox.row().message_id}.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert (message["To"], message["Subject"]) == ("owner@shop.example.jp", "ご招待")


def test_second_attempt_writes_over_the_first(outbox: Outbox, folder: Path) -> None:
    outbox.write()
    mailer = outbox.mailer()
    mail = mailer._claim()
    assert mail is not None
    with outbox.transport.open() as connection:
        assert mailer._attempt(connection, mail) is None
    assert outbox.deliver(after=CLAIMED_FOR) == Delivered(sent=1)
    assert len(list(folder.iterdir())) == 1


def test_folder_that_cannot_be_written_keeps_the_mail_waiting(outbox: Outbox, folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("in the way")
    outbox.write()
    assert outbox.deliver() == Delivered(postponed=1)
    assert str(outbox.row().last_error).startswith("cannot write into the mail folder: ")
    folder.unlink()
    assert outbox.deliver(after=CLAIMED_FOR) == Delivered(sent=1)
