"""Table of agencies."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, one_of


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
        CheckConstraint("length(code) BETWEEN 1 AND 40", name="code_length"),
        CheckConstraint("name <> ''", name="name_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    kana: Mapped[str | None] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    approval: Mapped[str] = mapped_column(String(10), default=Approval.REQUIRED)
    tel: Mapped[str | None] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(254))
    url: Mapped[str | None] = mapped_column(String(2000))
