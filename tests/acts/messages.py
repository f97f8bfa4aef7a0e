"""What visitors write, and what those do who look after it."""

from flask import Flask

from portal.accounts.permissions import Role
from tests.accounts import Visitor, signed_in, signed_in_admin
from tests.acts import Act, act
from tests.conftest import resources_of
from tests.factories import publish_and_index

CLERK = "clerk@pref.example.jp"
CONTACT = {"topic": "use", "text": "使い方を教えてください。", "reply_to": "owner@firm.example.jp"}


def report(app: Flask) -> str:
    """A listing, and what a visitor tells of it: message 1. Returns where it is told."""
    path = f"/listings/{publish_and_index(resources_of(app))}/report"
    visitor = Visitor(app)
    answer = visitor.send(path, token=visitor.token(path), topic="dates")
    assert answer.status_code == 303
    return path


def clerk_with_message(app: Flask) -> Visitor:
    """Somebody of the agency that message 1 is for."""
    report(app)
    return signed_in(app, CLERK, role=Role.STAFF, agency="aomori-pref")


def admin_with_message(app: Flask) -> Visitor:
    """An administrator, and message 1 about the portal."""
    Visitor(app).send("/contact", **CONTACT)
    return signed_in_admin(app)


@act("messages.send", "message_received")
def write_about_the_portal(app: Flask) -> Act:
    return lambda: Visitor(app).send("/contact", **CONTACT)


@act("messages.send")
def write_nothing(app: Flask) -> Act:
    return lambda: Visitor(app).send("/contact", topic="use", text=" ")


@act("messages.report", "message_received")
def report_a_mistake(app: Flask) -> Act:
    path = report(app)
    return lambda: Visitor(app).send(path, topic="over")


@act("messages_staff.answer", "message_answered")
def clerk_answers(app: Flask) -> Act:
    clerk = clerk_with_message(app)
    return lambda: clerk.send("/staff/messages/1/answer", answer="直しました。")


@act("messages_staff.close", "message_closed")
def clerk_closes(app: Flask) -> Act:
    clerk = clerk_with_message(app)
    return lambda: clerk.send("/staff/messages/1/close")


@act("messages_staff.reopen", "message_reopened")
def clerk_reopens(app: Flask) -> Act:
    clerk = clerk_with_message(app)
    clerk.send("/staff/messages/1/close")
    return lambda: clerk.send("/staff/messages/1/reopen")


@act("messages_admin.answer", "message_answered")
def administrator_answers(app: Flask) -> Act:
    admin = admin_with_message(app)
    return lambda: admin.send("/admin/messages/1/answer", answer="お答えします。")


@act("messages_admin.close", "message_closed")
def administrator_closes(app: Flask) -> Act:
    admin = admin_with_message(app)
    return lambda: admin.send("/admin/messages/1/close")


@act("messages_admin.reopen", "message_reopened")
def administrator_reopens(app: Flask) -> Act:
    admin = admin_with_message(app)
    admin.send("/admin/messages/1/close")
    return lambda: admin.send("/admin/messages/1/reopen")
