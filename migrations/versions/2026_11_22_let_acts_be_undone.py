"""Let somebody confirm a listing, write down how it stood, and take acts back.

The table of acts is made anew, as SQLite cannot change which it takes; what was done is kept.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0024_let_acts_be_undone"
down_revision = "0023_create_listing_relation"
branch_labels = None
depends_on = None

_TABLE = "listing_act"
_OLD_ACTS = (
    *("save", "submit", "take_back", "return", "publish", "schedule", "drop_change", "withdraw"),
    *("restore", "archive", "unarchive", "set_end", "unpublish"),
)
_NEW_ACTS = (*_OLD_ACTS, "confirm", "undo")
_KEPT = "id, listing_id, version_id, replaced_version_id, act, at, actor_id, comment"


def upgrade() -> None:
    op.add_column(
        "listing",
        sa.Column(
            "is_confirmed_by_agency", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
    )
    _make_anew(_NEW_ACTS, sa.Column("before", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM listing_act WHERE act IN ('confirm', 'undo')")
    _make_anew(_OLD_ACTS)
    op.drop_column("listing", "is_confirmed_by_agency")


def _make_anew(acts: Sequence[str], *more: sa.Column[sa.JSON]) -> None:
    op.execute("CREATE TEMPORARY TABLE kept_act AS SELECT * FROM listing_act")
    op.drop_table(_TABLE)
    _create(acts, *more)
    op.execute(f"INSERT INTO listing_act ({_KEPT}) SELECT {_KEPT} FROM kept_act")  # noqa: S608  (a constant)
    op.execute("DROP TABLE kept_act")
    if op.get_bind().dialect.name == "postgresql":
        # Rows that were put in with their numbers did not count.
        op.execute(
            "SELECT setval(pg_get_serial_sequence('listing_act', 'id'),"
            " (SELECT coalesce(max(id), 0) + 1 FROM listing_act), false)"
        )


def _create(acts: Sequence[str], *more: sa.Column[sa.JSON]) -> None:
    known = ", ".join(repr(act) for act in acts)
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("replaced_version_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        *more,
        sa.CheckConstraint(f"act IN ({known})", name=op.f("ck_listing_act_act_known")),
        sa.CheckConstraint("act <> 'save'", name=op.f("ck_listing_act_no_save")),
        sa.CheckConstraint(
            "act <> 'return' OR comment <> ''", name=op.f("ck_listing_act_return_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_act_listing_id")
        ),
        _of_listing("version"),
        _of_listing("replaced_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_act")),
    )
    op.create_index(op.f(f"ix_{_TABLE}_listing_id"), _TABLE, ["listing_id"], unique=False)


def _of_listing(name: str) -> sa.ForeignKeyConstraint:
    """The key that keeps an act to versions of its listing."""
    return sa.ForeignKeyConstraint(
        ["listing_id", f"{name}_id"],
        ["listing_version.listing_id", "listing_version.id"],
        name=f"fk_listing_act_{name}",
    )
