"""What a yearly report needs beside what was counted, and the reports of years that are closed."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime, one_of
from portal.pageviews.models import HASH_LENGTH
from portal.reports.yearly import ReportFormat

LONGEST_TITLE = 200
LONGEST_NAME = 200


def _plausible_year(name: str) -> CheckConstraint:
    return CheckConstraint("fiscal_year BETWEEN 2000 AND 2100", name=name)


class YearlyCost(Base):
    """What the programme cost in a fiscal year."""

    __tablename__ = "yearly_cost"
    __table_args__ = (
        _plausible_year("cost_year_plausible"),
        CheckConstraint("cost_yen BETWEEN 0 AND 1000000000000", name="cost_plausible"),
    )

    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cost_yen: Mapped[int] = mapped_column(BigInteger)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TakenOverTitle(Base):
    """What a predecessor of this portal published as viewed most, without counts."""

    __tablename__ = "taken_over_title"
    __table_args__ = (CheckConstraint("position >= 1", name="position_from_one"),)

    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))


class ClosedYear(Base):
    """A fiscal year whose report is final."""

    __tablename__ = "closed_year"
    __table_args__ = (_plausible_year("closed_year_plausible"),)

    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[str] = mapped_column(String(LONGEST_NAME))
    """Who did it, as the report says."""


class ClosedReportFile(Base):
    """A file of the report of a closed year, as it is given out from then on."""

    __tablename__ = "closed_report_file"
    __table_args__ = (
        CheckConstraint(one_of("format", ReportFormat), name="format_known"),
        CheckConstraint(f"length(sha256) = {HASH_LENGTH}", name="file_is_summed"),
    )

    fiscal_year: Mapped[int] = mapped_column(
        ForeignKey("closed_year.fiscal_year"), primary_key=True, autoincrement=False
    )
    format: Mapped[str] = mapped_column(String(4), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(HASH_LENGTH))
