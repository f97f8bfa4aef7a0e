"""Table of agencies."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, one_of
from portal.mail_address import LONGEST_ADDRESS

LONGEST_CODE = 40
LONGEST_NAME = 100
LONGEST_KANA = 200
LONGEST_DEPARTMENT = 100
LONGEST_TEL = 30
LONGEST_URL = 2_000


class Level(StrEnum):
    """Who stands behind a listing or an agency."""

    NATIONAL = "national"
    PREFECTURE = "prefecture"
    MUNICIPALITY = "municipality"
    ORGANIZATION = "organization"


class Approval(StrEnum):
    """Whether a listing of the agency needs somebody's approval before it is published."""

    REQUIRED = "required"
    NONE = "none"


class Agency(Base):
    """A body that offers support. ``code`` is its stable name outside (URL, import, API)."""

    __tablename__ = "agency"
    __table_args__ = (
        CheckConstraint(one_of("level", Level), name="level_known"),
        CheckConstraint(one_of("approval", Approval), name="approval_known"),
        CheckConstraint(f"length(code) BETWEEN 1 AND {LONGEST_CODE}", name="code_length"),
        CheckConstraint("name <> ''", name="name_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(LONGEST_CODE), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kana: Mapped[str | None] = mapped_column(String(LONGEST_KANA))
    level: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    approval: Mapped[str] = mapped_column(String(10), default=Approval.REQUIRED)
    department: Mapped[str | None] = mapped_column(String(LONGEST_DEPARTMENT))
    """Who answers under ``tel`` and ``email``, such as 商工振興課."""
    tel: Mapped[str | None] = mapped_column(String(LONGEST_TEL))
    email: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    url: Mapped[str | None] = mapped_column(String(LONGEST_URL))
    section_mailbox: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    """Receives the reminders for the agency. It belongs to a section and to nobody, so it stays
    when people move in April; the public does not see it."""
