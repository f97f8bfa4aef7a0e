"""An app with a clerk and an approver of one town, and one of another; listings between them."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.db import write_transaction
from portal.listings.models import Listing, listing_id_of
from portal.publishing import editing
from tests.accounts import Visitor, id_of, signed_in
from tests.conftest import NOW, resources_of
from tests.factories import make_agency, make_content, make_draft

TEL = {"tel": "017-000-0000"}
CLERK = "clerk@aomori.example.jp"
APPROVER = "approver@aomori.example.jp"

Done = Callable[..., Any]


class Office:
    """Everybody signs in when first needed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.held = resources_of(app)
        self.clerk = signed_in(app, CLERK, role=Role.STAFF, name="佐藤 つばさ")
        self.approver = signed_in(app, APPROVER, role=Role.APPROVER, name="鈴木 みのる")

    def draft(self, *done: tuple[Done, Any] | Done, title: str = "店舗改装の補助金") -> str:
        """A draft that the clerk wrote and the approver did this and that to; its public id."""
        with write_transaction(self.held.sessions) as session:
            clerk = session.get_one(User, id_of(self.held, CLERK))
            agency = clerk.agency or make_agency(session)
            content = make_content(**TEL, title=title)
            listing = editing.create(session, agency, content, by=clerk, now=NOW)
            public_id = listing.public_id
        for each in done:
            act, more = each if isinstance(each, tuple) else (each, None)
            self.do(public_id, act, *([more] if more is not None else []))
        return public_id

    def do(self, public_id: str, act: Done, *more: Any) -> None:
        """The approver does something."""
        with write_transaction(self.held.sessions) as session:
            by = session.get_one(User, id_of(self.held, APPROVER))
            listing = session.get_one(Listing, listing_id_of(public_id))
            seen = listing.versions[-1].number
            act(session, listing, *more, by=by, seen=seen, now=NOW)
        self.held.indexer.drain(timeout=1)

    def save(self, public_id: str, **content: Any) -> None:
        """The clerk writes another version."""
        with write_transaction(self.held.sessions) as session:
            by = session.get_one(User, id_of(self.held, CLERK))
            listing = session.get_one(Listing, listing_id_of(public_id))
            seen = listing.versions[-1].number
            whole = make_content(**(TEL | content))
            editing.save(session, listing, whole, by=by, seen=seen, now=NOW)

    def listing(self, public_id: str) -> Listing:
        """The row as it is now."""
        with self.held.sessions() as session:
            return session.get_one(Listing, listing_id_of(public_id))

    def foreign(self) -> str:
        """A draft of another agency."""
        with write_transaction(self.held.sessions) as session:
            other = make_agency(session, "m02202", name="弘前市", level="municipality")
            return make_draft(session, agency=other, title="よその下書き", **TEL).public_id

    def send(self, visitor: Visitor, public_id: str, button: str, **fields: Any) -> Any:
        """Somebody presses a button on the page of a listing."""
        with self.held.sessions() as session:
            newest = len(session.get_one(Listing, listing_id_of(public_id)).versions)
        seen = {"seen": str(newest)} | fields
        return visitor.send(f"/staff/listings/{public_id}/{button}", **seen)
