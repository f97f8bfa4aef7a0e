"""What those do who write and publish listings."""

from flask import Flask

from portal.accounts.permissions import Role
from portal.db import write_transaction
from tests.accounts import Visitor, signed_in
from tests.acts import Act, act
from tests.conftest import resources_of
from tests.factories import make_agency, make_draft

CLERK = "clerk@city.example.jp"
WHOLE = {
    "title": "店舗改装の補助金",
    "summary": "店の改装にかかる費用の一部を補助します。",
    "kind": "subsidy",
    "purposes": "equipment",
    "industries": "*",
    "regions": "pref",
    "date_state": "always",
    "tel": "017-000-0000",
}
"""All that the public has to be told."""

PATH = "/staff/listings"


def clerk(app: Flask, role: Role = Role.STAFF) -> Visitor:
    """Somebody of 青森市, where an approver publishes."""
    return signed_in(app, CLERK, role=role)


def with_draft(app: Flask, role: Role = Role.STAFF) -> tuple[Visitor, str]:
    """Such a person and the address of a draft of theirs."""
    visitor = clerk(app, role)
    with write_transaction(resources_of(app).sessions) as session:
        draft = make_draft(session, agency=make_agency(session, "m02201"))
    return visitor, f"{PATH}/{draft.public_id}"


@act("listing_editor.create", "listing_created")
def write_a_draft(app: Flask) -> Act:
    visitor = clerk(app)
    return lambda: visitor.send(f"{PATH}/new", title="題名だけ", action="save")


@act("listing_editor.create", "listing_created", "listing_published")
def write_and_publish(app: Flask) -> Act:
    visitor = clerk(app, Role.APPROVER)
    return lambda: visitor.send(f"{PATH}/new", **WHOLE, action="publish")


@act("listing_editor.change")
def save_another_version(app: Flask) -> Act:
    visitor, path = with_draft(app)
    return lambda: visitor.send(f"{path}/edit", **WHOLE, version="1", action="save")


@act("listing_editor.change", "listing_submitted")
def ask_for_approval(app: Flask) -> Act:
    visitor, path = with_draft(app)
    return lambda: visitor.send(f"{path}/edit", **WHOLE, version="1", action="submit")


@act("listing_editor.change", "listing_scheduled")
def schedule(app: Flask) -> Act:
    visitor, path = with_draft(app, Role.APPROVER)
    when = {"publish_at": "2026-12-01T09:00", "action": "schedule"}
    return lambda: visitor.send(f"{path}/edit", **WHOLE, **when, version="1")


@act("listing_copying.copy", "listing_created")
def copy_for_another_year(app: Flask) -> Act:
    visitor, path = with_draft(app)
    return lambda: visitor.send(f"{path}/copy")


@act("listing_typing.keep")
def keep_what_is_typed(app: Flask) -> Act:
    visitor, path = with_draft(app)
    return lambda: visitor.send(f"{path}/autosave", title="書きかけ")


@act("listing_typing.keep_new")
def keep_what_is_typed_for_the_first_time(app: Flask) -> Act:
    visitor = clerk(app)
    return lambda: visitor.send(f"{PATH}/new/autosave", title="書きかけ")


@act("listing_typing.render_body")
def look_at_a_body(app: Flask) -> Act:
    visitor = clerk(app)
    return lambda: visitor.send(f"{PATH}/body", body="**太字**")
