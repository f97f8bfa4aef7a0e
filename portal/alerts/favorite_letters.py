"""The mails about favourites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.accounts.letters import letter
from portal.accounts.models import User
from portal.alerts.changes import What
from portal.alerts.member_rounds import MemberRound
from portal.alerts.sealed_links import Subject
from portal.alerts.told_listings import ToldListing, told
from portal.listings import wording
from portal.listings.models import Listing, ListingVersion, public_id_of
from portal.listings.outlines import Outline, outline_of
from portal.mail.services import Mail

_SETTINGS_PATH = "/me/saved-searches"
_LONGEST_TITLE = 30
"""Characters of a title in a subject."""


@dataclass(frozen=True, slots=True)
class Link:
    """A listing by its title, and where it is."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ToldChange:
    """What became of a favourite, as a mail tells it.

    :ivar lines: what differs, in words.
    :ivar listing: how it is now; None if it is no longer public.
    :ivar successor: what took its place, if that is known.
    """

    what: What
    title: str
    lines: tuple[str, ...] = ()
    listing: ToldListing | None = None
    agency_name: str = ""
    tel: str | None = None
    successor: Link | None = None


def changed(what: What, listing: Listing, lines: tuple[str, ...], held: MemberRound) -> ToldChange:
    """Tells of a listing that is public."""
    shown = _listing(outline_of(listing), held)
    return ToldChange(what, shown.title, lines, listing=shown)


def withdrawn(
    listing: Listing,
    version: ListingVersion,
    successor: tuple[int, str] | None,
    held: MemberRound,
) -> ToldChange:
    """Tells of a listing that is not public any more.

    :param successor: row id and title.
    """
    link = None
    if successor is not None:
        url = f"{held.letterhead.base_url}/listings/{public_id_of(successor[0])}"
        link = Link(successor[1], url)
    return ToldChange(
        What.WITHDRAWN,
        version.title,
        agency_name=listing.agency.name,
        # Nobody answers the telephone of a sample.
        tel=None if wording.is_sample(version) else version.tel,
        successor=link,
    )


def deadlines(user: User, listings: Sequence[Outline], held: MemberRound) -> Mail:
    """Tells of all deadlines that are near, the nearest first."""
    first, others = listings[0], len(listings) - 1
    subject = f"締切が近づいています: {_short(first.title)}" + (
        f" ほか{others}件" if others else ""
    )
    values = {"listings": [_listing(listing, held) for listing in listings]}
    return _letter("favorite_deadlines", user, subject, values, Subject.DEADLINES, held)


def changes(user: User, told_changes: Sequence[ToldChange], held: MemberRound) -> Mail:
    """Tells of all favourites that changed."""
    first, others = told_changes[0], len(told_changes) - 1
    what = "掲載が終わりました" if first.what is What.WITHDRAWN else "変更がありました"
    rest = f" ほか{others}件" if others else ""
    subject = f"お気に入りに変更がありました: {_short(first.title)}{rest}"
    if not others:
        subject = f"お気に入りの{what}: {_short(first.title)}"
    values = {"changes": told_changes}
    return _letter("favorite_changes", user, subject, values, Subject.CHANGES, held)


def _letter(
    template: str,
    user: User,
    subject: str,
    values: Mapping[str, object],
    about: Subject,
    held: MemberRound,
) -> Mail:
    stop_url = held.links.to_stop(about, user.id)
    composed = letter(
        template,
        to=user.email,
        subject=subject,
        letterhead=held.letterhead,
        values={
            **values,
            "name": user.name,
            "settings_url": f"{held.letterhead.base_url}{_SETTINGS_PATH}",
            "favorites_url": f"{held.letterhead.base_url}/favorites",
            "stop_url": stop_url,
        },
    )
    return replace(composed, unsubscribe_url=stop_url)


def _listing(listing: Outline, held: MemberRound) -> ToldListing:
    return told(
        listing,
        today=held.today,
        base_url=held.letterhead.base_url,
        vocabulary=held.vocabulary,
    )


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
