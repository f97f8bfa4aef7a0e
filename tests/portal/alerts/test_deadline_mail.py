"""Deadlines of favourites: which day, once, and one mail for all of them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from portal.alerts import deadline_mail, settings
from portal.alerts.deadlines import Kept, Notice, find_notices
from portal.alerts.favorite_models import DeadlineNotice
from portal.alerts.timing import instant_of
from portal.clock import JAPAN, Clock
from portal.db import write_transaction
from portal.extensions import Resources
from portal.jobs import alert_jobs
from portal.listings.date_state import Window
from tests.accounts import make_user
from tests.conftest import NOW
from tests.each import each
from tests.factories import publish_and_index
from tests.portal.alerts.alert_pages import run, waiting
from tests.portal.alerts.favorites import change, keep, withdraw
from tests.portal.alerts.test_news import Published
from tests.racing import JustBeforeWriting, race

JOB = "deadline-mail"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CLOSES_ON = date(2026, 12, 18)
"""28 days after the present of the tests."""


def on(days_left: int) -> date:
    return CLOSES_ON - timedelta(days=days_left)


def at(days_left: int, hour: int = 8) -> datetime:
    return instant_of(on(days_left)) + timedelta(hours=hour - 8)


@dataclass(frozen=True)
class Case:
    """A favourite, and on how many days before its deadline it is told of."""

    called: str
    told: tuple[int, ...]
    saved_at: datetime = LONG_AGO
    changed_at: datetime = LONG_AGO
    opens_on: date | None = None
    date_state: str = "window"


CASES = [
    # If the job runs each day, as below, nothing is left to be made up for.
    Case("saved long ago", (14, 3)),
    Case("saved on the morning of the day", (14, 3), saved_at=at(14)),
    Case("saved a second later", (3,), saved_at=at(14) + timedelta(seconds=1)),
    Case("saved in the last days", (), saved_at=at(3) + timedelta(seconds=1)),
    Case("opens in the last fortnight", (3,), opens_on=on(13)),
    Case("opens on the day", (14, 3), opens_on=on(14)),
    Case("without a window", (), date_state="always"),
]


@each("case", CASES, called=lambda case: case.called)
def test_day_of_a_mail(case: Case) -> None:
    has_window = case.date_state == "window"
    listing = Published(
        date_state=case.date_state,
        opens_on=case.opens_on,
        closes_on=CLOSES_ON if has_window else None,
    )
    kept = Kept(1, listing, case.saved_at, case.changed_at)
    told: set[Notice] = set()
    days = []
    for left in range(40, -5, -1):
        new = set(find_notices([kept], today=on(left))) - told
        days += [left] * len(new)
        told |= new
    assert tuple(days) == case.told


@each("missed", [(14, 1), (14, 2), (3, 1), (3, 2)])
def test_missed_day_is_made_up_for_unless_something_changed(missed: tuple[int, int]) -> None:
    days_before, late = missed
    listing = Published(date_state="window", closes_on=CLOSES_ON)
    today = on(days_before - late)
    expected = (Notice(1, CLOSES_ON, days_before),)
    unchanged = Kept(1, listing, LONG_AGO, at(days_before))
    changed = Kept(1, listing, LONG_AGO, at(days_before) + timedelta(seconds=1))
    just_saved = Kept(1, listing, at(days_before) + timedelta(seconds=1), LONG_AGO)
    assert find_notices([unchanged], today=today) == expected
    assert find_notices([changed], today=today) == ()
    assert find_notices([just_saved], today=today) == ()
    assert find_notices([unchanged], today=today + timedelta(days=3 - late)) == ()


def test_next_round_is_told_as_well() -> None:
    rounds = (Window(CLOSES_ON + timedelta(days=1), CLOSES_ON + timedelta(days=60)),)
    listing = Published(date_state="window", closes_on=CLOSES_ON, rounds=rounds)
    days = range(0, 100)
    told = [
        notice.days_before
        for day in days
        for notice in find_notices(
            [Kept(1, listing, LONG_AGO, LONG_AGO)], today=on(40) + timedelta(days=day)
        )
        if (notice.closes_on - on(40) - timedelta(days=day)).days == notice.days_before
    ]
    assert told == [14, 3, 14, 3]


def test_member_gets_one_mail_a_day_with_all_that_are_due(held: Resources) -> None:
    window = {"date_state": "window", "closes_on": CLOSES_ON, "tel": "017-000-0000"}
    first = publish_and_index(held, title="雪の補助金", amount_max_yen=500_000, **window)
    second = publish_and_index(held, title="屋根の補助金", **window)
    gone = publish_and_index(held, title="終わる補助金", **window)
    moved = publish_and_index(held, title="延びる補助金", **window)
    owner, other = (make_user(held, f"{name}@firm.example.jp") for name in ("owner", "other"))
    keep(held, owner, first, second, gone, moved)
    keep(held, other, first)
    withdraw(held, gone)
    change(held, moved, closes_on=CLOSES_ON + timedelta(days=30))
    with write_transaction(held.sessions) as session:
        settings.choose(session, other, deadline_mails=False, now=NOW)
    for left in range(28, -2, -1):
        for hour in (8, 12):
            run(held, JOB, at=at(left, hour))
    mails = waiting(held)
    assert [(mail.to, mail.listing_ids) for mail in mails] == [
        ("owner@firm.example.jp", [first, second])
    ] * 2
    assert mails[0].subject == "【あおビズサーチ】締切が近づいています: 雪の補助金 ほか1件"
    wanted = ("12月18日（金）まで・あと14日", "50万円", "017-000-0000", "青森県")
    for words in wanted:
        assert words in mails[0].text
        assert words in mails[0].html
    assert "あと3日" in mails[1].text
    assert mails[0].unsubscribe == f"<{held.settings.base_url}{mails[0].stop}>"


def test_deadline_that_moves_is_told_anew_and_turned_on_mails_tell_nothing_old(
    held: Resources,
) -> None:
    listing = publish_and_index(held, date_state="window", closes_on=CLOSES_ON)
    owner = make_user(held)
    keep(held, owner, listing)
    run(held, JOB, at=at(14))
    change(held, listing, at=at(13), closes_on=CLOSES_ON + timedelta(days=7))
    with write_transaction(held.sessions) as session:
        settings.choose(session, owner, deadline_mails=False, now=at(8))
    run(held, JOB, at=at(7))
    with write_transaction(held.sessions) as session:
        settings.choose(session, owner, deadline_mails=True, now=at(7, 12))
    for left in range(7, -8, -1):
        run(held, JOB, at=at(left, 13))
    with held.sessions() as session:
        told = session.scalars(select(DeadlineNotice).order_by(DeadlineNotice.told_at)).all()
    assert [(row.days_before, row.told_at.astimezone(JAPAN).date()) for row in told] == [
        (14, on(14)),
        (3, on(-4)),
    ]


def test_two_who_run_at_once_tell_once(held: Resources) -> None:
    listing = publish_and_index(held, date_state="window", closes_on=CLOSES_ON)
    for number in range(2):
        keep(held, make_user(held, f"owner{number}@firm.example.jp"), listing)
    context = replace(held.job_context(), clock=Clock(at(14)))
    race(held.sessions, [lambda: alert_jobs.mail_deadlines(context)] * 2)
    assert [mail.to for mail in waiting(held)] == [f"owner{n}@firm.example.jp" for n in range(2)]


def test_what_is_withdrawn_while_the_job_runs_is_not_told(held: Resources) -> None:
    window = {"date_state": "window", "closes_on": CLOSES_ON}
    gone, stays = (publish_and_index(held, title=title, **window) for title in ("消える", "残る"))
    keep(held, make_user(held), gone, stays, at=LONG_AGO)
    context = replace(held.job_context(), clock=Clock(at(14)))
    round_ = alert_jobs.member_round(context)
    sessions = JustBeforeWriting(held.sessions, lambda: withdraw(held, gone))
    assert deadline_mail.tell_due(replace(round_, sessions=sessions)).mailed == 1
    (mail,) = waiting(held)
    assert mail.listing_ids == [stays]
