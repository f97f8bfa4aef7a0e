"""A listing that the public sees, changed."""

from datetime import datetime
from typing import Any

from portal.extensions import Resources
from portal.listings import queries, services
from tests.factories import make_content


def republish(resources: Resources, public_id: str, *, now: datetime, **content: Any) -> None:
    """Show another content to the public and to the index."""
    with resources.sessions.begin() as session:
        listing = queries.get_public(session, public_id)
        services.save_version(session, listing, make_content(**content), now=now)
        services.publish(session, listing, now=now)
    resources.indexer.drain(timeout=1)
