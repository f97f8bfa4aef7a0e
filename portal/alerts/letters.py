"""The mails of saved searches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.accounts.letters import Letterhead, letter
from portal.alerts.models import AlertState, SavedSearch
from portal.alerts.sealed_links import LinkMaker, Subject
from portal.alerts.timing import Frequency
from portal.alerts.told_listings import ToldListing
from portal.mail.services import Mail

Words = tuple[tuple[str, str], ...]
"""Conditions: what each kind is called, and its values."""

_LONGEST_UNASKED = 60
"""Characters of each kind of conditions in a mail that nobody may have asked for."""

_NO_ADDRESS = str.maketrans("./:@", "．／：＠")
"""In full width, so that no mail program makes a link of it."""

_SHORTEST_CONDITIONS = 30
"""Characters of conditions in a subject."""


@dataclass(frozen=True, slots=True)
class NewsContent:
    """What a mail of news tells; at most so many listings as a mail holds, of ``total``."""

    new: Sequence[ToldListing]
    opened: Sequence[ToldListing]
    total: int

    @property
    def left_out(self) -> int:
        """How many more there are than are told."""
        return self.total - len(self.new) - len(self.opened)


def confirmation(
    row: SavedSearch,
    conditions: Words,
    letterhead: Letterhead,
    links: LinkMaker,
    *,
    good_until: datetime,
) -> Mail:
    """Asks whoever reads the mail of an address whether they want news of a search."""
    return letter(
        "saved_search_confirmation",
        to=str(row.address),
        subject="新着メールの受け取りの確認",
        letterhead=letterhead,
        values={
            "conditions": _harmless(conditions),
            "frequency": Frequency(row.frequency).label,
            "link": links.to_page(row.id),
        },
        good_until=good_until,
    )


def known_already(
    address: str,
    row: SavedSearch,
    conditions: Words,
    letterhead: Letterhead,
    links: LinkMaker,
) -> Mail:
    """Says that there is a saved search with the same conditions, and where it is changed."""
    return letter(
        "saved_search_known",
        to=address,
        subject="同じ条件が保存されています",
        letterhead=letterhead,
        values={
            "conditions": _harmless(conditions),
            "is_stopped": row.state == AlertState.STOPPED,
            "frequency": Frequency(row.frequency).label,
            "link": links.to_page(row.id),
        },
    )


def too_many(address: str, conditions: Words, most: int, letterhead: Letterhead) -> Mail:
    """Says that no more searches can be saved."""
    return letter(
        "saved_search_limit",
        to=address,
        subject="保存できる条件の数をこえています",
        letterhead=letterhead,
        values={"conditions": _harmless(conditions), "most": most},
    )


def news(
    address: str,
    row: SavedSearch,
    conditions: Words,
    content: NewsContent,
    letterhead: Letterhead,
    links: LinkMaker,
) -> Mail:
    """Tells of listings that are new to a search."""
    stop_url = links.to_stop(Subject.SAVED_SEARCH, row.id)
    composed = letter(
        "saved_search_news",
        to=address,
        subject=_subject(content, conditions),
        letterhead=letterhead,
        values={
            "conditions": conditions,
            "frequency": Frequency(row.frequency).label,
            "content": content,
            "search_url": f"{letterhead.base_url}/search?{row.criteria}",
            "change_url": links.to_page(row.id),
            "stop_url": stop_url,
        },
    )
    return replace(composed, unsubscribe_url=stop_url)


def _harmless(conditions: Words) -> Words:
    """Conditions for a mail to an address that anybody may have typed: whoever did must not be able
    to have the portal send their own words, with a link in them, to somebody else."""
    return tuple((name, _cut(values, _LONGEST_UNASKED)) for name, values in conditions)


def _cut(text: str, most: int) -> str:
    return (text if len(text) <= most else f"{text[:most]}…").translate(_NO_ADDRESS)


def _subject(content: NewsContent, conditions: Words) -> str:
    asked = "・".join(values for _, values in conditions)
    if len(asked) > _SHORTEST_CONDITIONS:
        asked = asked[:_SHORTEST_CONDITIONS] + "…"
    what = "受付が始まった支援" if not content.new else "新着の支援"
    return f"{what} {content.total}件" + (f"（{asked}）" if asked else "")
