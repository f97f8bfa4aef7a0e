"""Mail about the way of a listing to the public: what waits is told to those who can publish it,
what became of it to whoever wrote it. No act fails because somebody cannot be told."""

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import user_queries
from portal.accounts.letters import Letterhead, letter
from portal.accounts.models import User
from portal.clock import in_japan
from portal.formats import near_moment
from portal.listings.models import Listing, ListingVersion, public_version
from portal.mail import services as mail
from portal.mail.services import Mail, UnusableAddressError
from portal.publishing import transitions, undoing
from portal.publishing.acts import Act

logger = logging.getLogger(__name__)

PATH = "/staff/listings"
"""Where the links of these mails lead, followed by the public id."""

_TO_AUTHOR = {
    Act.RETURN: ("listing_returned", "直してほしいところがあります"),
    Act.PUBLISH: ("listing_published", "公開されました"),
    Act.SCHEDULE: ("listing_published", "公開が予約されました"),
}
_BY_CLOCK = {
    Act.SUBMIT: ("listing_submitted", "確認のお願い"),
    Act.PUBLISH: ("listing_published", "予約した日時に公開されました"),
    Act.WITHDRAW: ("listing_ended", "掲載が終わりました"),
}


def announce(
    session: Session,
    listing: Listing,
    act: Act,
    *,
    by: User,
    letterhead: Letterhead,
    now: datetime,
) -> None:
    """Put the mails of an act that was just done into the outbox; of most acts there are none.
    Callers commit.

    :param by: who did it, and is not told.
    :param letterhead: its link leads to what is below ``PATH``.
    """
    newest = listing.versions[-1]
    if act is Act.SUBMIT:
        template, subject = "listing_submitted", "確認のお願い"
        to = _approvers(session, listing, by)
    elif act is Act.UNDO and _is_return_undone(session, listing):
        template, subject = "listing_return_undone", "差し戻しの取り消し"
        to = _author(session, listing, newest, by)
    elif act in _TO_AUTHOR:
        template, subject = _TO_AUTHOR[act]
        to = _author(session, listing, newest, by)
    else:
        return
    values = _values(listing, newest, by, letterhead, now)
    for address in to:
        _send(
            session,
            letter(
                template,
                to=address,
                subject=f"{subject}: {newest.title}",
                letterhead=letterhead,
                values=values,
            ),
            now,
        )


def announce_due(
    session: Session, listing: Listing, act: Act, *, letterhead: Letterhead, now: datetime
) -> None:
    """Tell whoever wrote what the public sees, or saw until now, that its time came, be it they who
    set the time: it may be long ago; and approvers what waits for them instead. Callers commit.

    :param act: ``Act.PUBLISH``, ``Act.WITHDRAW`` or ``Act.SUBMIT``, just done by the portal itself.
    """
    if act is Act.SUBMIT:
        shown, to = listing.versions[-1], _approvers(session, listing, None)
    else:
        shown = public_version(listing)
        to = _author(session, listing, shown, None)
    template, subject = _BY_CLOCK[act]
    values = _values(listing, shown, None, letterhead, now)
    for address in to:
        content = letter(
            template,
            to=address,
            subject=f"{subject}: {shown.title}",
            letterhead=letterhead,
            values=values,
        )
        _send(session, content, now)


def _approvers(session: Session, listing: Listing, by: User | None) -> Iterable[str]:
    agency = listing.agency
    people = user_queries.list_approvers(session, agency.id)
    addresses = [person.email for person in people if by is None or person.id != by.id]
    if agency.section_mailbox:
        addresses.append(agency.section_mailbox)
    # One mail each, though a section may have an account under the address of its mailbox.
    return {address.casefold(): address for address in addresses}.values()


def _author(
    session: Session, listing: Listing, version: ListingVersion, by: User | None
) -> Iterable[str]:
    """Nobody, if they are gone or write for somebody else by now."""
    if version.author_id is None or (by is not None and version.author_id == by.id):
        return ()
    author = session.get(User, version.author_id)
    if author is None or author.disabled_at is not None:
        return ()
    return (author.email,) if transitions.may_write_for(author, listing.agency_id) else ()


def _is_return_undone(session: Session, listing: Listing) -> bool:
    """Whether the act taken back last is one that its author was told of."""
    acts = undoing.list_acts(session, listing.id)
    return len(acts) > 1 and acts[-2].act == Act.RETURN


def _values(
    listing: Listing,
    version: ListingVersion,
    by: User | None,
    letterhead: Letterhead,
    now: datetime,
) -> dict[str, object]:
    publish_at = listing.publish_at
    today = in_japan(now).date()
    return {
        "title": version.title,
        "agency": listing.agency.name,
        "by": by.name if by else "",
        "comment": listing.return_comment or "",
        "publish_at": near_moment(publish_at, today) if publish_at else "",
        "link": f"{letterhead.link_url}{listing.public_id}",
    }


def _send(session: Session, content: Mail, now: datetime) -> None:
    try:
        mail.enqueue(session, content, now=now)
    except UnusableAddressError as error:
        # Somebody has to mend the address; the listing does not wait for it.
        logger.warning("not announced: %s", error)
