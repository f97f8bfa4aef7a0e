"""A year of raw lines as the workers of a portal would have written them, made by chance.

Nothing here knows the portal: the lines are put together from what is documented of their format.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from bench.pageviews.plain_year import AGENTS, YEAR_BEGINS_IN, Listings, Version

FILES_A_DAY = 2
"""As many as there are workers."""

_DAY_S = 24 * 60 * 60
_DEVICES = (("phone", "tablet", "desktop"), (55, 5, 40))
_PAGES = (
    ("listing", "search", "home", "agency", "guide", "check", "comparison", "ranking"),
    (50, 25, 10, 6, 4, 2, 1, 2),
)
_CLASSES = (("page", "staff", "prefetch", "other"), (92, 4, 2, 2))
_REASONS = ("method", "status", "update", "fetch")
_CLICKS = ("apply", "contact", "site")
_CLICK_SHARE = 0.02
_LED_SHARE = 0.4
_WORDS = ("創業", "りんご", "設備 更新", "補助金", '"省エネ"', "雪対策", "a\\b", "空き店舗 -家賃")
_PLACES = ("02201", "02202", "tosei", "sanpachi", "pref")
_AGENT_TEXTS = tuple(AGENTS)
_RARE_SHARE = 0.005
_VIEWS_FOR_RARE_WORD = 4_000
"""So that some are searched for often enough to be told of, and some are not."""
_FILES_FOR_CUT = 20
_OUTSIDE_DAYS = 2
"""Before the year and after it, whose views are none of its."""


@dataclass(slots=True)
class _File:
    """The text of a file so far, and the numbers of its agents."""

    parts: list[str] = field(default_factory=list)
    agents: dict[str, int] = field(default_factory=dict)

    def number(self, agent: str) -> int:
        """The number of an agent, told in a line before its first use."""
        number = self.agents.get(agent)
        if number is None:
            number = self.agents[agent] = len(self.agents) + 1
            self.parts.append(_json({"a": number, "agent": agent}))
        return number


class YearWriter:
    """Writes the files of a fiscal year, and of two days on either side of it."""

    def __init__(self, listings: Listings, *, fiscal_year: int, views: int, seed: int) -> None:
        self._random = Random(seed)
        self._listings = listings
        self._ids = tuple(listings)
        self._weights = list(accumulate(1 / (place + 1) for place in range(len(listings))))
        self._searches = tuple(_searches())
        self._days = tuple(_days(fiscal_year))
        self._views = views
        self._rare = 1 + views // _VIEWS_FOR_RARE_WORD

    def write(self, folder: Path, *, days_a_file: int = 1) -> int:
        """Write files that are called as those of a spool; gives how many requests they tell of.

        :param days_a_file: more than one where few files matter more than many lines in each.
        """
        folder.mkdir(parents=True, exist_ok=True)
        counts = list(self._counts())
        for first in range(0, len(self._days), days_a_file):
            for number in range(FILES_A_DAY):
                file = _File()
                for day, count in counts[first : first + days_a_file]:
                    share = count // FILES_A_DAY + (number < count % FILES_A_DAY)
                    self._fill(file, day, share)
                if number == 0 and first % _FILES_FOR_CUT == 0:
                    # As a disk that is full in the middle of a write leaves it.
                    file.parts.append(f'{{"t":"{day}T23:59:59","p":"home","l":0,"v":0,"c":"pa')
                name = f"{self._days[first]:%Y%m%d}-{self._random.getrandbits(128):032x}.jsonl"
                (folder / name).write_text("".join(file.parts), encoding="utf-8", newline="")
        return sum(count for _, count in counts)

    def _counts(self) -> Iterator[tuple[date, int]]:
        """How many requests there are on each day."""
        weights = [_weight(day) for day in self._days]
        written, due = 0, 0.0
        for day, weight in zip(self._days, weights, strict=True):
            due += self._views * weight / sum(weights)
            yield day, round(due) - written
            written = round(due)

    def _fill(self, file: _File, day: date, views: int) -> None:
        random = self._random
        seconds = sorted(random.randrange(_DAY_S) for _ in range(views))
        if views > 1:
            # The first and the last second of a day are of that day.
            seconds[0], seconds[-1] = 0, _DAY_S - 1
        if day.day == 15:
            # As when a clock is set back by an hour: what is told is later than what follows.
            half = views // 2
            seconds[half:] = [max(0, second - 60 * 60) for second in seconds[half:]]
        for at in (datetime.combine(day, time()) + timedelta(seconds=each) for each in seconds):
            self._request(file, at)
            if random.random() < _CLICK_SHARE:
                self._click(file, at)
        if day.day == 20:
            file.parts.append("this is no line of ours\n")

    def _request(self, file: _File, at: datetime) -> None:
        random = self._random
        page = _draw(random, _PAGES)
        version = self._version(at) if page == "listing" else None
        told: dict[str, object] = {
            "t": at.isoformat(),
            "p": page,
            "l": version.listing_id if version else 0,
            "v": version.id if version else 0,
            **self._asker(file),
        }
        if told["c"] == "other":
            told["w"] = random.choice(_REASONS)
        if page == "search" and told.get("w") in (None, "update"):
            told |= {"s": self._search(), "n": random.choice((0, 0, 1, 2, 3, 4, 5, 20, 300))}
        if page == "listing" and random.random() < _LED_SHARE:
            told["f"] = self._search()
        file.parts.append(_json(told))

    def _click(self, file: _File, at: datetime) -> None:
        told = {
            "t": at.isoformat(),
            "k": self._random.choice(_CLICKS),
            "l": self._version(at).listing_id,
            **self._asker(file),
        }
        if told["c"] != "other":
            file.parts.append(_json(told))

    def _asker(self, file: _File) -> dict[str, object]:
        return {
            "c": _draw(self._random, _CLASSES),
            "d": _draw(self._random, _DEVICES),
            "a": file.number(self._random.choice(_AGENT_TEXTS)),
        }

    def _version(self, at: datetime) -> Version:
        listing = self._listings[self._random.choices(self._ids, cum_weights=self._weights)[0]]
        return [version for version in listing if version.shown_from <= at][-1]

    def _search(self) -> str:
        if self._random.random() < _RARE_SHARE:
            return f"q=まれ{self._random.randrange(self._rare)}"
        # A few are made again and again, most now and then.
        place = int(len(self._searches) * self._random.random() ** 3)
        return self._searches[place]


def _days(fiscal_year: int) -> Iterator[date]:
    day = date(fiscal_year, YEAR_BEGINS_IN, 1) - timedelta(days=_OUTSIDE_DAYS)
    while day < date(fiscal_year + 1, YEAR_BEGINS_IN, 1) + timedelta(days=_OUTSIDE_DAYS):
        yield day
        day += timedelta(days=1)


def _weight(day: date) -> float:
    is_weekend = day.weekday() >= 5
    return (0.4 if is_weekend else 1.0) * (1.5 if day.month in (4, 5, 3) else 1.0)


def _searches() -> Iterator[str]:
    for word in _WORDS:
        for place in _PLACES:
            yield f"q={word}&region={place}"
        yield f"q={word}"


def _draw(random: Random, choice: tuple[Sequence[str], Sequence[int]]) -> str:
    values, weights = choice
    return random.choices(values, weights)[0]


def _json(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
