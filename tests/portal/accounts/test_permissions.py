"""One table says who may do what, and the document shows it."""

import pytest

from portal.accounts.permissions import (
    ROLE_SUMMARIES,
    Permission,
    Role,
    Scope,
    may,
    may_for_agency,
    scope_of,
)
from portal.config import CHECKOUT


def test_document_shows_the_table() -> None:
    document = (CHECKOUT / "docs" / "roles.md").read_text("utf-8")
    rows = [
        f"| {permission.label} | `{permission}` | "
        + " | ".join(scope_of(role, permission).label for role in Role)
        + " |"
        for permission in Permission
    ]
    roles = [f"| {role.label} | `{role}` | {ROLE_SUMMARIES[role]} |" for role in Role]
    shown = [line for line in document.splitlines() if line.count("`") == 2 and line[0] == "|"]
    assert shown == roles + rows


@pytest.mark.parametrize("permission", Permission)
def test_higher_roles_may_what_lower_ones_may(permission: Permission) -> None:
    order = (Scope.NONE, Scope.OWN, Scope.ALL)
    ranks = [order.index(scope_of(role, permission)) for role in Role]
    assert ranks == sorted(ranks)


def test_members_have_nothing_but_their_account() -> None:
    allowed = [permission for permission in Permission if may(Role.MEMBER, permission)]
    assert allowed == [Permission.USE_OWN_ACCOUNT]


def test_staff_write_and_only_approvers_publish() -> None:
    assert may(Role.STAFF, Permission.WRITE_LISTINGS)
    assert not may(Role.STAFF, Permission.PUBLISH_LISTINGS)
    assert may(Role.APPROVER, Permission.PUBLISH_LISTINGS)


@pytest.mark.parametrize(
    ("role", "own", "agency", "is_allowed"),
    [
        (Role.MEMBER, None, 1, False),
        (Role.STAFF, 1, 1, True),
        (Role.STAFF, 1, 2, False),
        (Role.APPROVER, 1, 2, False),
        (Role.ADMIN, None, 2, True),
        (Role.ADMIN, 1, 2, True),
    ],
)
def test_own_agency_is_where_the_right_ends(
    role: Role, own: int | None, agency: int, is_allowed: bool
) -> None:
    permission = Permission.WRITE_LISTINGS
    found = may_for_agency(role, permission, own_agency_id=own, agency_id=agency)
    assert found is is_allowed
