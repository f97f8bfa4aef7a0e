"""Create the table of messages, and let attempts count them.

The table of attempts is made anew, as SQLite cannot change what a column may hold: failed attempts
of the last day are forgotten.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0017_create_message"
down_revision = "0016_create_site_notice"
branch_labels = None
depends_on = None

_TABLE, _ATTEMPT = "message", "sign_in_attempt"
_KINDS = ("password", "second_factor", "password_reset", "address_check")
_TOPICS = (
    *("dates", "conditions", "contact", "link", "over"),
    *("use", "account", "access", "privacy", "other"),
)
_STATES = ("open", "answered", "closed")


def _one_of(column: str, codes: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


_RULES = (
    ("topic_known", _one_of("topic", _TOPICS)),
    ("state_known", _one_of("state", _STATES)),
    ("about_listing_of_agency", "(listing_id IS NULL) = (agency_id IS NULL)"),
    ("text_length", "length(text) <= 2000"),
    ("reply_to_given", "reply_to <> ''"),
    ("handled_has_time", "(state = 'open') = (handled_at IS NULL)"),
    ("answer_length", "length(answer) <= 2000"),
    ("answered_has_answer", "(state = 'answered') = (answer <> '')"),
)


def upgrade() -> None:
    op.drop_table(_ATTEMPT)
    _create_attempts((*_KINDS, "message"))
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=12), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=True),
        *(_check(_TABLE, name, rule) for name, rule in _RULES),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f(f"fk_{_TABLE}_listing_id")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f(f"fk_{_TABLE}_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{_TABLE}_agency_id_state", _TABLE, ["agency_id", "state"], unique=False)
    for column in ("created_at", "listing_id"):
        op.create_index(op.f(f"ix_{_TABLE}_{column}"), _TABLE, [column], unique=False)


def downgrade() -> None:
    op.drop_table(_TABLE)
    op.drop_table(_ATTEMPT)
    _create_attempts(_KINDS)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _create_attempts(kinds: Sequence[str]) -> None:
    op.create_table(
        _ATTEMPT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        _check(_ATTEMPT, "kind_known", _one_of("kind", kinds)),
        _check(_ATTEMPT, "account_is_hashed", "length(account) = 64"),
        _check(_ATTEMPT, "device_is_hashed", "length(device) = 64"),
        _check(_ATTEMPT, "network_is_hashed", "length(network) = 64"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_ATTEMPT}")),
    )
    for columns in (["kind", "account", "device", "at"], ["kind", "at"], ["kind", "network", "at"]):
        name = f"ix_{_ATTEMPT}_{'_'.join(columns)}"
        op.create_index(name, _ATTEMPT, columns, unique=False)
