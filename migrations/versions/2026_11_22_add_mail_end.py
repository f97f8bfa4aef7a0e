"""Note until when a mail is worth sending."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0013_add_mail_end"
down_revision = "0012_add_mail_owner"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outgoing_mail", sa.Column("good_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("outgoing_mail", "good_until")
