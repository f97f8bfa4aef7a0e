"""Who may do what: the one table. ``docs/roles.md`` shows it, and a test keeps them equal."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the portal."""

    MEMBER = "member"
    STAFF = "staff"
    APPROVER = "approver"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """What the role is called on pages."""
        return _ROLE_LABELS[self]


class Permission(StrEnum):
    """Something one may be allowed to do."""

    USE_OWN_ACCOUNT = "use_own_account"
    WRITE_LISTINGS = "write_listings"
    PUBLISH_LISTINGS = "publish_listings"
    READ_STATISTICS = "read_statistics"
    ANSWER_MESSAGES = "answer_messages"
    MANAGE_STAFF = "manage_staff"
    USE_DESK = "use_desk"
    MANAGE_AGENCIES = "manage_agencies"
    MANAGE_USERS = "manage_users"
    MANAGE_NOTICES = "manage_notices"
    MANAGE_VOCABULARY = "manage_vocabulary"
    MANAGE_REPORTS = "manage_reports"
    READ_AUDIT = "read_audit"
    RUN_JOBS = "run_jobs"

    @property
    def label(self) -> str:
        """What it allows, as pages say it."""
        return _PERMISSION_LABELS[self]


class Scope(StrEnum):
    """On what somebody may do it."""

    NONE = "none"
    OWN = "own"
    """Their own account, or what belongs to their agency."""
    ALL = "all"

    @property
    def label(self) -> str:
        """What a cell of the table says."""
        return _SCOPE_LABELS[self]


_ROLE_LABELS = {
    Role.MEMBER: "会員",
    Role.STAFF: "担当者",
    Role.APPROVER: "承認者",
    Role.ADMIN: "管理者",
}

ROLE_SUMMARIES = {
    Role.MEMBER: "支援を探す会社やお店の方、これから創業する方",
    Role.STAFF: "1つの実施機関で支援情報を書く職員",
    Role.APPROVER: "1つの実施機関で支援情報を公開し、担当者の面倒をみる職員",
    Role.ADMIN: "すべての実施機関、利用者、語彙、集計をみる県の職員",
}

_PERMISSION_LABELS = {
    Permission.USE_OWN_ACCOUNT: "自分のアカウントを使う",
    Permission.WRITE_LISTINGS: "支援情報を書く",
    Permission.PUBLISH_LISTINGS: "支援情報を公開する・公開を終える",
    Permission.READ_STATISTICS: "閲覧数などの集計をみる",
    Permission.ANSWER_MESSAGES: "お問い合わせや間違いのお知らせに答える",
    Permission.MANAGE_STAFF: "担当者を招待する・止める",
    Permission.USE_DESK: "管理者のページを開く",
    Permission.MANAGE_AGENCIES: "実施機関を足す・変える",
    Permission.MANAGE_USERS: "すべての利用者を招待する・止める・異動させる",
    Permission.MANAGE_NOTICES: "お知らせを出す・終える",
    Permission.MANAGE_VOCABULARY: "言いかえなどの語彙を変える",
    Permission.MANAGE_REPORTS: "年間の報告をみる・事業費を入れる・年度を締める",
    Permission.READ_AUDIT: "監査記録をみる・書き出す",
    Permission.RUN_JOBS: "定期の仕事をみる・動かす",
}

_SCOPE_LABELS = {Scope.NONE: "―", Scope.OWN: "自分・自機関", Scope.ALL: "すべて"}

_MEMBER = {Permission.USE_OWN_ACCOUNT: Scope.OWN}
_STAFF = _MEMBER | {
    Permission.WRITE_LISTINGS: Scope.OWN,
    Permission.READ_STATISTICS: Scope.OWN,
    Permission.ANSWER_MESSAGES: Scope.OWN,
}
_APPROVER = _STAFF | {
    Permission.PUBLISH_LISTINGS: Scope.OWN,
    Permission.MANAGE_STAFF: Scope.OWN,
}
_ADMIN = dict.fromkeys(Permission, Scope.ALL) | {Permission.USE_OWN_ACCOUNT: Scope.OWN}

_TABLE: Mapping[Role, Mapping[Permission, Scope]] = {
    Role.MEMBER: _MEMBER,
    Role.STAFF: _STAFF,
    Role.APPROVER: _APPROVER,
    Role.ADMIN: _ADMIN,
}


def scope_of(role: Role, permission: Permission) -> Scope:
    """On what a role may do something."""
    return _TABLE[role].get(permission, Scope.NONE)


def may(role: Role, permission: Permission) -> bool:
    """Whether a role may do something at all; on what, ``scope_of`` says."""
    return scope_of(role, permission) is not Scope.NONE


def may_for_agency(
    role: Role, permission: Permission, *, own_agency_id: int | None, agency_id: int
) -> bool:
    """Whether somebody may do something to what belongs to an agency."""
    scope = scope_of(role, permission)
    is_own = own_agency_id is not None and own_agency_id == agency_id
    return scope is Scope.ALL or (scope is Scope.OWN and is_own)


AGENCY_ROLES = (Role.STAFF, Role.APPROVER)
"""Roles that work for one agency each."""

SECOND_FACTOR_ROLES = (Role.STAFF, Role.APPROVER, Role.ADMIN)
"""Roles that must have a second factor, unless ``PORTAL_REQUIRE_TOTP`` says otherwise."""
