"""Days, times, money, lists and the names of listings as people type them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time

from portal.clock import JAPAN
from portal.listings.stated_conditions import MOST_PERSONS, MOST_YEARS, MOST_YEN

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
"""What the database takes for a day that somebody means."""

LARGEST_AMOUNT = MOST_YEN

_BEFORE_YEAR_ONE = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_DAY = re.compile(
    r"(?:(?P<era>令和|平成|R|H)\.?(?P<of_era>元|[0-9]{1,2})|(?P<year>[0-9]{4}))"
    r"[年./-](?P<month>[0-9]{1,2})[月./-](?P<day>[0-9]{1,2})日?(?:\([月火水木金土日]\))?",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?P<half>午前|午後)?(?P<hour>[0-9]{1,2})(?:[:時](?P<minute>[0-9]{2})?分?)")
_AMOUNT = re.compile(
    r"(?:(?P<oku>[0-9]+(?:\.[0-9]+)?)億)?(?:(?P<man>[0-9]+(?:\.[0-9]+)?)万)?(?P<yen>[0-9]+)?円?"
)
_LISTING_ID = re.compile("(?<![0-9A-Z])L[0-9]{6,9}(?![0-9A-Z])")
_OKU, _MAN = 10**8, 10**4


def read_day(text: str) -> date:
    """The day that is meant by 2026-10-15, 2026/10/15, 令和8年10月15日 or R8.10.15.

    :raises ValueError: none, or none that is plausible.
    """
    found = _DAY.fullmatch(_plain(text))
    if found is None:
        raise ValueError(f"{text!r} is no day")
    if found["era"]:
        number = 1 if found["of_era"] == "元" else int(found["of_era"])
        year = _BEFORE_YEAR_ONE[found["era"].upper()] + number
    else:
        year = int(found["year"])
    day = date(year, int(found["month"]), int(found["day"]))
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"{day} is not plausible")
    return day


def read_time(text: str) -> time:
    """The time of day that is meant by 13:30, 13時30分 or 午後1時30分.

    :raises ValueError: none.
    """
    found = _TIME.fullmatch(_plain(text))
    if found is None:
        raise ValueError(f"{text!r} is no time")
    hour = int(found["hour"])
    if found["half"] == "午後" and hour < 12:
        hour += 12
    return time(hour, int(found["minute"] or 0))


def read_moment(text: str) -> datetime:
    """The instant that a browser means by 2026-10-15T09:00, which is a time in Japan.

    :raises ValueError: none.
    """
    day, separator, clock = _plain(text).partition("T")
    if not separator:
        raise ValueError(f"{text!r} is no day with a time")
    return datetime.combine(read_day(day), read_time(clock[:5]), JAPAN)


def read_yen(text: str) -> int:
    """The sum in yen that is meant by 500000, 500,000円, 50万円 or 1億2,000万.

    :raises ValueError: none, or more than anybody gives.
    """
    found = _AMOUNT.fullmatch(_plain(text).replace(",", "").replace("、", ""))
    if found is None or not any(found.groupdict().values()):
        raise ValueError(f"{text!r} is no sum")
    amount = (
        float(found["oku"] or 0) * _OKU + float(found["man"] or 0) * _MAN + int(found["yen"] or 0)
    )
    if amount > LARGEST_AMOUNT:
        raise ValueError(f"{text!r} is too much")
    return round(amount)


def read_count(text: str) -> int:
    """A number of people, 1 to 99,999.

    :raises ValueError: none.
    """
    number = int(re.sub("[人名,]", "", _plain(text)))
    if not 1 <= number <= MOST_PERSONS:
        raise ValueError(f"{number} is out of range")
    return number


def read_years(text: str) -> int:
    """A number of years, 1 to 100.

    :raises ValueError: none.
    """
    number = int(_plain(text).removesuffix("年"))
    if not 1 <= number <= MOST_YEARS:
        raise ValueError(f"{number} is out of range")
    return number


def read_capital(text: str) -> int:
    """A sum in yen that is not nothing.

    :raises ValueError: none.
    """
    amount = read_yen(text)
    if amount == 0:
        raise ValueError("no capital")
    return amount


def read_lines(text: str) -> tuple[str, ...]:
    """What stands on each line, without the dots that people put before it; each once."""
    lines = (line.strip().removeprefix("・").strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def read_words(text: str) -> tuple[str, ...]:
    """Words on lines of their own or with a Japanese comma between them; each once."""
    return read_lines(re.sub("[、，]", "\n", text))


def listing_text(public_id: str, titles: Mapping[str, str]) -> str:
    """How a field shows a listing: by its title, as far as it is known, and its public id."""
    return f"{titles[public_id]}（{public_id}）" if public_id in titles else public_id


def find_listing_id(text: str) -> str | None:
    """The public id in a text: alone, after a title, or in the address of a page of the listing."""
    found = _LISTING_ID.findall(unicodedata.normalize("NFKC", text).upper())
    # A title before it may speak of another.
    return found[-1] if found else None


def _plain(text: str) -> str:
    """Half-width, without spaces; brackets and colons as on any keyboard."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
