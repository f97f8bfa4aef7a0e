"""Where users are looked after: at the prefecture's desk all of them, at an agency's its staff."""

from dataclasses import dataclass

from portal.accounts.permissions import Permission, Role, may


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody looks after users: its pages are at ``path`` and below; ``users`` and
    ``invitations`` begin names of endpoints."""

    path: str
    users: str
    invitations: str
    is_of_agency: bool

    @property
    def title(self) -> str:
        """What its list is called."""
        return "担当者の管理" if self.is_of_agency else "利用者の管理"


ADMIN_DESK = Desk("/admin/users", "users_admin", "invitations_admin", is_of_agency=False)
STAFF_DESK = Desk("/staff/users", "users_staff", "invitations_staff", is_of_agency=True)


def desk_of(blueprint: str | None) -> Desk:
    """The desk that pages of a blueprint belong to."""
    is_of_staff = blueprint in (STAFF_DESK.users, STAFF_DESK.invitations)
    return STAFF_DESK if is_of_staff else ADMIN_DESK


def desk_for(role: Role) -> Desk | None:
    """The desk of a role; None if it looks after nobody."""
    if may(role, Permission.MANAGE_USERS):
        return ADMIN_DESK
    return STAFF_DESK if may(role, Permission.MANAGE_STAFF) else None


def path_at_own_desk(path: str, role: Role) -> str | None:
    """Where somebody finds at their own desk what a path of the agency's shows; None for those
    whose desk that is. Who looks after everybody would see everybody there, under a title that
    speaks of the staff of one agency."""
    own = desk_for(role)
    if own is None or own.is_of_agency:
        return None
    return own.path + path.removeprefix(STAFF_DESK.path)
