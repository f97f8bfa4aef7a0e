"""A set of listings that somebody shares, and what is said of sets."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.favorites.facts import successors_of
from portal.favorites.models import MOST_FAVORITES, MOST_OF_MEMBER
from portal.listings.listing_sets import MOST_NAMED, NamedListings
from portal.listings.models import public_id_of
from portal.listings.outlines import outline_of
from portal.listings.presenters import Card, cards
from portal.listings.vocabulary import Vocabulary

MOST_IN_CODE = 30
"""Listings in a QR code: of more, its squares are too small for a phone to read from a screen."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A listing of the set that is public no more, and what took its place, if that is known."""

    id: str
    agency_name: str
    successor: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class SharedPage:
    """Everything the page of a shared set prints."""

    ids: tuple[str, ...]
    cards: tuple[Card, ...]
    withdrawn: tuple[Withdrawn, ...]
    notices: tuple[str, ...]


def shared_page(
    session: Session, found: NamedListings, *, today: date, vocabulary: Vocabulary
) -> SharedPage:
    """The page of a set, in the order of its address."""
    successors = successors_of(session, found.withdrawn)
    outlines = [outline_of(listing) for listing in found.shown]
    return SharedPage(
        ids=tuple(public_id_of(listing.id) for listing in found.shown),
        cards=cards(outlines, today=today, vocabulary=vocabulary),
        withdrawn=tuple(
            Withdrawn(row.public_id, row.agency.name, successors.get(row.id))
            for row in found.withdrawn
        ),
        notices=_notices(found),
    )


def full(most: int) -> str:
    """What to do where there is no room for one more."""
    if most == MOST_FAVORITES:
        return (
            f"お気に入りは{most}件までです。いらないものを外すか、会員登録（無料）をして"
            f"ログインすると、{MOST_OF_MEMBER}件まで入れられます。"
        )
    return f"お気に入りは{most}件までです。いらないものを外してから、もう一度押してください。"


def _notices(found: NamedListings) -> tuple[str, ...]:
    notices = []
    if found.left_out:
        notices.append(f"見つからない支援が{found.left_out}件あったため、除いて表示しています。")
    if found.is_cut:
        notices.append(
            f"一度に表示できるのは{MOST_NAMED}件までです。はじめのものを表示しています。"
        )
    return tuple(notices)
