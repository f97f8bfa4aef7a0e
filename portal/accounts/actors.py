"""Users as the record of who did what knows them."""

from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.audit.types import Actor, Target


def actor_of(user: User) -> Actor:
    """A user who does something. The record is never erased, so it holds no address of a member."""
    label = f"会員 {user.id}" if user.role == Role.MEMBER else user.email
    return Actor(user.id, label, user.role, user.agency.code if user.agency else None)


def target_of(user: User) -> Target:
    """A user to whom something is done."""
    return Target("user", str(user.id), user.agency.code if user.agency else None)
