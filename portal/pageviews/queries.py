"""Reads of what was counted that more than one page asks for."""

from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.pageviews.models import DailyPageView


def has_samples(session: Session, first_day: date, last_day: date) -> bool:
    """Whether a demo made up any of what was counted on these days in Japan, both included.

    Pages and files that tell of such days say 見本.
    """
    made_up = exists().where(
        DailyPageView.viewed_on.between(first_day, last_day), DailyPageView.is_sample
    )
    return bool(session.scalar(select(made_up)))


def first_counted_on(session: Session) -> date | None:
    """The first day in Japan of which anything was counted; None before that."""
    return session.scalar(select(func.min(DailyPageView.viewed_on)))


def has_any(session: Session) -> bool:
    """Whether any request was counted yet."""
    return bool(session.scalar(select(exists(select(DailyPageView.viewed_on)))))
