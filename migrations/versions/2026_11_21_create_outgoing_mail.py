"""Create the table of outgoing mail."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0006_create_outgoing_mail"
down_revision = "0005_create_audit_event"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed')", name=op.f("ck_outgoing_mail_state_known")
        ),
        sa.CheckConstraint(
            "state = 'waiting' OR (text = '' AND html = '')",
            name=op.f("ck_outgoing_mail_bodies_emptied"),
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)",
            name=op.f("ck_outgoing_mail_sent_has_time"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outgoing_mail_attempts_count_up")),
        sa.CheckConstraint("recipient <> ''", name=op.f("ck_outgoing_mail_recipient_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mail_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outgoing_mail_created_at", "outgoing_mail", ["created_at"])
    op.create_index("ix_outgoing_mail_state_not_before", "outgoing_mail", ["state", "not_before"])


def downgrade() -> None:
    op.drop_table("outgoing_mail")
