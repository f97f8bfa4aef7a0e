"""Let versions state their conditions as data.

Regions and industries of what was read in documents were sorted by its reader, so whoever is
outside of them is to ask the desk. Who wrote a listing itself chose them, and that counts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028_add_conditions"
down_revision = "0027_create_alert_notice"
branch_labels = None
depends_on = None

_TABLE = "listing_version"


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("conditions", sa.JSON(), server_default="{}", nullable=False))
    version = sa.table(_TABLE, sa.column("conditions", sa.JSON), sa.column("source", sa.JSON))
    op.execute(
        version.update()
        .where(sa.cast(version.c.source, sa.Text) != "[]")
        .values(conditions={"beyond": ["regions", "industries"]})
    )


def downgrade() -> None:
    op.drop_column(_TABLE, "conditions")
