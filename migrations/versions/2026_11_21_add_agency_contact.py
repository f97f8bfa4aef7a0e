"""Add the department and the section mailbox of agencies."""

import sqlalchemy as sa
from alembic import op

revision = "0008_add_agency_contact"
down_revision = "0007_create_user_account"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agency", sa.Column("department", sa.String(length=100), nullable=True))
    op.add_column("agency", sa.Column("section_mailbox", sa.String(length=254), nullable=True))


def downgrade() -> None:
    op.drop_column("agency", "section_mailbox")
    op.drop_column("agency", "department")
