"""Create the append-only table of audit events.

The database itself refuses what would change an event, and what would not continue the chain.
"""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0005_create_audit_event"
down_revision = "0004_reorder_listing_index"
branch_labels = None
depends_on = None

# INSERT OR REPLACE deletes without asking the trigger of DELETE, but asks that of INSERT first.
_SQLITE = (
    """CREATE TRIGGER audit_event_refuse_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
    """CREATE TRIGGER audit_event_refuse_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
    """CREATE TRIGGER audit_event_continue_chain BEFORE INSERT ON audit_event
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_event)
      OR NEW.previous_hash IS NOT coalesce(
          (SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1), printf('%064d', 0))
    BEGIN SELECT RAISE(ABORT, 'audit_event: this event does not follow the last one'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION audit_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit_event is append-only';
    END $$""",
    """CREATE FUNCTION audit_event_continue_chain() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        last record;
    BEGIN
        SELECT seq, hash INTO last FROM audit_event ORDER BY seq DESC LIMIT 1;
        IF NEW.seq <> coalesce(last.seq, 0) + 1
            OR NEW.previous_hash <> coalesce(last.hash, repeat('0', 64)) THEN
            RAISE EXCEPTION 'audit_event: this event does not follow the last one';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER audit_event_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse_change()""",
    """CREATE TRIGGER audit_event_continue_chain BEFORE INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_continue_chain()""",
)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_label", sa.String(length=254), nullable=False),
        sa.Column("actor_role", sa.String(length=20), nullable=False),
        sa.Column("agency_code", sa.String(length=40), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("target_type", sa.String(length=40), nullable=True),
        sa.Column("target_id", sa.String(length=100), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_event_seq_from_one")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_audit_event_hash_length")),
        sa.CheckConstraint(
            "length(previous_hash) = 64", name=op.f("ck_audit_event_previous_hash_length")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    op.create_index("ix_audit_event_action_seq", "audit_event", ["action", "seq"])
    op.create_index("ix_audit_event_actor_id_seq", "audit_event", ["actor_id", "seq"])
    op.create_index("ix_audit_event_agency_code_seq", "audit_event", ["agency_code", "seq"])
    op.create_index(
        "ix_audit_event_target_type_target_id_seq",
        "audit_event",
        ["target_type", "target_id", "seq"],
    )
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_event")
    if not _is_sqlite():
        op.execute("DROP FUNCTION audit_event_continue_chain()")
        op.execute("DROP FUNCTION audit_event_refuse_change()")
