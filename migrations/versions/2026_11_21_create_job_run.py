"""Create the table of the last runs of jobs."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0003_create_job_run"
down_revision = "0002_create_synonym"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("is_failed", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", "place", name=op.f("pk_job_run")),
    )


def downgrade() -> None:
    op.drop_table("job_run")
