"""The job that mails changes of favourites: one mail for a member and run, with all that changed.
What does not matter is noted without a mail, and so is everything while they want none."""

from functools import partial

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.alerts import changes, favorite_letters, favorite_queries, settings
from portal.alerts.changes import Seen, Standing, What
from portal.alerts.favorite_letters import ToldChange
from portal.alerts.favorite_models import ChangeNotice
from portal.alerts.favorite_queries import Changed
from portal.alerts.member_rounds import MemberRound, MembersTold, tell_each
from portal.favorites import queries as kept_queries
from portal.listings import differences, relation_queries
from portal.listings.models import Listing, ListingState, ListingVersion
from portal.listings.version_content import content_of
from portal.mail import services as mail

_Told = dict[tuple[Seen, Seen], ToldChange | None]
"""What is told of a listing that was one thing and is another; many keep the same."""


def tell_changed(held: MemberRound) -> MembersTold:
    """Put the mails about what changed into the outbox."""
    with held.sessions() as session:
        owners = favorite_queries.list_changed_owners(session, held.now)
    return tell_each(held, owners, partial(_tell, held, _Told()))


def _tell(held: MemberRound, known: _Told, session: Session, user: User) -> bool:
    told = []
    for row in favorite_queries.list_changed(session, user.id, held.now):
        before, after = _before(row), _after(row)
        if (before, after) not in known:
            known[before, after] = _told(session, held, row.listing, before, after)
        told.append(known[before, after])
        session.merge(_notice(row, after, held))
    found = [change for change in told if change is not None]
    is_wanted = settings.find_setting(session, user.id).has_change_mails and not user.is_disabled
    if not found or not is_wanted:
        return False
    mail.enqueue(session, favorite_letters.changes(user, found, held), now=held.now)
    return True


def _before(row: Changed) -> Seen:
    """The newest version that the owner was told, or says on the page to know."""
    standing = Standing.WITHDRAWN if row.was_told_withdrawn else Standing.PUBLISHED
    return Seen(max(row.known_versions)[1], standing)


def _after(row: Changed) -> Seen:
    is_public = row.listing.state == ListingState.PUBLISHED
    standing = Standing.PUBLISHED if is_public else Standing.WITHDRAWN
    return Seen(row.listing.public_version_id or 0, standing)


def _told(
    session: Session, held: MemberRound, listing: Listing, before: Seen, after: Seen
) -> ToldChange | None:
    """What is told of a listing; None if nothing that matters."""
    versions = kept_queries.whole_versions(session, {before.version_id, after.version_id})
    version = versions[after.version_id]
    lines = _differences(versions[before.version_id], version, held)
    what = changes.what_to_tell(before, after, has_differences=bool(lines))
    if what is None:
        return None
    if what is not What.WITHDRAWN:
        return favorite_letters.changed(what, listing, lines, held)
    successor = relation_queries.find_successor(session, listing.id)
    return favorite_letters.withdrawn(listing, version, successor, held)


def _differences(
    before: ListingVersion, after: ListingVersion, held: MemberRound
) -> tuple[str, ...]:
    old, new = content_of(before), content_of(after)
    fields = changes.changed_fields(old, new)
    found = differences.differences(
        old,
        new,
        vocabulary=held.vocabulary,
        # Neither partners nor relations are among what is told.
        agency_names={},
        listing_titles={},
        today=held.today,
    )
    return tuple(difference.in_words() for difference in found if difference.field in fields)


def _notice(row: Changed, after: Seen, held: MemberRound) -> ChangeNotice:
    return ChangeNotice(
        user_id=row.user_id,
        listing_id=row.listing.id,
        version_id=after.version_id,
        is_withdrawn=after.standing is Standing.WITHDRAWN,
        told_at=held.now,
    )
