"""What is done to listings at their desks."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.db import write_transaction
from portal.listings.models import Listing
from portal.publishing import editing, publication
from tests.accounts import Visitor, signed_in, signed_in_admin
from tests.acts import Act, Stage, act
from tests.conftest import NOW, resources_of
from tests.factories import make_agency, make_content, make_draft

PAGE = "/staff/listings/L000001"
TEL = {"tel": "017-000-0000"}

Done = Callable[..., Any]


def change(session: Any, listing: Listing, *, by: User, seen: int, now: Any) -> None:
    """Somebody writes a second version."""
    content = make_content(**TEL, title="二つ目の題名")
    editing.save(session, listing, content, by=by, seen=seen, now=now)


withdraw = partial(publication.withdraw, reason="予算がなくなりました。")


def prepare(app: Flask, *done: Done) -> None:
    """Listing 1 of the agency of the only user, who has done this and that to it."""
    with write_transaction(resources_of(app).sessions) as session:
        agency = make_agency(session, "m02201", name="青森市", level="municipality")
        listing = make_draft(session, agency=agency, **TEL)
        by = session.scalars(select(User)).one()
        for each in done:
            seen = listing.versions[-1].number
            each(session, listing, by=by, seen=seen, now=NOW)


def approver(app: Flask, *done: Done) -> Visitor:
    """An approver, and what they prepared."""
    visitor = signed_in(app, "approver@city.example.jp", role=Role.APPROVER)
    prepare(app, *done)
    return visitor


def press(app: Flask, button: str, *done: Done, **typed: str) -> Act:
    """An act on what was prepared."""
    visitor = approver(app, *done)
    fields = {"seen": "2" if change in done else "1"} | typed
    return lambda: visitor.send(f"{PAGE}/{button}", **fields)


@act("listing_desk.submit", "listing_submitted")
def submit_a_listing(app: Flask) -> Act:
    return press(app, "submit")


@act("listing_desk.take_back", "listing_taken_back")
def take_a_listing_back(app: Flask) -> Act:
    return press(app, "take-back", publication.submit)


@act("listing_desk.send_back", "listing_returned")
def return_a_listing(app: Flask) -> Act:
    return press(app, "return", publication.submit, comment="締切を書いてください。")


@act("listing_desk.publish", "listing_published")
def publish_a_listing(app: Flask) -> Act:
    return press(app, "publish", publication.submit)


@act("listing_desk.schedule", "listing_scheduled")
def schedule_a_listing(app: Flask) -> Act:
    return press(app, "schedule", publish_at="2026-12-01T09:00")


@act("listing_desk.drop_change", "listing_change_dropped")
def drop_a_change(app: Flask) -> Act:
    return press(app, "drop-change", publication.publish, change)


@act("listing_desk.set_end", "listing_end_set")
def set_the_end_of_a_listing(app: Flask) -> Act:
    return press(app, "end", publication.publish, unpublish_at="2027-03-31T17:00")


@act("listing_desk.withdraw", "listing_withdrawn")
def withdraw_a_listing(app: Flask) -> Act:
    return press(app, "withdraw", publication.publish, reason="予算がなくなりました。")


@act("listing_desk.restore", "listing_restored")
def restore_a_listing(app: Flask) -> Act:
    return press(app, "restore", publication.publish, withdraw)


@act("listing_desk.archive", "listing_archived")
def archive_a_listing(app: Flask) -> Act:
    return press(app, "archive")


@act("listing_desk.unarchive", "listing_unarchived")
def unarchive_a_listing(app: Flask) -> Act:
    return press(app, "unarchive", publication.archive)


@act("listing_desk.undo", "listing_unpublished")
def undo_a_publication(app: Flask) -> Act:
    return press(app, "undo", publication.publish)


# A save is a version, which tells of itself.
@act("listing_versions.restore")
def bring_an_older_version_back(app: Flask) -> Act:
    return press(app, "versions/1/restore", change)


@act("listing_desk.confirm", "listing_confirmed")
def confirm_a_listing(app: Flask) -> Act:
    return press(app, "confirm", publication.publish)


send_back = partial(publication.send_back, comment="締切を書いてください。")

# Where to, what was done before, what is said with it, and the event.
BULK: dict[str, tuple[str, tuple[Done, ...], dict[str, str], str]] = {
    "publish_chosen": ("review/publish", (publication.submit,), {}, "listing_published"),
    "undo_chosen": (
        *("review/undo", (publication.submit, send_back), {}),
        "listing_act_undone",
    ),
    "confirm_chosen": ("listings/confirm", (publication.publish,), {}, "listing_confirmed"),
    "archive_chosen": ("listings/archive", (), {}, "listing_archived"),
    "return_chosen": (
        *("listings/return", (publication.submit,), {"comment": "締切を書いてください。"}),
        "listing_returned",
    ),
    "withdraw_chosen": (
        *("listings/withdraw", (publication.publish,), {"reason": "予算がなくなりました。"}),
        "listing_withdrawn",
    ),
}


def tick(app: Flask, view: str, *, as_admin: bool) -> Act:
    """An act on what is ticked, at the desk of an agency or of the prefecture."""
    path, done, said, _ = BULK[view]
    visitor = signed_in_admin(app) if as_admin else approver(app, *done)
    if as_admin:
        prepare(app, *done)
    desk = "/admin" if as_admin else "/staff"
    return lambda: visitor.send(f"{desk}/{path}", chosen="L000001:1", **said)


def _stage(view: str, *, as_admin: bool) -> Stage:
    def stage(app: Flask) -> Act:
        return tick(app, view, as_admin=as_admin)

    stage.__name__ = f"{'prefecture' if as_admin else 'agency'}_{view}"
    return stage


for _view, (*_, _event) in BULK.items():
    act(f"bulk_staff.{_view}", _event)(_stage(_view, as_admin=False))
    act(f"bulk_admin.{_view}", _event)(_stage(_view, as_admin=True))
