"""The tables of last runs and of wishes."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, UtcDateTime

LONGEST_DETAIL = 500


class JobRun(Base):
    """The last run of a job. A job that every host does for itself has one for each place."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[str] = mapped_column(String(200), primary_key=True)
    """Which host and data folder; empty for a job that is done once for all."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None while it runs, and for ever if it was killed."""
    is_failed: Mapped[bool] = mapped_column(default=False)
    detail: Mapped[str] = mapped_column(String(LONGEST_DETAIL), default="")
    """What it did, or why it could not."""


class JobRequest(Base):
    """Somebody wants a job to run soon: the last such wish. Runs that began later have met it."""

    __tablename__ = "job_request"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
