"""What is asked of the counts: whether a demo made any of them up."""

from datetime import date, timedelta

from sqlalchemy.orm import Session, sessionmaker

from portal.pageviews.kinds import ViewClass
from portal.pageviews.queries import has_samples
from tests.factories import make_views

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
ONE_DAY = timedelta(days=1)


def test_days_have_samples_from_the_first_that_was_made_up(
    database: sessionmaker[Session],
) -> None:
    with database() as session:
        make_views(session, on=FIRST, views=5)
        make_views(session, on=FIRST - ONE_DAY, is_sample=True)
        make_views(session, on=LAST + ONE_DAY, is_sample=True)
        assert not has_samples(session, FIRST, LAST)
        assert has_samples(session, FIRST - ONE_DAY, LAST)
        make_views(session, on=LAST, view_class=ViewClass.BOT, is_sample=True)
        assert has_samples(session, FIRST, LAST)
        assert has_samples(session, LAST, LAST)
        assert not has_samples(session, FIRST, LAST - ONE_DAY)
