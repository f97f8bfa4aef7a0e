"""Add what is being prepared beside a public version, when it becomes public and when it ends."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0015_add_listing_change"
down_revision = "0014_number_links_once"
branch_labels = None
depends_on = None

_STAGES = "'draft', 'in_review', 'scheduled'"
_ACTS = (
    "'save', 'submit', 'take_back', 'return', 'publish', 'schedule', 'drop_change', 'withdraw',"
    " 'restore', 'archive', 'unarchive'"
)
# Name, type and rule of each. In this order: rules look at columns that are there by then.
_ADDED = (
    (
        "change_state",
        sa.String(length=10),
        "change_beside_public_version",
        f"change_state IS NULL OR (change_state IN ({_STAGES}) AND public_version_id IS NOT NULL)",
    ),
    (
        "publish_at",
        UtcDateTime(),
        "scheduled_has_time",
        "(publish_at IS NOT NULL) = (coalesce(change_state, state) = 'scheduled')",
    ),
    ("unpublish_at", UtcDateTime(), None, None),
    ("return_comment", sa.String(length=2000), None, None),
)
_TIMES = ("publish_at", "unpublish_at")


def upgrade() -> None:
    for name, kind, rule, condition in _ADDED:
        check = (
            [sa.CheckConstraint(condition, name=op.f(f"ck_listing_{rule}"))] if condition else []
        )
        op.add_column("listing", sa.Column(name, kind, *check, nullable=True))
    for name in _TIMES:
        op.create_index(op.f(f"ix_listing_{name}"), "listing", [name], unique=False)
    op.add_column("listing_version", sa.Column("author_id", sa.Integer(), nullable=True))
    _create_acts()


def downgrade() -> None:
    op.drop_table("listing_act")
    op.drop_column("listing_version", "author_id")
    for name in _TIMES:
        op.drop_index(op.f(f"ix_listing_{name}"), table_name="listing")
    for name, *_ in reversed(_ADDED):
        op.drop_column("listing", name)


def _create_acts() -> None:
    table = "listing_act"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.CheckConstraint(f"act IN ({_ACTS})", name=op.f("ck_listing_act_act_known")),
        sa.CheckConstraint("act <> 'save'", name=op.f("ck_listing_act_no_save")),
        sa.CheckConstraint(
            "act <> 'return' OR comment <> ''", name=op.f("ck_listing_act_return_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_act_listing_id")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id", "version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_listing_act_version",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_act")),
    )
    op.create_index(op.f(f"ix_{table}_listing_id"), table, ["listing_id"], unique=False)
