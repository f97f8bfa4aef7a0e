"""Create the table of what versions of listings say of other listings."""

import sqlalchemy as sa
from alembic import op

revision = "0023_create_listing_relation"
down_revision = "0022_create_vocabulary_label"
branch_labels = None
depends_on = None

_TABLE = "listing_version_relation"
_CHECKS = {
    "kind_known": (
        "kind IN ('combinable', 'exclusive', 'tops_up', 'topped_up_by', 'successor',"
        " 'predecessor', 'last_year', 'next_year')"
    ),
    "not_itself": "other_id <> listing_id",
}


def upgrade() -> None:
    checks = (
        sa.CheckConstraint(condition, name=op.f(f"ck_{_TABLE}_{name}"))
        for name, condition in _CHECKS.items()
    )
    op.create_table(
        _TABLE,
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *checks,
        sa.ForeignKeyConstraint(
            ["listing_id", "version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_listing_version_relation_version",
        ),
        sa.ForeignKeyConstraint(["other_id"], ["listing.id"], name=op.f(f"fk_{_TABLE}_other_id")),
        sa.PrimaryKeyConstraint("version_id", "other_id", "kind", name=op.f(f"pk_{_TABLE}")),
    )
    op.create_index(op.f(f"ix_{_TABLE}_other_id"), _TABLE, ["other_id"], unique=False)


def downgrade() -> None:
    op.drop_table(_TABLE)
