"""Create the table of what is being typed into the editor."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0019_create_listing_autosave"
down_revision = "0018_leave_draft_undecided"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "listing_autosave"
    op.create_table(
        table,
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=12), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_listing_autosave_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "about", name=op.f("pk_listing_autosave")),
    )


def downgrade() -> None:
    op.drop_table("listing_autosave")
