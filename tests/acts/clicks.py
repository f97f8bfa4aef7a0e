"""What visitors press on the page of a listing: counted, and never recorded as an event."""

from flask import Flask

from tests.accounts import Visitor
from tests.acts import Act, act
from tests.conftest import resources_of
from tests.factories import publish_and_index


@act("listing_clicks.record")
def follow_a_link(app: Flask) -> Act:
    public_id = publish_and_index(resources_of(app))
    return lambda: Visitor(app).send(f"/listings/{public_id}/clicks", kind="apply")
