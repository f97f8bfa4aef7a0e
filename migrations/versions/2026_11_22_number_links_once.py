"""Never give the number of a link, by which the record knows invitations, to another one.

PostgreSQL counts on by nature. SQLite takes the number of a deleted last row again, unless the
table was made otherwise, so there it is copied.
"""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0014_number_links_once"
down_revision = "0013_add_mail_end"
branch_labels = None
depends_on = None

_TABLE = "one_time_token"
_OLD = "one_time_token_before"
_COLUMNS = (
    "id, token_hash, purpose, user_id, email, role, agency_id, name, invited_by_id, created_at,"
    " expires_at, used_at"
)
_RULES = {
    "purpose_known": "purpose IN ('password_reset', 'invitation', 'sign_up', 'email_change')",
    "token_is_hashed": "length(token_hash) = 64",
    "expires_later": "expires_at > created_at",
    "role_known": "role IN ('member', 'staff', 'approver', 'admin')",
    "role_has_address": "role IS NULL OR email IS NOT NULL",
    "new_user_has_role": "(user_id IS NULL) = (role IS NOT NULL)",
    "name_has_role": "name IS NULL OR role IS NOT NULL",
    "agency_has_role": "agency_id IS NULL OR role IS NOT NULL",
}
_INDEXED = ("expires_at", "user_id")


def upgrade() -> None:
    _copy(counts_on=True)


def downgrade() -> None:
    _copy(counts_on=False)


def _copy(*, counts_on: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for column in _INDEXED:
        op.drop_index(op.f(f"ix_{_TABLE}_{column}"), table_name=_TABLE)
    op.rename_table(_TABLE, _OLD)
    _create(counts_on=counts_on)
    op.execute(f"INSERT INTO {_TABLE} ({_COLUMNS}) SELECT {_COLUMNS} FROM {_OLD}")  # noqa: S608
    op.drop_table(_OLD)
    for column in _INDEXED:
        op.create_index(op.f(f"ix_{_TABLE}_{column}"), _TABLE, [column], unique=False)


def _create(*, counts_on: bool) -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_{_TABLE}_{name}"))
            for name, condition in _RULES.items()
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f(f"fk_{_TABLE}_agency_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f(f"fk_{_TABLE}_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{_TABLE}_token_hash")),
        sqlite_autoincrement=counts_on,
    )
