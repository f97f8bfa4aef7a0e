"""Create the tables of agencies, listings with their versions, and the index change log."""

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0001_create_listing"
down_revision = None
branch_labels = None
depends_on = None


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _public_version_inline() -> list[sa.ForeignKeyConstraint]:
    # A listing and its versions refer to each other. SQLite takes a reference to a table that is
    # still to come but cannot add one later; PostgreSQL is the other way round.
    if not _is_sqlite():
        return []
    return [
        sa.ForeignKeyConstraint(
            ["id", "public_version_id"],
            ["listing_version.listing_id", "listing_version.id"],
            name=op.f("fk_listing_public_version"),
        )
    ]


def upgrade() -> None:
    op.create_table(
        "index_change",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_index_change")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_index_change_recorded_at", "index_change", ["recorded_at"])

    op.create_table(
        "industry",
        sa.Column("code", sa.String(length=1), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_industry")),
    )
    op.create_table(
        "kind",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kind")),
    )
    op.create_table(
        "purpose",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_purpose")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "(level = 'municipality') = (area_code IS NOT NULL)",
            name=op.f("ck_region_municipality_has_area"),
        ),
        sa.CheckConstraint(
            "level IN ('nation', 'pref', 'area', 'municipality')",
            name=op.f("ck_region_level_known"),
        ),
        sa.ForeignKeyConstraint(["area_code"], ["region.code"], name=op.f("fk_region_area_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kana", sa.String(length=200), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=True),
        sa.Column("approval", sa.String(length=10), nullable=False),
        sa.Column("tel", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "approval IN ('required', 'none')",
            name=op.f("ck_agency_approval_known"),
        ),
        sa.CheckConstraint(
            "level IN ('national', 'prefecture', 'municipality', 'organization')",
            name=op.f("ck_agency_level_known"),
        ),
        sa.CheckConstraint(
            "name <> ''",
            name=op.f("ck_agency_name_given"),
        ),
        sa.CheckConstraint(
            "length(code) BETWEEN 1 AND 40",
            name=op.f("ck_agency_code_length"),
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_agency_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_code")),
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("public_version_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=500), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state <> 'published' OR (public_version_id IS NOT NULL AND published_at IS NOT NULL)",
            name=op.f("ck_listing_published_has_public_version"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL",
            name=op.f("ck_listing_withdrawn_has_time"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'scheduled', 'published', 'withdrawn', 'archived')",
            name=op.f("ck_listing_state_known"),
        ),
        sa.CheckConstraint(
            "revision >= 0",
            name=op.f("ck_listing_revision_counts_up"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_listing_agency_id")),
        *_public_version_inline(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("agency_id", "source_id", name=op.f("uq_listing_agency_id_source_id")),
    )
    op.create_index("ix_listing_source_id", "listing", ["source_id"])
    op.create_index("ix_listing_state_agency_id", "listing", ["state", "agency_id"])

    op.create_table(
        "listing_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("date_state", sa.String(length=10), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("date_note", sa.String(length=500), nullable=True),
        sa.Column("eligibility", sa.Text(), nullable=True),
        sa.Column("rate", sa.String(length=200), nullable=True),
        sa.Column("amount_max_yen", sa.BigInteger(), nullable=True),
        sa.Column("how_to_apply", sa.Text(), nullable=True),
        sa.Column("apply_url", sa.String(length=2000), nullable=True),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=True),
        sa.Column("tel", sa.String(length=30), nullable=True),
        sa.Column("fax", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("past_results", sa.JSON(), nullable=False),
        sa.Column("past_budgets", sa.JSON(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(date_state = 'window') = (opens_on IS NOT NULL OR closes_on IS NOT NULL)",
            name=op.f("ck_listing_version_window_has_date"),
        ),
        sa.CheckConstraint(
            "date_state IN ('window', 'always', 'budget', 'soon', 'unknown')",
            name=op.f("ck_listing_version_date_state_known"),
        ),
        sa.CheckConstraint(
            "level IN ('national', 'prefecture', 'municipality', 'organization')",
            name=op.f("ck_listing_version_level_known"),
        ),
        sa.CheckConstraint(
            "title <> ''",
            name=op.f("ck_listing_version_title_given"),
        ),
        sa.CheckConstraint(
            "amount_max_yen >= 0",
            name=op.f("ck_listing_version_amount_not_negative"),
        ),
        sa.CheckConstraint(
            "length(body) <= 20000",
            name=op.f("ck_listing_version_body_length"),
        ),
        sa.CheckConstraint(
            "number >= 1",
            name=op.f("ck_listing_version_number_from_one"),
        ),
        sa.CheckConstraint(
            "opens_on BETWEEN '2000-01-01' AND '2100-12-31'",
            name=op.f("ck_listing_version_opens_on_plausible"),
        ),
        sa.CheckConstraint(
            "closes_on BETWEEN '2000-01-01' AND '2100-12-31'",
            name=op.f("ck_listing_version_closes_on_plausible"),
        ),
        sa.CheckConstraint(
            "opens_on <= closes_on",
            name=op.f("ck_listing_version_opens_before_closing"),
        ),
        sa.ForeignKeyConstraint(["kind"], ["kind.code"], name=op.f("fk_listing_version_kind")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_version_listing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_version")),
        sa.UniqueConstraint("listing_id", "id", name=op.f("uq_listing_version_listing_id_id")),
        sa.UniqueConstraint(
            "listing_id", "number", name=op.f("uq_listing_version_listing_id_number")
        ),
    )
    op.create_index("ix_listing_version_listing_id", "listing_version", ["listing_id"])

    if not _is_sqlite():
        op.create_foreign_key(
            "fk_listing_public_version",
            "listing",
            "listing_version",
            ["id", "public_version_id"],
            ["listing_id", "id"],
        )
    op.create_table(
        "application_round",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=60), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "opens_on BETWEEN '2000-01-01' AND '2100-12-31'",
            name=op.f("ck_application_round_opens_on_plausible"),
        ),
        sa.CheckConstraint(
            "closes_on BETWEEN '2000-01-01' AND '2100-12-31'",
            name=op.f("ck_application_round_closes_on_plausible"),
        ),
        sa.CheckConstraint(
            "opens_on <= closes_on",
            name=op.f("ck_application_round_opens_before_closing"),
        ),
        sa.CheckConstraint(
            "opens_on IS NOT NULL OR closes_on IS NOT NULL",
            name=op.f("ck_application_round_has_date"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["listing_version.id"], name=op.f("fk_application_round_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_application_round")),
    )
    op.create_table(
        "listing_event",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("venue", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "held_on BETWEEN '2000-01-01' AND '2100-12-31'",
            name=op.f("ck_listing_event_held_on_plausible"),
        ),
        sa.CheckConstraint(
            "capacity > 0",
            name=op.f("ck_listing_event_capacity_positive"),
        ),
        sa.CheckConstraint(
            "starts_at <= ends_at",
            name=op.f("ck_listing_event_starts_before_end"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["listing_version.id"], name=op.f("fk_listing_event_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_listing_event")),
    )
    op.create_table(
        "listing_version_fiscal_year",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "fiscal_year BETWEEN 1990 AND 2100",
            name=op.f("ck_listing_version_fiscal_year_fiscal_year_plausible"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["listing_version.id"],
            name=op.f("fk_listing_version_fiscal_year_version_id"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "fiscal_year", name=op.f("pk_listing_version_fiscal_year")
        ),
    )
    op.create_table(
        "listing_version_industry",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("industry_code", sa.String(length=1), nullable=False),
        sa.ForeignKeyConstraint(
            ["industry_code"],
            ["industry.code"],
            name=op.f("fk_listing_version_industry_industry_code"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["listing_version.id"],
            name=op.f("fk_listing_version_industry_version_id"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "industry_code", name=op.f("pk_listing_version_industry")
        ),
    )
    op.create_table(
        "listing_version_partner",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_listing_version_partner_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["listing_version.id"],
            name=op.f("fk_listing_version_partner_version_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "agency_id", name=op.f("pk_listing_version_partner")),
    )
    op.create_table(
        "listing_version_purpose",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("purpose_code", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["purpose_code"], ["purpose.code"], name=op.f("fk_listing_version_purpose_purpose_code")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["listing_version.id"],
            name=op.f("fk_listing_version_purpose_version_id"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "purpose_code", name=op.f("pk_listing_version_purpose")
        ),
    )
    op.create_table(
        "listing_version_region",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_listing_version_region_region_code")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["listing_version.id"],
            name=op.f("fk_listing_version_region_version_id"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "region_code", name=op.f("pk_listing_version_region")
        ),
    )
    op.create_table(
        "listing_version_region_exception",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "region_code NOT IN ('nation', 'pref')",
            name=op.f("ck_listing_version_region_exception_narrower_than_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
            name=op.f("fk_listing_version_region_exception_region_code"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["listing_version.id"],
            name=op.f("fk_listing_version_region_exception_version_id"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "region_code", name=op.f("pk_listing_version_region_exception")
        ),
    )


def downgrade() -> None:
    if not _is_sqlite():
        op.drop_constraint("fk_listing_public_version", "listing", type_="foreignkey")
    op.drop_table("listing_version_region_exception")
    op.drop_table("listing_version_region")
    op.drop_table("listing_version_purpose")
    op.drop_table("listing_version_partner")
    op.drop_table("listing_version_industry")
    op.drop_table("listing_version_fiscal_year")
    op.drop_table("listing_event")
    op.drop_table("application_round")
    op.drop_index("ix_listing_version_listing_id", "listing_version")

    op.drop_table("listing_version")
    op.drop_index("ix_listing_state_agency_id", "listing")
    op.drop_index("ix_listing_source_id", "listing")

    op.drop_table("listing")
    op.drop_table("agency")
    op.drop_table("region")
    op.drop_table("purpose")
    op.drop_table("kind")
    op.drop_table("industry")
    op.drop_index("ix_index_change_recorded_at", "index_change")

    op.drop_table("index_change")
