"""Where unmet demand is looked at, and synonyms are proposed: at the prefecture's desk that of all
places, at an agency's its own."""

from dataclasses import dataclass

from portal.accounts.permissions import Permission, Role, Scope, scope_of


@dataclass(frozen=True, slots=True)
class DemandDesk:
    """Where somebody looks at unmet demand: its pages are at ``path`` and below; ``demand`` and
    ``proposals`` are blueprints."""

    path: str
    demand: str
    proposals: str
    is_of_agency: bool


ADMIN_DESK = DemandDesk("/admin/demand", "demand_admin", "proposals_admin", is_of_agency=False)
STAFF_DESK = DemandDesk("/staff/demand", "demand_staff", "proposals_staff", is_of_agency=True)
_PROPOSALS = "/proposals"


def desk_of(blueprint: str | None) -> DemandDesk:
    """The desk that pages of a blueprint belong to."""
    is_of_staff = blueprint in (STAFF_DESK.demand, STAFF_DESK.proposals)
    return STAFF_DESK if is_of_staff else ADMIN_DESK


def path_at_own_desk(path: str, role: Role) -> str | None:
    """Where somebody who sees the demand of all places finds what a path of an agency's desk shows.
    They propose nothing: they add."""
    if scope_of(role, Permission.READ_STATISTICS) is not Scope.ALL:
        return None
    own = ADMIN_DESK.path + path.removeprefix(STAFF_DESK.path)
    proposals = ADMIN_DESK.path + _PROPOSALS
    return proposals if own.startswith(f"{proposals}/") else own
