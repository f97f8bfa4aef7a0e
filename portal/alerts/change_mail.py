"""The job that mails changes of favourites: one mail for a member and run, with all that changed.
What does not matter is noted without a mail, and so is everything while they want none."""

from collections.abc import Iterable
from functools import partial

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.alerts import changes, favorite_letters, favorite_queries, settings
from portal.alerts.changes import Seen, Standing, What
from portal.alerts.favorite_letters import ToldChange
from portal.alerts.favorite_models import ChangeNotice
from portal.alerts.favorite_queries import Changed
from portal.alerts.member_rounds import MemberRound, MembersTold, tell_each
from portal.listings import differences, relation_queries
from portal.listings.models import Listing, ListingState, ListingVersion, public_id_of
from portal.listings.version_content import content_of
from portal.mail import services as mail

Words = dict[tuple[int, int], tuple[str, ...]]
"""What differs between two versions, by their row ids; many keep the same listing."""


def tell_changed(held: MemberRound) -> MembersTold:
    """Put the mails about what changed into the outbox."""
    with held.sessions() as session:
        owners = favorite_queries.list_changed_owners(session, held.now)
    return tell_each(held, owners, partial(_tell, held, Words()))


def _tell(held: MemberRound, words: Words, session: Session, user: User) -> bool:
    changed = favorite_queries.list_changed(session, user.id, held.now)
    told = [told for row in changed if (told := _told(session, held, words, row)) is not None]
    for row in changed:
        session.merge(_notice(row, held))
    is_wanted = settings.find_setting(session, user.id).has_change_mails and not user.is_disabled
    if not told or not is_wanted:
        return False
    mail.enqueue(session, favorite_letters.changes(user, told, held), now=held.now)
    return True


def _told(session: Session, held: MemberRound, words: Words, row: Changed) -> ToldChange | None:
    """What a member is told of one favourite; None if nothing that matters."""
    public_id = row.listing.public_version_id
    ids = {row.known_version_id, row.told_version_id, public_id} - {None}
    versions = favorite_queries.versions_by_id(session, [id_ for id_ in ids if id_ is not None])
    after = versions[public_id or 0]
    before = _known(row, versions.values())
    key = before.id, after.id
    if key not in words:
        words[key] = _differences(before, after, held)
    was = Standing.WITHDRAWN if row.was_told_withdrawn else Standing.PUBLISHED
    what = changes.what_to_tell(
        Seen(before.id, was),
        Seen(after.id, _standing(row.listing)),
        has_differences=bool(words[key]),
    )
    if what is None:
        return None
    successor = None
    if what is What.WITHDRAWN:
        successor = relation_queries.find_successor(session, row.listing.id)
    return ToldChange(
        what=what,
        version=after,
        listing=row.listing,
        lines=() if what is What.WITHDRAWN else words[key],
        successor=(public_id_of(successor[0]), successor[1]) if successor else None,
    )


def _known(row: Changed, versions: Iterable[ListingVersion]) -> ListingVersion:
    """The newest version that the owner was told, or says on the page to know."""
    known = {row.known_version_id, row.told_version_id}
    return max((v for v in versions if v.id in known), key=lambda version: version.number)


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


def _standing(listing: Listing) -> Standing:
    is_public = listing.state == ListingState.PUBLISHED
    return Standing.PUBLISHED if is_public else Standing.WITHDRAWN


def _notice(row: Changed, held: MemberRound) -> ChangeNotice:
    return ChangeNotice(
        user_id=row.user_id,
        listing_id=row.listing.id,
        version_id=row.listing.public_version_id,
        is_withdrawn=_standing(row.listing) is Standing.WITHDRAWN,
        told_at=held.now,
    )
