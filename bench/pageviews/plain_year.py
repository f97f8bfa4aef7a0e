"""What is known of a generated year, as plain data. Nothing here knows the portal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

YEAR_BEGINS_IN = 4


@dataclass(frozen=True, slots=True)
class Version:
    """What a listing said from a moment on, in Japan's time without its zone."""

    id: int
    listing_id: int
    agency: str
    shown_from: datetime
    kind: str
    purposes: tuple[str, ...]
    industries: tuple[str, ...]
    regions: tuple[str, ...]


Listings = Mapping[int, tuple[Version, ...]]
"""By number, the versions in the order in which they were shown; the first from before the year."""

AGENTS: Mapping[str, str] = {
    **{
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
        f" Chrome/{release}.0.0.0 Safari/537.36": "human"
        for release in range(110, 143)
    },
    **{
        f"Mozilla/5.0 (iPhone; CPU iPhone OS {release}_1 like Mac OS X) AppleWebKit/605.1.15"
        f" (KHTML, like Gecko) Version/{release}.1 Mobile/15E148 Safari/604.1": "human"
        for release in range(14, 20)
    },
    "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.1 Mobile/15E148 Safari/604.1": "human",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0": "human",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)": "bot",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)": "bot",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)": "bot",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)": "bot",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)": "monitor",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)": "monitor",
}
"""Texts of agents of which it is beyond doubt who is behind them: somebody, a bot or a monitor."""


def is_within(day: date, fiscal_year: int) -> bool:
    """Whether a day in Japan is of the fiscal year that begins in April of a year."""
    first = date(fiscal_year, YEAR_BEGINS_IN, 1)
    return first <= day < date(fiscal_year + 1, YEAR_BEGINS_IN, 1)
