"""Saved searches as their owners make them, and the mails they get."""

import re
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from flask import Flask
from sqlalchemy import select

from portal.alerts.models import SavedSearch
from portal.alerts.timing import Frequency
from portal.clock import Clock
from portal.extensions import Resources
from portal.jobs.runner import get_job
from portal.mail.message import build_message
from portal.mail.models import OutgoingMail
from tests.accounts import Visitor
from tests.conftest import resources_of

OWNER = "owner@firm.example.jp"
_LINK = re.compile(r"https?://[^/\s]+(/alerts/(?:stop/)?[\w-]{60,})")


class Told:
    """A mail as its recipient's program gets it."""

    def __init__(self, sent: bytes) -> None:
        message = message_from_bytes(sent, _class=EmailMessage, policy=default)
        self.to = str(message["To"])
        self.subject = str(message["Subject"])
        self.unsubscribe = message["List-Unsubscribe"]
        self.text, self.html = (
            str(message.get_body((kind,)).get_content()).replace("\r\n", "\n")
            for kind in ("plain", "html")
        )

    @property
    def page(self) -> str:
        """The path where the saved search is shown."""
        return next(link for link in _LINK.findall(self.text) if "/stop/" not in link)

    @property
    def stop(self) -> str:
        """The path where it is stopped."""
        return next(link for link in _LINK.findall(self.text) if "/stop/" in link)

    @property
    def listing_ids(self) -> list[str]:
        """The listings it tells of, in order."""
        return re.findall(r"/listings/(L\d{6})\n", self.text)


def waiting(held: Resources) -> list[Told]:
    """All mail that waits in the outbox, in order."""
    with held.sessions() as session:
        rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    sender = {"sender": "no-reply@portal.example.jp", "sender_name": "あおビズサーチ"}
    return [Told(build_message(row, **sender).as_bytes()) for row in rows if row.text]


def sent(held: Resources, email: str = OWNER) -> list[Told]:
    """All mail to an address, in order: what left, then what waits."""
    assert held.mailer.wait_until_idle(timeout_s=20)
    files = (held.settings.data_dir / "mail").glob("*.eml")
    in_order = sorted(files, key=lambda path: path.stat().st_mtime_ns)
    letters = [*(Told(path.read_bytes()) for path in in_order), *waiting(held)]
    return [told for told in letters if told.to == email]


def searches(held: Resources) -> list[SavedSearch]:
    """All rows, in order."""
    with held.sessions() as session:
        return list(session.scalars(select(SavedSearch).order_by(SavedSearch.id)))


def ask(
    visitor: Visitor, query: str = "", *, email: str = OWNER, frequency: str = "at_once"
) -> None:
    """Ask for news of a search, without an account."""
    page = visitor.get(f"/alerts?{query}")
    hidden = page.dom.select("form[action='/alerts'] input[type=hidden]")
    fields = [(str(field["name"]), str(field["value"])) for field in hidden]
    fields += [("email", email), ("frequency", frequency)]
    answer = visitor.client.post("/alerts", data=_several(fields), buffered=True)
    assert answer.status_code == 200, answer.text


def _several(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return form


def press(visitor: Visitor, page: str, action: str, **fields: object) -> None:
    """Press a button on the page of a saved search."""
    answer = visitor.send(page, token=visitor.token(page), action=action, **fields)
    assert answer.status_code == 303, answer.text


def watch(
    app: Flask, query: str = "", *, email: str = OWNER, frequency: Frequency = Frequency.AT_ONCE
) -> str:
    """A saved search that its owner has confirmed; returns the path of its page."""
    visitor = Visitor(app)
    ask(visitor, query, email=email, frequency=frequency.value)
    page = sent(resources_of(app), email)[-1].page
    press(visitor, page, "confirm")
    return page


def run(held: Resources, job: str, *, at: datetime | None = None) -> str:
    """Run a job, at another time than the present if one is given."""
    context = held.job_context()
    if at is not None:
        context = replace(context, clock=Clock(at))
    return get_job(job).act(context)
