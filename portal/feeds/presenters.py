"""What calendars and feeds are called, in the words of the search they are of."""

from collections.abc import Mapping

from portal.feeds.entries import EntryKind
from portal.feeds.services import MOST_DAYS, MOST_FED
from portal.listings.vocabulary import Vocabulary
from portal.listings.wording import first_few
from portal.search import conditions
from portal.search.params import SearchParams

_NAMES = {EntryKind.DEADLINE: "締切", EntryKind.EVENT: "開催日"}


def conditions_in_words(
    params: SearchParams, vocabulary: Vocabulary, agency_names: Mapping[str, str]
) -> str:
    """The conditions of a search on one line."""
    labels = [chip.label for chip in conditions.chips(params, vocabulary, agency_names)]
    text = [f"「{params.q}」"] if params.q else []
    return first_few((*text, *labels)) or "すべての支援"


def calendar_name(kind: EntryKind, asked: str, vocabulary: Vocabulary) -> str:
    """What programs list a calendar as."""
    return f"{_NAMES[kind]}（{asked}） {vocabulary.portal_name}"


def calendar_description(kind: EntryKind, asked: str, *, is_cut: bool) -> str:
    """What is in a calendar, and what is not."""
    cut = f"多いため、近いものから{MOST_DAYS}件だけが入っています。" if is_cut else ""
    return f"条件に合う支援の{_NAMES[kind]}です。条件：{asked}。{cut}"


def feed_title(asked: str, vocabulary: Vocabulary) -> str:
    """What feed readers list a feed as."""
    return f"新着の支援（{asked}） {vocabulary.portal_name}"


def feed_subtitle(asked: str) -> str:
    """What is in a feed, and what is not."""
    return f"条件に合う支援を、新しく変わったものから{MOST_FED}件まで。条件：{asked}。"
