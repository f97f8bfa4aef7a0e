"""Where messages are looked after: at the prefecture's desk all of them, at an agency's its own."""

from dataclasses import dataclass

from portal.accounts.permissions import Permission, Role, Scope, scope_of


@dataclass(frozen=True, slots=True)
class MessageDesk:
    """Where somebody looks after messages: its pages are at ``path`` and below."""

    path: str
    blueprint: str
    is_of_agency: bool


ADMIN_DESK = MessageDesk("/admin/messages", "messages_admin", is_of_agency=False)
STAFF_DESK = MessageDesk("/staff/messages", "messages_staff", is_of_agency=True)


def desk_of(blueprint: str | None) -> MessageDesk:
    """The desk that pages of a blueprint belong to."""
    return STAFF_DESK if blueprint == STAFF_DESK.blueprint else ADMIN_DESK


def path_at_own_desk(path: str, role: Role) -> str | None:
    """Where somebody who looks after all messages finds what a path of an agency's desk shows."""
    if scope_of(role, Permission.ANSWER_MESSAGES) is not Scope.ALL:
        return None
    return ADMIN_DESK.path + path.removeprefix(STAFF_DESK.path)
