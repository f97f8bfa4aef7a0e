"""What administrators do to site notices."""

from flask import Flask

from tests.accounts import Visitor, signed_in_admin
from tests.acts import Act, act

PATH = "/admin/notices"
SNOW = {"level": "emergency", "title": "大雪", "text": "", "ends_at": "2026-11-22T12:00"}


def with_notice(app: Flask, action: str) -> tuple[Visitor, str]:
    """An administrator and the page of a notice."""
    admin = signed_in_admin(app)
    answer = admin.send(f"{PATH}/new", **SNOW, action=action)
    return admin, str(answer.location)


@act("notices_admin.create", "notice_published")
def publish_a_notice(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(f"{PATH}/new", **SNOW, action="publish")


@act("notices_admin.create", "notice_drafted")
def write_a_notice(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(f"{PATH}/new", **SNOW, action="draft")


@act("notices_admin.create")
def look_at_a_notice_before_it_is_kept(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send(f"{PATH}/new", **SNOW, action="preview")


@act("notices_admin.change", "notice_changed")
def change_a_notice(app: Flask) -> Act:
    admin, notice = with_notice(app, "publish")
    return lambda: admin.send(notice, **(SNOW | {"text": "雪"}), action="publish")


@act("notices_admin.change", "notice_published")
def publish_a_draft_of_a_notice(app: Flask) -> Act:
    admin, notice = with_notice(app, "draft")
    return lambda: admin.send(notice, **SNOW, action="publish")


@act("notices_admin.end", "notice_ended")
def end_a_notice(app: Flask) -> Act:
    admin, notice = with_notice(app, "publish")
    return lambda: admin.send(f"{notice}/end")


@act("notices_admin.discard", "notice_discarded")
def throw_a_draft_of_a_notice_away(app: Flask) -> Act:
    admin, notice = with_notice(app, "draft")
    return lambda: admin.send(f"{notice}/discard")
