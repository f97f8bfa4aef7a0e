"""Create the table of what members keep of listings."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0025_create_favorite"
down_revision = "0024_let_acts_be_undone"
branch_labels = None
depends_on = None

_TABLE = "favorite"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("known_version_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("length(note) <= 500", name=op.f(f"ck_{_TABLE}_note_length")),
        sa.ForeignKeyConstraint(
            ["listing_id", "known_version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_favorite_known_version",
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f(f"fk_{_TABLE}_listing_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f(f"fk_{_TABLE}_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "listing_id", name=op.f(f"pk_{_TABLE}")),
    )
    op.create_index(op.f(f"ix_{_TABLE}_listing_id"), _TABLE, ["listing_id"], unique=False)


def downgrade() -> None:
    op.drop_table(_TABLE)
