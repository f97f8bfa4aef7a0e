"""The lines of a spool file: what is written of a request, and nothing that says whose it was.

A file is a text of whole lines, each an object of JSON with short names, so that whatever somebody
searched for stays within its line. ``agent`` lines give the distinct agents of a file a number;
lines of pages and clicks name that number, and an ``agent`` line comes before the first of them.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from portal.clock import JAPAN
from portal.db import LARGEST_NUMBER
from portal.pageviews.kinds import ClickKind, Device, OtherReason, PageKind, RequestClass

LONGEST_LINE = 4096
"""Bytes that are written at once, with the agent's line before it: what is shorter is appended
whole or not at all."""
LONGEST_AGENT = 500
LONGEST_CONDITIONS = 1_000


class DamagedLineError(ValueError):
    """A line that nothing can be read from."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """A request for a public page. ``at`` is an aware instant, kept to the second.

    ``listing_id`` and ``version_id`` are 0 on pages that are of no listing; the version is the one
    that was shown. ``searched`` is the query string of a search without its order and page, and
    ``found`` how many listings it has; ``led_by`` is that of the search whose results were left for
    this page. ``is_sample`` marks what a demo made up.
    """

    at: datetime
    page_kind: PageKind
    request_class: RequestClass
    device: Device
    agent: int
    reason: OtherReason | None = None
    listing_id: int = 0
    version_id: int = 0
    searched: str | None = None
    found: int = 0
    led_by: str | None = None
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class ClickLine:
    """A click on the page of a listing."""

    at: datetime
    click_kind: ClickKind
    listing_id: int
    request_class: RequestClass
    device: Device
    agent: int
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class AgentLine:
    """The number by which the other lines of this file name an agent."""

    number: int
    text: str


Line = PageLine | ClickLine | AgentLine


def to_text(line: Line) -> str:
    """The line with its end."""
    return json.dumps(_plain(line), ensure_ascii=False, separators=(",", ":")) + "\n"


def from_text(text: str) -> Line:
    """A line as it was written.

    Whatever comes back can be added to the totals: a flipped bit must not keep a database from
    taking the lines around it.

    :raises DamagedLineError: it is none of ours.
    """
    try:
        return _line(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DamagedLineError("this is no line of a spool file") from error


def _plain(line: Line) -> dict[str, object]:
    if isinstance(line, AgentLine):
        return {"a": line.number, "agent": line.text}
    plain: dict[str, object] = {"t": _to_japan(line.at)}
    if isinstance(line, ClickLine):
        plain |= {"k": line.click_kind.value, "l": line.listing_id}
    else:
        plain |= {"p": line.page_kind.value, "l": line.listing_id, "v": line.version_id}
    plain |= {"c": line.request_class.value, "d": line.device.value, "a": line.agent}
    if isinstance(line, PageLine):
        plain |= {"w": line.reason.value} if line.reason else {}
        plain |= {} if line.searched is None else {"s": line.searched, "n": line.found}
        plain |= {} if line.led_by is None else {"f": line.led_by}
    return plain | ({"x": 1} if line.is_sample else {})


def _line(plain: dict[str, object]) -> Line:
    agent = _number(plain["a"])
    if "agent" in plain:
        return AgentLine(agent, _text(plain["agent"]))
    at = datetime.fromisoformat(_text(plain["t"])).replace(tzinfo=JAPAN)
    request_class, device = RequestClass(_text(plain["c"])), Device(_text(plain["d"]))
    listing_id, is_sample = _number(plain["l"]), plain.get("x") == 1
    if "k" in plain:
        kind = ClickKind(_text(plain["k"]))
        return ClickLine(at, kind, listing_id, request_class, device, agent, is_sample)
    version_id = _number(plain["v"])
    if (listing_id == 0) != (version_id == 0):
        raise ValueError("a listing and its version go together")
    return PageLine(
        at,
        PageKind(_text(plain["p"])),
        request_class,
        device,
        agent,
        reason=OtherReason(_text(plain["w"])) if "w" in plain else None,
        listing_id=listing_id,
        version_id=version_id,
        searched=_conditions(plain["s"]) if "s" in plain else None,
        found=_number(plain.get("n", 0)),
        led_by=_conditions(plain["f"]) if "f" in plain else None,
        is_sample=is_sample,
    )


def _to_japan(at: datetime) -> str:
    return at.astimezone(JAPAN).replace(tzinfo=None).isoformat(timespec="seconds")


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
        raise ValueError("a number from 0 is missing")
    return value


def _conditions(value: object) -> str:
    text = _text(value)
    # Conditions are written with control characters escaped, and no half of a pair is a character.
    if len(text) > LONGEST_CONDITIONS or "\0" in text or _is_torn(text):
        raise ValueError("these are no conditions of a search")
    return text


def _is_torn(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return value
