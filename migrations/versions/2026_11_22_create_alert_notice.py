"""Create the tables of what members were told of their favourites, and of what they want to be
told."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0027_create_alert_notice"
down_revision = "0026_create_saved_search"
branch_labels = None
depends_on = None

_SETTING, _DEADLINE, _CHANGE = "alert_setting", "deadline_notice", "change_notice"


def upgrade() -> None:
    op.create_table(
        _SETTING,
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("has_deadline_mails", sa.Boolean(), nullable=False),
        sa.Column("deadline_mails_from", UtcDateTime(), nullable=True),
        sa.Column("has_change_mails", sa.Boolean(), nullable=False),
        _of_user(_SETTING),
        sa.PrimaryKeyConstraint("user_id", name=op.f(f"pk_{_SETTING}")),
    )
    op.create_table(
        _DEADLINE,
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("days_before", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("days_before > 0", name=op.f(f"ck_{_DEADLINE}_days_before_positive")),
        _of_user(_DEADLINE),
        _of_listing(_DEADLINE),
        sa.PrimaryKeyConstraint(
            *("user_id", "listing_id", "closes_on", "days_before"), name=op.f(f"pk_{_DEADLINE}")
        ),
    )
    op.create_index(op.f(f"ix_{_DEADLINE}_closes_on"), _DEADLINE, ["closes_on"], unique=False)
    op.create_table(
        _CHANGE,
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id", "version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_change_notice_version",
        ),
        _of_user(_CHANGE),
        _of_listing(_CHANGE),
        sa.PrimaryKeyConstraint("user_id", "listing_id", name=op.f(f"pk_{_CHANGE}")),
    )


def downgrade() -> None:
    for table in (_CHANGE, _DEADLINE, _SETTING):
        op.drop_table(table)


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"],
        ["user_account.id"],
        name=op.f(f"fk_{table}_user_id"),
        ondelete="CASCADE",
    )


def _of_listing(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["listing_id"], ["listing.id"], name=op.f(f"fk_{table}_listing_id")
    )
