"""Create the table of what clerks propose for the synonyms."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0031_create_synonym_proposal"
down_revision = "0030_create_listing_popularity"
branch_labels = None
depends_on = None

_TABLE = "synonym_proposal"
_RULES = (
    ("proposal_state_known", "state IN ('open', 'added', 'declined')"),
    ("word_length", "length(word) BETWEEN 1 AND 50"),
    ("decided_proposal_has_time", "(state = 'open') = (decided_at IS NULL)"),
    ("decline_says_why", "state <> 'declined' OR reason <> ''"),
)


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=50), nullable=False),
        sa.Column("equivalents", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{_TABLE}_{name}")) for name, rule in _RULES),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f(f"fk_{_TABLE}_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sqlite_autoincrement=True,
    )
    for column in ("agency_id", "state"):
        op.create_index(op.f(f"ix_{_TABLE}_{column}"), _TABLE, [column])


def downgrade() -> None:
    op.drop_table(_TABLE)
