"""What a listing must say before the public sees it."""

from collections.abc import Callable

from portal.errors import FieldProblem
from portal.listings.date_state import KINDS_OF_A_DAY
from portal.listings.models import DateState, ListingVersion

_NO_CONTACT = "電話かメールの問い合わせ先を入れてください。読んだ人が最初に連絡する所です。"

# Field, whether it is there, and what to do if it is not.
_REQUIRED: tuple[tuple[str, Callable[[ListingVersion], object], str], ...] = (
    ("title", lambda version: version.title.strip(), "制度の名前を入れてください。"),
    (
        "summary",
        lambda version: version.summary.strip(),
        "概要を入れてください。検索結果で題名の下に出る、1、2文です。",
    ),
    (
        "kind",
        lambda version: "kind" not in version.undecided,
        "支援の種類を選んでください。",
    ),
    ("regions", lambda version: version.region_codes, "使える地域を1つ以上選んでください。"),
    ("purposes", lambda version: version.purpose_codes, "目的を1つ以上選んでください。"),
    ("industries", lambda version: version.industry_codes, "業種を選んでください。"),
    (
        "date_state",
        lambda version: "date_state" not in version.undecided,
        "受付の状態を選んでください。決まっていなければ「日程未確認」を選びます。",
    ),
    ("tel", lambda version: version.tel or version.email, _NO_CONTACT),
    (
        "events-0-held_on",
        lambda version: version.kind not in KINDS_OF_A_DAY or _says_when(version),
        "開催日を入れてください。決まっていなければ、受付の状態を「近日」にしてください。",
    ),
)


def missing(version: ListingVersion) -> list[FieldProblem]:
    """What still has to be told; empty if the public can see it."""
    return [
        FieldProblem(field, message)
        for field, is_there, message in _REQUIRED
        if not is_there(version)
    ]


def _says_when(version: ListingVersion) -> bool:
    return bool(version.events) or version.date_state != DateState.UNKNOWN
