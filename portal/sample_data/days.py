"""What a demo's yearly report, ranking and statistics have to show: made-up requests for pages.

They follow from the day alone, so the same demo makes the same again. More people come on working
days, during office hours and when the year's programmes begin; beside them come what page views
leave out: bots, monitors, staff, prefetches and requests that no page was shown for.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from portal.clock import JAPAN
from portal.pageviews.kinds import Device, OtherReason, PageKind, RequestClass
from portal.sample_data.visits import (
    Choice,
    Offer,
    SampleLine,
    SampleListing,
    SampleSearch,
    Visitor,
    visit,
)

VISITS_A_DAY = 14.5
"""On average of a year; about 12,000 page views come of them."""

# From January on, and from Monday on, against the average.
_BY_MONTH = (0.85, 1.1, 1.2, 1.35, 1.2, 1.1, 0.95, 0.75, 0.95, 1.0, 0.9, 0.65)
_BY_WEEKDAY = (1.3, 1.25, 1.2, 1.2, 1.15, 0.5, 0.4)
_SATURDAY = 5

_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
BROWSERS = {
    Device.PHONE: (
        f"{_PHONE} (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36",
    ),
    Device.TABLET: (
        "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
        " (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    ),
    Device.DESKTOP: (
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36 Edg/142.0.0.0",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
        " (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    ),
}
_OFFICE_PC = BROWSERS[Device.DESKTOP][0]
_BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
)
_MONITOR = "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)"

_OFFICE_HOURS = Choice(range(7, 23), (3, 6, 12, 14, 12, 9, 11, 12, 12, 11, 8, 4, 4, 5, 4, 2))
_FREE_HOURS = Choice(range(7, 23), (2, 4, 7, 9, 9, 8, 8, 8, 8, 7, 7, 7, 8, 10, 9, 6))
_OFFICE_DEVICES = Choice(tuple(Device), (34, 5, 61))
_FREE_DEVICES = Choice(tuple(Device), (69, 9, 22))


def make_lines(
    listings: Sequence[SampleListing],
    searches: Sequence[SampleSearch],
    first_day: date,
    last_day: date,
) -> Iterator[SampleLine]:
    """Requests of all days from the first to the last, both included, in the order of their
    instants. A listing is looked at from the day on that it was published; nothing is made where
    the last day comes before the first."""
    for number in range((last_day - first_day).days + 1):
        day = first_day + timedelta(days=number)
        yield from sorted(_lines_of(day, _offer(listings, searches, day)), key=_instant)


def _instant(line: SampleLine) -> datetime:
    return line[1].at


def _offer(listings: Sequence[SampleListing], searches: Sequence[SampleSearch], day: date) -> Offer:
    shown = [listing for listing in listings if listing.published_on <= day]
    made = [search for search in searches if day.month in search.months]
    return Offer(
        Choice(shown, [listing.weight for listing in shown]),
        Choice(made, [search.weight for search in made]),
    )


def _lines_of(day: date, offer: Offer) -> Iterator[SampleLine]:
    rng = Random(day.isoformat())  # noqa: S311  (made-up visits, no secrets)
    is_free = day.weekday() >= _SATURDAY
    hours = _FREE_HOURS if is_free else _OFFICE_HOURS
    devices = _FREE_DEVICES if is_free else _OFFICE_DEVICES
    expected = VISITS_A_DAY * _BY_MONTH[day.month - 1] * _BY_WEEKDAY[day.weekday()]
    for _ in range(round(expected * rng.uniform(0.75, 1.25))):
        device = devices.take(rng)
        agent = rng.choice(BROWSERS[device])
        visitor = Visitor(rng, agent, device, _start(rng, day, hours.take(rng)))
        visit(visitor, offer)
        yield from visitor.lines
    yield from _left_out(rng, day, offer, is_free=is_free)


def _left_out(rng: Random, day: date, offer: Offer, *, is_free: bool) -> Iterator[SampleLine]:
    """What comes beside people, and what of people is no page view."""
    for hour in rng.sample(range(24), rng.randint(2, 4)):
        bot = Visitor(rng, rng.choice(_BOTS), Device.DESKTOP, _start(rng, day, hour))
        _crawl(bot, offer)
        yield from bot.lines
    for hour in (3, 9, 15, 21):
        monitor = Visitor(rng, _MONITOR, Device.DESKTOP, _start(rng, day, hour))
        monitor.look(PageKind.HOME)
        yield from monitor.lines
    if not is_free:
        staff = _of_office(rng, day, RequestClass.STAFF)
        staff.look(PageKind.HOME)
        if offer.listings:
            staff.look(PageKind.LISTING, offer.listings.take(rng))
        yield from staff.lines
    if rng.random() < 0.6:
        prefetch = _of_office(rng, day, RequestClass.PREFETCH)
        prefetch.look(PageKind.HOME)
        yield from prefetch.lines
    other = _of_office(rng, day, RequestClass.OTHER)
    other.look(PageKind.SEARCH, reason=OtherReason.UPDATE)
    if rng.random() < 0.5:
        other.look(PageKind.UNKNOWN, reason=OtherReason.STATUS)
    yield from other.lines


def _crawl(bot: Visitor, offer: Offer) -> None:
    bot.look(PageKind.HOME)
    if offer.listings:
        bot.look(PageKind.LISTING, offer.listings.take(bot.rng))


def _of_office(rng: Random, day: date, request_class: RequestClass) -> Visitor:
    starts_at = _start(rng, day, _OFFICE_HOURS.take(rng))
    return Visitor(rng, _OFFICE_PC, Device.DESKTOP, starts_at, request_class)


def _start(rng: Random, day: date, hour: int) -> datetime:
    """Some time of an hour; early enough in it that the last visit of a day ends before midnight
    does."""
    return datetime.combine(day, time(hour, rng.randrange(40), rng.randrange(60)), JAPAN)
