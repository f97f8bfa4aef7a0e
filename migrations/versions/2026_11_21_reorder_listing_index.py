"""Let the index of listings by agency and state begin with the agency."""

from alembic import op

revision = "0004_reorder_listing_index"
down_revision = "0003_create_job_run"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_listing_state_agency_id", "listing")
    op.create_index("ix_listing_agency_id_state", "listing", ["agency_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_listing_agency_id_state", "listing")
    op.create_index("ix_listing_state_agency_id", "listing", ["state", "agency_id"])
