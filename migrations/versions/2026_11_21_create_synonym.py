"""Create the tables of synonyms, with the one row that counts their changes."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0002_create_synonym"
down_revision = "0001_create_listing"
branch_labels = None
depends_on = None

_CATEGORIES = (
    *("money", "life", "hiring", "digital", "energy", "sales", "premises", "development"),
    *("disaster", "procedure", "programme", "body", "industry", "product", "place"),
    "other",
)


def upgrade() -> None:
    op.create_table(
        "synonym_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("default_key", sa.String(length=60), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            f"category IN ({', '.join(map(repr, _CATEGORIES))})",
            name=op.f("ck_synonym_group_category_known"),
        ),
        sa.CheckConstraint("default_key <> ''", name=op.f("ck_synonym_group_default_key_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_group")),
        sa.UniqueConstraint("default_key", name=op.f("uq_synonym_group_default_key")),
    )
    op.create_table(
        "synonym_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_added", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=50), nullable=False),
        sa.CheckConstraint(
            "length(text) BETWEEN 1 AND 50", name=op.f("ck_synonym_member_text_length")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["synonym_group.id"], name=op.f("fk_synonym_member_group_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "position", name=op.f("pk_synonym_member")),
    )
    counter = op.create_table(
        "synonym_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_synonym_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_revision")),
    )
    op.bulk_insert(counter, [{"id": 1, "revision": 0}])


def downgrade() -> None:
    op.drop_table("synonym_revision")
    op.drop_table("synonym_member")
    op.drop_table("synonym_group")
