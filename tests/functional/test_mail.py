"""Mail leaves by the settings, sent by the command that jobs run with."""

import shutil
from pathlib import Path

from portal.db import make_engine, make_session_factory, write_transaction
from portal.mail import services
from portal.mail.services import Mail
from tests.commands import run
from tests.conftest import NOW
from tests.databases import MakeDatabase
from tests.smtp_server import LOOPBACK, mail_server


def test_waiting_mail_is_sent_to_the_server_of_the_settings(
    tmp_path: Path, make_sqlite_database: MakeDatabase
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(make_sqlite_database().removeprefix("sqlite:///"), folder / "portal.db")
    engine = make_engine(f"sqlite:///{folder}/portal.db")
    with write_transaction(make_session_factory(engine)) as session:
        mail = Mail("clerk@city.example.jp", "ご招待", "こちらから", "<p>こちらから</p>")
        services.enqueue(session, mail, now=NOW)
    engine.dispose()
    with mail_server() as server:
        settings = {
            "PORTAL_MAIL_URL": f"smtp://{LOOPBACK}:{server.port}",
            "PORTAL_BASE_URL": "https://portal.example.jp",
        }
        done = run(folder, "jobs", "run", "mail-send", **settings)
        assert done.stdout == "mail-send: 送信1件、断念0件、送り直し待ち0件、残り0件\n"
        (taken,) = server.sink.taken
    assert taken.sender == "no-reply@portal.example.jp"
    assert taken.message["From"] == "あおビズサーチ <no-reply@portal.example.jp>"
    assert taken.message["To"] == "clerk@city.example.jp"
    assert not (folder / "mail").exists()
