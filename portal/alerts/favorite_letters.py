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
from portal.listings.models import Listing, ListingVersion
from portal.listings.outlines import Outline, outline_of
from portal.mail.services import Mail

_SETTINGS_PATH = "/me/saved-searches"
_LONGEST_TITLE = 30
"""Characters of a title in a subject."""


@dataclass(frozen=True, slots=True)
class ToldChange:
    """What became of a favourite.

    :ivar lines: what differs, in words.
    :ivar successor: public id and title of what took its place, if that is known.
    """

    what: What
    listing: Listing
    version: ListingVersion
    lines: tuple[str, ...]
    successor: tuple[str, str] | None = None


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
    subject = f"お気に入りに変更がありました: {_short(first.version.title)}{rest}"
    if not others:
        subject = f"お気に入りの{what}: {_short(first.version.title)}"
    values = {"changes": [_values(change, held) for change in told_changes]}
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


def _values(change: ToldChange, held: MemberRound) -> dict[str, object]:
    base_url = held.letterhead.base_url
    values: dict[str, object] = {"what": change.what.value, "lines": change.lines}
    if change.what is What.WITHDRAWN:
        values["title"] = change.version.title
        values["agency_name"] = change.listing.agency.name
        values["tel"] = None if wording.is_sample(change.version) else change.version.tel
        values["successor"] = change.successor and {
            "title": change.successor[1],
            "url": f"{base_url}/listings/{change.successor[0]}",
        }
    else:
        values["listing"] = _listing(outline_of(change.listing), held)
    return values


def _listing(listing: Outline, held: MemberRound) -> ToldListing:
    return told(
        listing,
        today=held.today,
        base_url=held.letterhead.base_url,
        vocabulary=held.vocabulary,
    )


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
