"""Adding lines up: what a run of lines comes to, by day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from portal.clock import in_japan
from portal.pageviews import lines
from portal.pageviews.agents import AgentKind, judge
from portal.pageviews.kinds import ClickKind, Device, OtherReason, PageKind, RequestClass, ViewClass
from portal.pageviews.lines import AgentLine, ClickLine, DamagedLineError, PageLine

FEW_HITS = 2
"""A search that finds no more than this finds little."""

ViewKey = tuple[date, ViewClass, PageKind, int, int, Device, bool]
"""Day, class, page kind, listing, version, device, whether it is a sample."""
SearchKey = tuple[date, str]
VisitKey = tuple[date, int, str]
ClickKey = tuple[date, int, ClickKind]

_FIXED = {
    RequestClass.STAFF: ViewClass.STAFF,
    RequestClass.PREFETCH: ViewClass.PREFETCH,
    RequestClass.OTHER: ViewClass.OTHER,
}
_JUDGED = {
    AgentKind.HUMAN: ViewClass.HUMAN,
    AgentKind.BOT: ViewClass.BOT,
    AgentKind.MONITOR: ViewClass.MONITOR,
}


@dataclass(slots=True)
class SearchCounts:
    """How often a search was made, and how often it found nothing or little."""

    searches: int = 0
    without_hits: int = 0
    with_few_hits: int = 0


@dataclass(slots=True)
class Tally:
    """What lines come to. Equal lines in any order come to the same."""

    views: Counter[ViewKey] = field(default_factory=Counter)
    searches: dict[SearchKey, SearchCounts] = field(default_factory=dict)
    visits: Counter[VisitKey] = field(default_factory=Counter)
    clicks: Counter[ClickKey] = field(default_factory=Counter)
    lines: int = 0
    damaged_lines: int = 0
    last_on: date | None = None

    def add_lines(self, texts: Iterable[bytes], agents: dict[int, str]) -> None:
        """Add lines as they stand in a file, without their ends.

        :param agents: by number those that lines before these named; what these name is put in.
        """
        for text in texts:
            try:
                line = lines.from_text(text.decode())
            except (DamagedLineError, UnicodeDecodeError):
                self.damaged_lines += 1
                continue
            if isinstance(line, AgentLine):
                agents[line.number] = line.text
            else:
                self._add(line, agents.get(line.agent))

    def _add(self, line: PageLine | ClickLine, agent: str | None) -> None:
        day = in_japan(line.at).date()
        self.lines += 1
        self.last_on = max(self.last_on or day, day)
        is_human = agent is not None and judge(agent) is AgentKind.HUMAN
        if isinstance(line, ClickLine):
            if is_human and line.request_class is RequestClass.PAGE:
                self.clicks[day, line.listing_id, line.click_kind] += 1
            return
        view_class = _class_of(line.request_class, agent)
        key = (line.page_kind, line.listing_id, line.version_id, line.device, line.is_sample)
        self.views[day, view_class, *key] += 1
        if is_human and _is_search(line) and line.searched is not None:
            self._add_search((day, line.searched), line.found)
        if view_class is ViewClass.HUMAN and line.led_by is not None:
            self.visits[day, line.listing_id, line.led_by] += 1

    def _add_search(self, key: SearchKey, found: int) -> None:
        counts = self.searches.setdefault(key, SearchCounts())
        counts.searches += 1
        counts.without_hits += found == 0
        counts.with_few_hits += 0 < found <= FEW_HITS


def _class_of(request_class: RequestClass, agent: str | None) -> ViewClass:
    if request_class is not RequestClass.PAGE:
        return _FIXED[request_class]
    # Whose line was damaged is not known, so it is no page view.
    return ViewClass.OTHER if agent is None else _JUDGED[judge(agent)]


def _is_search(line: PageLine) -> bool:
    """A search by its page, or by a script that changes the conditions of one on its page."""
    is_update = line.reason is OtherReason.UPDATE
    return line.request_class is RequestClass.PAGE or is_update
