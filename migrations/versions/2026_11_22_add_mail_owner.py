"""Note whose account a mail is about."""

import sqlalchemy as sa
from alembic import op

revision = "0012_add_mail_owner"
down_revision = "0011_note_who_acted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outgoing_mail", sa.Column("owner_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("outgoing_mail", "owner_id")
