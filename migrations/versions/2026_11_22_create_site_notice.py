"""Create the table of site notices, with the one row that counts their changes."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0016_create_site_notice"
down_revision = "0015_add_listing_change"
branch_labels = None
depends_on = None

_NOTICE, _REVISION = "site_notice", "site_notice_revision"
_RULES = (
    ("level_known", "level IN ('emergency', 'warning', 'info')"),
    ("title_length", "length(title) BETWEEN 1 AND 60"),
    ("text_length", "length(text) <= 1000"),
    (
        "published_has_times",
        "NOT is_published OR (starts_at IS NOT NULL AND ends_at IS NOT NULL)",
    ),
    ("ends_later", "ends_at >= starts_at"),
)


def upgrade() -> None:
    op.create_table(
        _NOTICE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{_NOTICE}_{name}")) for name, rule in _RULES),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_NOTICE}")),
        sqlite_autoincrement=True,
    )
    counter = op.create_table(
        _REVISION,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f(f"ck_{_REVISION}_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_REVISION}")),
    )
    op.bulk_insert(counter, [{"id": 1, "revision": 0}])


def downgrade() -> None:
    op.drop_table(_REVISION)
    op.drop_table(_NOTICE)
