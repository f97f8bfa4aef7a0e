"""What was done to many listings, and to which of them not, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.listings.models import Listing
from portal.publishing.act_models import ListingAct
from portal.publishing.acts import Act
from portal.publishing.bulk import Outcome, Refused

NOTHING_CHOSEN = "何も選ばれていません。支援情報の左の四角に印を付けてください。"

_NAMED = 10
"""How many are named for each reason: what is told goes through a cookie."""
_LONGEST_TITLE = 20


@dataclass(frozen=True, slots=True)
class UndoableRow:
    """Something that was done just now; ``chosen`` is what names it in the form."""

    id: str
    title: str
    done: str
    chosen: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """A listing that was ticked."""

    id: str
    title: str
    chosen: str


def told(outcome: Outcome, done: str) -> list[str]:
    """Sentences: how many, then those left out by what keeps them from it.

    :param done: ``{}`` in it is a number.
    """
    sentences = [done.format(outcome.done)] if outcome.done else []
    by_reason: dict[str, list[Refused]] = {}
    for refused in outcome.refused:
        by_reason.setdefault(refused.reason, []).append(refused)
    sentences += [_left_out(reason, those) for reason, those in by_reason.items()]
    return sentences


def choice(listing: Listing) -> str:
    """What names a listing and its newest version in a form."""
    return f"{listing.public_id}:{listing.versions[-1].number}"


def undoable_rows(found: Sequence[tuple[Listing, ListingAct]]) -> tuple[UndoableRow, ...]:
    """What somebody did just now, in the same order: the last first. What was done at once with the
    last is ticked."""
    newest = found[0][1].at if found else None
    return tuple(
        UndoableRow(
            id=listing.public_id,
            title=listing.versions[-1].title,
            done=Act(act.act).done,
            chosen=choice(listing),
            is_ticked=act.at == newest,
        )
        for listing, act in found
    )


def _left_out(reason: str, those: Sequence[Refused]) -> str:
    names = "、".join(_name(refused) for refused in those[:_NAMED])
    more = f" ほか{len(those) - _NAMED}件" if len(those) > _NAMED else ""
    return f"次の{len(those)}件には、していません（{reason}）: {names}{more}"


def _name(refused: Refused) -> str:
    if not refused.title:
        return refused.public_id
    title = refused.title
    short = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    return f"「{short}」（{refused.public_id}）"
