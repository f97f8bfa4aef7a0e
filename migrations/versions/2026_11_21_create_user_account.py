"""Create the tables of users and of signing in."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0007_create_user_account"
down_revision = "0006_create_outgoing_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_users()
    _create_sign_in()


def _create_users() -> None:
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_folded", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_changed_at", UtcDateTime(), nullable=False),
        sa.Column("totp_secret", sa.String(length=200), nullable=True),
        sa.Column("totp_enrolled_at", UtcDateTime(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_sign_in_at", UtcDateTime(), nullable=True),
        sa.Column("previous_sign_in_at", UtcDateTime(), nullable=True),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "email <> '' AND email_folded <> ''", name=op.f("ck_user_account_email_given")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_user_account_name_given")),
        sa.CheckConstraint(
            "password_hash LIKE '$argon2id$%'", name=op.f("ck_user_account_password_is_hashed")
        ),
        sa.CheckConstraint(
            "role <> 'member' OR agency_id IS NULL",
            name=op.f("ck_user_account_member_has_no_agency"),
        ),
        sa.CheckConstraint(
            "role IN ('member', 'staff', 'approver', 'admin')",
            name=op.f("ck_user_account_role_known"),
        ),
        sa.CheckConstraint(
            "role NOT IN ('staff', 'approver') OR agency_id IS NOT NULL",
            name=op.f("ck_user_account_staff_has_agency"),
        ),
        sa.CheckConstraint(
            "(totp_secret IS NULL) = (totp_enrolled_at IS NULL)",
            name=op.f("ck_user_account_totp_all_or_nothing"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_user_account_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email_folded", name=op.f("uq_user_account_email_folded")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_user_account_agency_id"), "user_account", ["agency_id"], unique=False)
    op.create_index(op.f("ix_user_account_role"), "user_account", ["role"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("length(code_hash) = 64", name=op.f("ck_recovery_code_code_is_hashed")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_recovery_code_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_recovery_code")),
    )


def _create_sign_in() -> None:
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_user_session_expires_later")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_user_session_token_is_hashed")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_user_session_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_user_session_expires_at"), "user_session", ["expires_at"], unique=False
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "known_device",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("trusted_until", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(device_hash) = 64", name=op.f("ck_known_device_device_is_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_known_device_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "device_hash", name=op.f("pk_known_device")),
    )
    op.create_index(
        op.f("ix_known_device_trusted_until"), "known_device", ["trusted_until"], unique=False
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('password', 'second_factor', 'password_reset')",
            name=op.f("ck_sign_in_attempt_kind_known"),
        ),
        sa.CheckConstraint(
            "length(account) = 64", name=op.f("ck_sign_in_attempt_account_is_hashed")
        ),
        sa.CheckConstraint("length(device) = 64", name=op.f("ck_sign_in_attempt_device_is_hashed")),
        sa.CheckConstraint(
            "length(network) = 64", name=op.f("ck_sign_in_attempt_network_is_hashed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(
        "ix_sign_in_attempt_kind_account_device_at",
        "sign_in_attempt",
        ["kind", "account", "device", "at"],
        unique=False,
    )
    op.create_index("ix_sign_in_attempt_kind_at", "sign_in_attempt", ["kind", "at"], unique=False)
    op.create_index(
        "ix_sign_in_attempt_kind_network_at",
        "sign_in_attempt",
        ["kind", "network", "at"],
        unique=False,
    )
    op.create_table(
        "one_time_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('password_reset', 'invitation')",
            name=op.f("ck_one_time_token_purpose_known"),
        ),
        sa.CheckConstraint(
            "role IN ('member', 'staff', 'approver', 'admin')",
            name=op.f("ck_one_time_token_role_known"),
        ),
        sa.CheckConstraint(
            "(email IS NULL) = (role IS NULL)", name=op.f("ck_one_time_token_address_has_role")
        ),
        sa.CheckConstraint(
            "(user_id IS NULL) = (email IS NOT NULL)",
            name=op.f("ck_one_time_token_for_user_or_address"),
        ),
        sa.CheckConstraint(
            "agency_id IS NULL OR role IS NOT NULL", name=op.f("ck_one_time_token_agency_has_role")
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_one_time_token_expires_later")),
        sa.CheckConstraint(
            "length(token_hash) = 64", name=op.f("ck_one_time_token_token_is_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_one_time_token_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_one_time_token_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_token_token_hash")),
    )
    op.create_index(
        op.f("ix_one_time_token_expires_at"), "one_time_token", ["expires_at"], unique=False
    )
    op.create_index(op.f("ix_one_time_token_user_id"), "one_time_token", ["user_id"], unique=False)


def downgrade() -> None:
    for table in (
        *("one_time_token", "sign_in_attempt", "known_device", "user_session"),
        *("recovery_code", "user_account"),
    ):
        op.drop_table(table)
