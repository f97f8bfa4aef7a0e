"""Where listings are written and looked after: an agency's desk, and the prefecture's, which has
those of all agencies."""

from dataclasses import dataclass

from portal.accounts.permissions import Permission, Role, may


@dataclass(frozen=True, slots=True)
class ListingDesk:
    """Where somebody looks after listings: its pages are at ``path`` and below; ``listings``,
    ``review`` and ``bulk`` are blueprints: of the lists, of what waits to be approved, and of what
    is done to many at once."""

    path: str
    listings: str
    review: str
    bulk: str
    is_of_agency: bool


ADMIN_DESK = ListingDesk("/admin", "listings_admin", "review_admin", "bulk_admin", False)
STAFF_DESK = ListingDesk("/staff", "listings_staff", "review_staff", "bulk_staff", True)


def desk_for(role: str) -> ListingDesk:
    """The desk of somebody who writes listings."""
    return ADMIN_DESK if may(Role(role), Permission.USE_DESK) else STAFF_DESK


def path_at_own_desk(path: str, role: Role) -> str | None:
    """Where the prefecture finds at its own desk what a path of an agency's shows; None for those
    whose desk that is."""
    own = desk_for(role)
    return None if own.is_of_agency else own.path + path.removeprefix(STAFF_DESK.path)
