"""Create the table of saved searches, let attempts count those who ask for their mail, and keep
with a mail where one unsubscribes.

The table of attempts is made anew, as SQLite cannot change what a column may hold: failed attempts
of the last day are forgotten.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0026_create_saved_search"
down_revision = "0025_create_favorite"
branch_labels = None
depends_on = None

_TABLE, _ATTEMPT, _MAIL = "saved_search", "sign_in_attempt", "outgoing_mail"
_KINDS = ("password", "second_factor", "password_reset", "address_check", "message")
_FREQUENCIES, _STATES = ("at_once", "daily", "weekly"), ("requested", "active", "stopped")


def _one_of(column: str, codes: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


_RULES = (
    ("frequency_known", _one_of("frequency", _FREQUENCIES)),
    ("alert_state_known", _one_of("state", _STATES)),
    ("one_owner", "(user_id IS NULL) <> (address IS NULL)"),
    ("address_folded", "(address IS NULL) = (address_folded IS NULL)"),
    ("criteria_are_hashed", "length(criteria_digest) = 64"),
    ("criteria_length", "length(criteria) <= 4000"),
    ("active_is_due", "(state = 'active') = (due_at IS NOT NULL)"),
    ("watched_once_confirmed", "(state = 'requested') = (watched_from IS NULL)"),
    ("stopped_has_time", "(state = 'stopped') = (stopped_at IS NOT NULL)"),
)


def upgrade() -> None:
    op.drop_table(_ATTEMPT)
    _create_attempts((*_KINDS, "alert"))
    rule = _check(_MAIL, "unsubscribe_url_emptied", "unsubscribe_url IS NULL OR state = 'waiting'")
    op.add_column(_MAIL, sa.Column("unsubscribe_url", sa.String(length=500), rule, nullable=True))
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("address_folded", sa.String(length=254), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("criteria_digest", sa.String(length=64), nullable=False),
        sa.Column("frequency", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        *(
            sa.Column(name, UtcDateTime(), nullable=True)
            for name in ("watched_from", "stopped_at", "due_at")
        ),
        sa.Column("looked_seq", sa.Integer(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.Column("understood_as", sa.String(length=40), nullable=False),
        sa.Column("known", sa.Text(), nullable=True),
        sa.Column("awaited", sa.Text(), nullable=False),
        sa.Column("excluded", sa.Text(), nullable=False),
        *(_check(_TABLE, name, rule) for name, rule in _RULES),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f(f"fk_{_TABLE}_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        *(
            sa.UniqueConstraint(
                owner, "criteria_digest", name=op.f(f"uq_{_TABLE}_{owner}_criteria_digest")
            )
            for owner in ("user_id", "address_folded")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{_TABLE}_state_frequency_due_at", _TABLE, ["state", "frequency", "due_at"])
    op.create_index(op.f(f"ix_{_TABLE}_requested_at"), _TABLE, ["requested_at"])


def downgrade() -> None:
    op.drop_table(_TABLE)
    op.drop_column(_MAIL, "unsubscribe_url")
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
