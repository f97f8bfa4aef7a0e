"""How days, times, money and numbers are written in Japanese."""

from datetime import date, datetime, time

from portal.clock import in_japan
from portal.fiscal_year import era_year

_WEEKDAYS = "月火水木金土日"
_OKU = 10**8
_MAN = 10**4


def full_day(day: date) -> str:
    """A day in both calendars: 2026年12月4日（令和8年）."""
    return f"{day.year}年{day.month}月{day.day}日（{era_year(day)}）"


def near_day(day: date, today: date) -> str:
    """A day with its weekday; the year is said where it is not this one: 12月4日（金）."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def era_day(day: date, *, weekday: bool = True) -> str:
    """A day in the Japanese calendar: 令和8年12月4日（金）."""
    suffix = f"（{_WEEKDAYS[day.weekday()]}）" if weekday else ""
    return f"{era_year(day)}{day.month}月{day.day}日{suffix}"


def clock_time(moment: time) -> str:
    """A time of day: 13:30."""
    return f"{moment.hour}:{moment.minute:02}"


def near_moment(instant: datetime, today: date) -> str:
    """An instant in Japan: 11月20日（金）12:00."""
    local = in_japan(instant)
    return f"{near_day(local.date(), today)}{clock_time(local.time())}"


def yen(amount: int) -> str:
    """Money as people say it: 300万円, 1億2,000万円, 12万3,500円."""
    oku, rest = divmod(amount, _OKU)
    man, units = divmod(rest, _MAN)
    parts = [
        f"{oku:,}億" if oku else "",
        f"{man:,}万" if man else "",
        f"{units:,}" if units else "",
    ]
    return ("".join(parts) or "0") + "円"


def grouped(number: float) -> str:
    """A number with its thousands apart: 20,748; whole numbers without decimals."""
    return f"{int(number):,}" if float(number).is_integer() else f"{number:,}"
