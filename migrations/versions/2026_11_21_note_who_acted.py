"""Note who stopped a user and who sent an invitation."""

import sqlalchemy as sa
from alembic import op

revision = "0011_note_who_acted"
down_revision = "0010_extend_one_time_token"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("disabled_by_id", sa.Integer(), nullable=True))
    op.add_column("one_time_token", sa.Column("invited_by_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("one_time_token", "invited_by_id")
    op.drop_column("user_account", "disabled_by_id")
