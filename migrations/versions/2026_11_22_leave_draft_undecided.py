"""Let a draft leave open what kind of support it is and when one can apply."""

import sqlalchemy as sa
from alembic import op

revision = "0018_leave_draft_undecided"
down_revision = "0017_create_message"
branch_labels = None
depends_on = None


def upgrade() -> None:
    undecided = sa.Column("undecided", sa.JSON(), server_default="[]", nullable=False)
    op.add_column("listing_version", undecided)


def downgrade() -> None:
    op.drop_column("listing_version", "undecided")
