"""Create the tables of files of listings."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0021_create_attachment"
down_revision = "0020_record_replaced_version"
branch_labels = None
depends_on = None

_CHECKS = {
    "state_known": "state IN ('pending', 'clean', 'refused')",
    "number_from_one": "number >= 1",
    "not_empty": "size > 0",
    "has_pages": "pages >= 1",
    "hash_whole": "length(sha256) = 64",
    "file_name_given": "length(file_name) > 4",
    "refused_is_removed": "state <> 'refused' OR removed_at IS NOT NULL",
}


def upgrade() -> None:
    _create_attachment()
    _create_version_attachment()


def downgrade() -> None:
    op.drop_table("listing_version_attachment")
    op.drop_table("attachment")


def _create_attachment() -> None:
    table = "attachment"
    checks = (
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in _CHECKS.items()
    )
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=150), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("finding", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        *checks,
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_attachment_listing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("listing_id", "id", name=op.f("uq_attachment_listing_id_id")),
        sa.UniqueConstraint("listing_id", "number", name=op.f("uq_attachment_listing_id_number")),
    )
    op.create_index(op.f("ix_attachment_sha256"), table, ["sha256"], unique=False)


def _create_version_attachment() -> None:
    table = "listing_version_attachment"
    op.create_table(
        table,
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id", "attachment_id"],
            ["attachment.listing_id", "attachment.id"],
            name="fk_listing_version_attachment_attachment",
        ),
        sa.ForeignKeyConstraint(
            ["listing_id", "version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name="fk_listing_version_attachment_version",
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "attachment_id", name=op.f("pk_listing_version_attachment")
        ),
    )
    op.create_index(
        op.f("ix_listing_version_attachment_attachment_id"), table, ["attachment_id"], unique=False
    )
