"""What those do who give files to listings."""

from flask import Flask

from tests.accounts import Visitor
from tests.acts import Act, act
from tests.conftest import resources_of
from tests.portal.attachments.pdfs import GOOD
from tests.portal.attachments.people import own_listing, page_of, send_file, signed_in_clerk


def with_a_listing(app: Flask) -> tuple[Visitor, str]:
    """A clerk and a listing of the same agency."""
    public_id = own_listing(resources_of(app))
    return signed_in_clerk(app), public_id


@act("attachments_staff.add", "attachment_added")
def give_a_file(app: Flask) -> Act:
    clerk, public_id = with_a_listing(app)
    return lambda: send_file(clerk, public_id, GOOD)


@act("attachments_staff.add")
def give_what_is_no_pdf(app: Flask) -> Act:
    clerk, public_id = with_a_listing(app)
    return lambda: send_file(clerk, public_id, b"x")


@act("attachments_staff.remove", "attachment_removed")
def take_a_file_off(app: Flask) -> Act:
    clerk, public_id = with_a_listing(app)
    send_file(clerk, public_id, GOOD)
    token = clerk.token(page_of(public_id))
    return lambda: clerk.send(f"{page_of(public_id)}/1/remove", token=token)
