"""Create the tables of what is counted, and of yearly reports."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from portal.db import UtcDateTime

revision = "0029_create_page_view"
down_revision = "0028_add_conditions"
branch_labels = None
depends_on = None

_PAGES = (
    *("home", "search", "listing", "listing_more", "agency", "ranking", "check", "consultation"),
    *("comparison", "favorites", "alerts", "account", "guide", "unknown"),
)
_CLASSES = ("human", "bot", "staff", "prefetch", "monitor", "other")
_DEVICES, _CLICKS = ("phone", "tablet", "desktop"), ("apply", "contact", "site")
_FORMATS = ("csv", "xlsx", "pdf", "json")


def upgrade() -> None:
    _create_counts()
    _create_spool()
    _create_reports()


def downgrade() -> None:
    for table in (
        *("closed_report_file", "closed_year", "taken_over_title", "yearly_cost"),
        *("imported_page_view", "spool_place", "spooled_line", "spool_file"),
        *("daily_click", "daily_search_visit", "daily_search", "search_condition"),
        "daily_page_view",
    ):
        op.drop_table(table)


def _create_counts() -> None:
    _create(
        "daily_page_view",
        (
            sa.Column("viewed_on", sa.Date(), nullable=False),
            _text("view_class", 10),
            _text("page_kind", 20),
            _number("listing_id"),
            _number("version_id"),
            _text("device", 10),
            sa.Column("is_sample", sa.Boolean(), server_default=sa.false(), nullable=False),
            _number("views"),
        ),
        7,
        page_kind_known=_one_of("page_kind", _PAGES),
        view_class_known=_one_of("view_class", _CLASSES),
        device_known=_one_of("device", _DEVICES),
        views_counted="views >= 1",
        version_of_listing="(listing_id = 0) = (version_id = 0)",
    )
    _index("daily_page_view", "listing_id", "viewed_on")
    op.create_table(
        "search_condition",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("conditions", 1000),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_condition")),
        sa.UniqueConstraint("conditions", name=op.f("uq_search_condition_conditions")),
    )
    _create(
        "daily_search",
        (
            sa.Column("searched_on", sa.Date(), nullable=False),
            _number("condition_id"),
            _number("searches"),
            _number("without_hits"),
            _number("with_few_hits"),
            _refers("daily_search", "condition_id", "search_condition.id"),
        ),
        2,
        searches_counted="searches >= 1",
        little_is_part_of_all=(
            "without_hits >= 0 AND with_few_hits >= 0 AND without_hits + with_few_hits <= searches"
        ),
    )
    _create(
        "daily_search_visit",
        (
            sa.Column("visited_on", sa.Date(), nullable=False),
            _number("listing_id"),
            _number("condition_id"),
            _number("visits"),
            _refers("daily_search_visit", "condition_id", "search_condition.id"),
        ),
        3,
        visits_counted="visits >= 1",
    )
    _index("daily_search_visit", "listing_id", "visited_on")
    _create(
        "daily_click",
        (
            sa.Column("clicked_on", sa.Date(), nullable=False),
            _number("listing_id"),
            _text("click_kind", 10),
            _number("clicks"),
        ),
        3,
        click_kind_known=_one_of("click_kind", _CLICKS),
        clicks_counted="clicks >= 1",
    )
    _index("daily_click", "listing_id", "clicked_on")


def _create_spool() -> None:
    _create(
        "spool_file",
        (
            _text("name", 100),
            _text("place", 200),
            sa.Column("consumed_bytes", sa.BigInteger(), nullable=False),
            _number("lines"),
            _number("damaged_lines"),
            _number("cut_bytes"),
            sa.Column("last_on", sa.Date(), nullable=True),
            _text("bot_list", 60),
            sa.Column("archived_at", UtcDateTime(), nullable=True),
            sa.Column("sha256", sa.String(length=64), nullable=True),
        ),
        1,
        consumed_from_start="consumed_bytes >= 0",
        archive_is_summed="(sha256 IS NULL) = (archived_at IS NULL)",
        sum_is_hash="length(sha256) = 64",
    )
    _index("spool_file", "place")
    _create(
        "spooled_line",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("written_at", UtcDateTime(), nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.Column("is_counted", sa.Boolean(), server_default=sa.false(), nullable=False),
        ),
        1,
    )
    _index("spooled_line", "is_counted")
    _create(
        "spool_place",
        (
            _text("place", 200),
            sa.Column("counted_until", UtcDateTime(), nullable=False),
            _text("bot_list", 60),
        ),
        1,
    )
    _create(
        "imported_page_view",
        (
            _number("fiscal_year"),
            _number("month"),
            _number("views"),
            sa.Column("imported_at", UtcDateTime(), nullable=False),
        ),
        2,
        month_of_year="month BETWEEN 0 AND 12",
        fiscal_year_plausible="fiscal_year BETWEEN 2000 AND 2100",
        views_not_negative="views >= 0",
    )


def _create_reports() -> None:
    _create(
        "yearly_cost",
        (
            _number("fiscal_year"),
            sa.Column("cost_yen", sa.BigInteger(), nullable=False),
            sa.Column("set_at", UtcDateTime(), nullable=False),
        ),
        1,
        cost_year_plausible="fiscal_year BETWEEN 2000 AND 2100",
        cost_plausible="cost_yen BETWEEN 0 AND 1000000000000",
    )
    _create(
        "taken_over_title",
        (_number("fiscal_year"), _number("position"), _text("title", 200)),
        2,
        position_from_one="position >= 1",
    )
    _create(
        "closed_year",
        (
            _number("fiscal_year"),
            sa.Column("closed_at", UtcDateTime(), nullable=False),
            _text("closed_by", 200),
        ),
        1,
        closed_year_plausible="fiscal_year BETWEEN 2000 AND 2100",
    )
    _create(
        "closed_report_file",
        (
            _number("fiscal_year"),
            _text("format", 4),
            sa.Column("content", sa.LargeBinary(), nullable=False),
            _text("sha256", 64),
            _refers("closed_report_file", "fiscal_year", "closed_year.fiscal_year"),
        ),
        2,
        format_known=_one_of("format", _FORMATS),
        file_is_summed="length(sha256) = 64",
    )


def _create(
    table: str, items: Sequence[sa.Column[object] | sa.Constraint], of_key: int, **rules: str
) -> None:
    """A table whose first columns, so many, are its key."""
    key = [item.name for item in items[:of_key] if isinstance(item, sa.Column)]
    op.create_table(
        table,
        *items,
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
            for name, condition in rules.items()
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=False)


def _one_of(column: str, codes: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"
