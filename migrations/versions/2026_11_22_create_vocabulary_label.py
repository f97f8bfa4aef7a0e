"""Create the tables of labels that administrators change, with the row that counts changes.

The tables of codes lose their own copy of the labels, which nobody read.
"""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0022_create_vocabulary_label"
down_revision = "0021_create_attachment"
branch_labels = None
depends_on = None

_OF_CODES = ("industry", "purpose", "kind", "region")
_CHECKS = {
    "facet_known": "facet IN ('purpose', 'kind', 'industry')",
    "label_length": "length(label) BETWEEN 1 AND 40",
    "kana_length": "length(kana) BETWEEN 1 AND 80",
    "industry_has_short": "(facet = 'industry' AND length(short_label) BETWEEN 1 AND 20)"
    " OR (facet <> 'industry' AND short_label = '')",
}


def upgrade() -> None:
    table = "vocabulary_label"
    checks = (
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in _CHECKS.items()
    )
    op.create_table(
        table,
        sa.Column("facet", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("kana", sa.String(length=80), nullable=False),
        sa.Column("short_label", sa.String(length=20), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        *checks,
        sa.PrimaryKeyConstraint("facet", "code", name=op.f(f"pk_{table}")),
    )
    counter = op.create_table(
        "vocabulary_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_vocabulary_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary_revision")),
    )
    op.bulk_insert(counter, [{"id": 1, "revision": 0}])
    for table in _OF_CODES:
        op.drop_column(table, "label")


def downgrade() -> None:
    # Empty until the portal's own ``init`` fills them again.
    for table in _OF_CODES:
        label = sa.Column("label", sa.String(length=60), nullable=False, server_default="")
        op.add_column(table, label)
    op.drop_table("vocabulary_revision")
    op.drop_table("vocabulary_label")
