"""For which agencies somebody does something."""

from portal.accounts.models import User
from portal.accounts.permissions import Permission, Role, Scope, scope_of
from portal.errors import NotFoundError


def bound_of(user: User, permission: Permission) -> int | None:
    """The agency that somebody is bound to where they use a permission; None if they use it for
    all.

    :raises NotFoundError: they have it for none.
    """
    scope = scope_of(Role(user.role), permission)
    if scope is Scope.ALL:
        return None
    if scope is Scope.NONE or user.agency_id is None:
        raise NotFoundError(f"{user.role} has no agency to {permission.value} for")
    return user.agency_id
