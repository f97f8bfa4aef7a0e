"""Whose agent it is: somebody's browser, a bot or a monitor.

Bots are those of crawler-user-agents, a public list that is kept current, and of
``own_agents.json`` with what the list leaves out (ADR 32). Monitors come first, as many lists call
them bots.
"""

import json
import re
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import crawleruseragents

_OWN = json.loads((Path(__file__).parent / "own_agents.json").read_text(encoding="utf-8"))

BOT_LIST: Final = f"crawler-user-agents {version('crawler-user-agents')} + {_OWN['version']}"
"""The lists by which agents are judged now."""

_DISTINCT_AGENTS = 20_000


class AgentKind(StrEnum):
    """Who is behind an agent."""

    HUMAN = "human"
    BOT = "bot"
    MONITOR = "monitor"


def _any_of(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in _OWN[name]))


_MONITORS, _BOTS, _PEOPLE = _any_of("monitors"), _any_of("bots"), _any_of("people")


@lru_cache(maxsize=_DISTINCT_AGENTS)
def judge(agent: str) -> AgentKind:
    """Who is behind the text of a User-Agent header; one that says nothing is a bot's."""
    if _MONITORS.search(agent):
        return AgentKind.MONITOR
    # Some telephones are called like bots.
    told = _PEOPLE.sub("", agent)
    is_bot = bool(_BOTS.search(told)) or crawleruseragents.is_crawler(told)
    return AgentKind.BOT if is_bot else AgentKind.HUMAN
