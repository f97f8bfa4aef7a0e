"""Let links be for signing up and for another address, and invitations hold a name.

Both tables are made anew, as SQLite cannot change what a column may hold: links of the last hour
and failed attempts of the last day are forgotten.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0010_extend_one_time_token"
down_revision = "0009_create_job_request"
branch_labels = None
depends_on = None

Rules = Sequence[tuple[str, str]]

_KINDS = ("password", "second_factor", "password_reset")
_PURPOSES = ("password_reset", "invitation")
_OLD_RULES = (
    ("for_user_or_address", "(user_id IS NULL) = (email IS NOT NULL)"),
    ("address_has_role", "(email IS NULL) = (role IS NULL)"),
)
_NEW_RULES = (
    ("new_user_has_role", "(user_id IS NULL) = (role IS NOT NULL)"),
    ("role_has_address", "role IS NULL OR email IS NOT NULL"),
    ("name_has_role", "name IS NULL OR role IS NOT NULL"),
)


def upgrade() -> None:
    _drop()
    _create_attempts((*_KINDS, "address_check"))
    name = sa.Column("name", sa.String(length=60), nullable=True)
    _create_tokens((*_PURPOSES, "sign_up", "email_change"), _NEW_RULES, name)


def downgrade() -> None:
    _drop()
    _create_attempts(_KINDS)
    _create_tokens(_PURPOSES, _OLD_RULES)


def _drop() -> None:
    op.drop_table("one_time_token")
    op.drop_table("sign_in_attempt")


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _one_of(column: str, codes: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


def _create_attempts(kinds: Sequence[str]) -> None:
    table = "sign_in_attempt"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        _check(table, "kind_known", _one_of("kind", kinds)),
        _check(table, "account_is_hashed", "length(account) = 64"),
        _check(table, "device_is_hashed", "length(device) = 64"),
        _check(table, "network_is_hashed", "length(network) = 64"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    for columns in (["kind", "account", "device", "at"], ["kind", "at"], ["kind", "network", "at"]):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns, unique=False)


def _create_tokens(purposes: Sequence[str], rules: Rules, *more: sa.Column[str]) -> None:
    table = "one_time_token"
    roles = ("member", "staff", "approver", "admin")
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        *more,
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        _check(table, "purpose_known", _one_of("purpose", purposes)),
        _check(table, "role_known", _one_of("role", roles)),
        *(_check(table, name, condition) for name, condition in rules),
        _check(table, "agency_has_role", "agency_id IS NULL OR role IS NOT NULL"),
        _check(table, "expires_later", "expires_at > created_at"),
        _check(table, "token_is_hashed", "length(token_hash) = 64"),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_one_time_token_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_one_time_token_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_token_token_hash")),
    )
    for column in ("expires_at", "user_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
