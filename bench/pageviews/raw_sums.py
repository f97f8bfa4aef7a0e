"""The sums of a year, worked out from raw lines in the plainest way there is.

Nothing here knows the portal: it is a second computation, against which the portal's is held.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bench.pageviews.plain_year import AGENTS, Listings, Version, is_within

FEW_HITS = 2
"""A search with so many hits at most, and at least one, found few."""
TOLD_FROM_SEARCHES, TOLD_FROM_DAYS = 5, 3
"""What was searched for less often, or on fewer days, is told to nobody."""


@dataclass(slots=True)
class Searched:
    """How often people made a search, and how often it found nothing or little."""

    searches: int = 0
    without_hits: int = 0
    with_few_hits: int = 0
    days: set[date] = field(default_factory=set)
    days_with_little: set[date] = field(default_factory=set)

    @property
    def little(self) -> int:
        """How often it found nothing or few."""
        return self.without_hits + self.with_few_hits

    @property
    def is_told(self) -> bool:
        """Whether it was made often enough."""
        return self.searches >= TOLD_FROM_SEARCHES and len(self.days) >= TOLD_FROM_DAYS

    @property
    def is_told_as_little(self) -> bool:
        """Whether it found little often enough."""
        return self.little >= TOLD_FROM_SEARCHES and len(self.days_with_little) >= TOLD_FROM_DAYS


@dataclass(slots=True)
class Sums:
    """Page views of a fiscal year by what they are told by, and what is left out of them."""

    total: int = 0
    without_listing: int = 0
    by_month: Counter[tuple[int, int]] = field(default_factory=Counter)
    by_listing: Counter[int] = field(default_factory=Counter)
    by_page_kind: Counter[str] = field(default_factory=Counter)
    by_agency: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    by_purpose: Counter[str] = field(default_factory=Counter)
    by_industry: Counter[str] = field(default_factory=Counter)
    by_region: Counter[str] = field(default_factory=Counter)
    by_device: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    clicks: Counter[str] = field(default_factory=Counter)
    searches: dict[str, Searched] = field(default_factory=dict)
    visits: Counter[tuple[int, str]] = field(default_factory=Counter)
    """By listing and by the search that led there."""
    damaged_lines: int = 0
    """Of all files, whatever day they were to tell of."""
    cut_bytes: int = 0
    """Of what was not written whole, at the ends of files."""


def sums_of(folder: Path, listings: Listings, *, fiscal_year: int) -> Sums:
    """Read every file of a folder, and add up what is of the year."""
    versions = {version.id: version for each in listings.values() for version in each}
    sums = Sums()
    for path in sorted(folder.iterdir()):
        agents: dict[int, str] = {}
        for told in _lines(path, sums):
            if "agent" in told:
                agents[told["a"]] = told["agent"]
            elif is_within(_day(told), fiscal_year):
                _add(sums, told, AGENTS[agents[told["a"]]], versions)
    return sums


def _lines(path: Path, sums: Sums) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for text in file:
            if not text.endswith(b"\n"):
                sums.cut_bytes += len(text)
            elif not text.startswith(b"{"):
                sums.damaged_lines += 1
            else:
                yield json.loads(text)


def _day(told: Mapping[str, Any]) -> date:
    return date.fromisoformat(told["t"][:10])


def _add(sums: Sums, told: Mapping[str, Any], behind: str, versions: Mapping[int, Version]) -> None:
    what = behind if told["c"] == "page" else told["c"]
    if "s" in told and behind == "human" and (what == "human" or told.get("w") == "update"):
        _add_search(sums, told)
    if "k" in told:
        if what == "human":
            sums.clicks[told["k"]] += 1
    elif what != "human":
        sums.left_out[what] += 1
    else:
        _add_view(sums, told, versions)


def _add_view(sums: Sums, told: Mapping[str, Any], versions: Mapping[int, Version]) -> None:
    day = _day(told)
    sums.total += 1
    sums.by_month[day.year, day.month] += 1
    sums.by_page_kind[told["p"]] += 1
    sums.by_device[told["d"]] += 1
    if told["l"]:
        version = versions[told["v"]]
        sums.by_listing[told["l"]] += 1
        sums.by_agency[version.agency] += 1
        sums.by_kind[version.kind] += 1
        sums.by_purpose.update(version.purposes)
        sums.by_industry.update(version.industries)
        sums.by_region.update(version.regions)
        if "f" in told:
            sums.visits[told["l"], told["f"]] += 1
    else:
        sums.without_listing += 1


def _add_search(sums: Sums, told: Mapping[str, Any]) -> None:
    """Searches are made by pages, and by a script that changes the conditions on one."""
    searched = sums.searches.setdefault(told["s"], Searched())
    searched.searches += 1
    searched.without_hits += told["n"] == 0
    searched.with_few_hits += 0 < told["n"] <= FEW_HITS
    searched.days.add(_day(told))
    if told["n"] <= FEW_HITS:
        searched.days_with_little.add(_day(told))
