"""Create the table of jobs that somebody wants to run soon."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0009_create_job_request"
down_revision = "0008_add_agency_contact"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_request",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_request")),
    )


def downgrade() -> None:
    op.drop_table("job_request")
