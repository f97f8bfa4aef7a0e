"""Create the table of how much listings are viewed these days."""

import sqlalchemy as sa
from alembic import op

revision = "0030_create_listing_popularity"
down_revision = "0029_create_page_view"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listing_popularity",
        sa.Column("listing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.CheckConstraint("views >= 1", name=op.f("ck_listing_popularity_popular_is_viewed")),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_listing_popularity")),
    )


def downgrade() -> None:
    op.drop_table("listing_popularity")
