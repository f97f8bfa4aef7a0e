"""What a listing must say before the public sees it."""

from collections.abc import Callable

from portal.errors import FieldProblem
from portal.listings.content import ListingContent
from portal.listings.date_state import KINDS_OF_A_DAY
from portal.listings.models import DateState, ListingVersion
from portal.listings.version_content import content_of

_NO_CONTACT = "電話かメールの問い合わせ先を入れてください。読んだ人が最初に連絡する所です。"

# Field, whether it is there, and what to do if it is not.
_REQUIRED: tuple[tuple[str, Callable[[ListingContent], object], str], ...] = (
    ("title", lambda content: content.title.strip(), "制度の名前を入れてください。"),
    (
        "summary",
        lambda content: content.summary.strip(),
        "概要を入れてください。検索結果で名前の下に出る、1、2文です。",
    ),
    ("kind", lambda content: content.kind, "支援の種類を選んでください。"),
    ("regions", lambda content: content.regions, "使える地域を1つ以上選んでください。"),
    ("purposes", lambda content: content.purposes, "目的を1つ以上選んでください。"),
    ("industries", lambda content: content.industries, "業種を選んでください。"),
    (
        "date_state",
        lambda content: content.date_state,
        "受付の状態を選んでください。決まっていなければ「日程未確認」を選びます。",
    ),
    ("tel", lambda content: content.tel or content.email, _NO_CONTACT),
    (
        "events-0-held_on",
        lambda content: content.kind not in KINDS_OF_A_DAY or _says_when(content),
        "開催日を入れてください。決まっていなければ、受付の状態で「近日受付開始」を選びます。",
    ),
)


def missing(version: ListingVersion) -> list[FieldProblem]:
    """What a version still has to tell; empty if the public can see it."""
    return missing_in(content_of(version))


def missing_in(content: ListingContent) -> list[FieldProblem]:
    """The same of what is not a version yet."""
    return [
        FieldProblem(field, message)
        for field, is_there, message in _REQUIRED
        if not is_there(content)
    ]


def _says_when(content: ListingContent) -> bool:
    return bool(content.events) or content.date_state not in (None, DateState.UNKNOWN)
