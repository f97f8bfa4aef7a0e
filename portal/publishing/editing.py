"""Writing listings: each save is a version. Callers commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.actors import actor_of
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Target
from portal.errors import (
    ChangedMeanwhileError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)
from portal.listings import queries, services
from portal.listings.content import ListingContent
from portal.listings.models import ChangeState, Listing, ListingState, ListingVersion
from portal.listings.version_content import (
    content_of,
    differs_only_in_files,
    relations_of,
    says_the_same,
)
from portal.publishing import completeness, relation_rules, transitions
from portal.publishing.acts import Act


def create(
    session: Session, agency: Agency, content: ListingContent, *, by: User, now: datetime
) -> Listing:
    """A new draft of an agency.

    :raises NotAllowedError: of an agency that whoever acts does not write for.
    :raises InvalidInputError: it says of other listings what cannot be.
    """
    if not transitions.may_write_for(by, agency.id):
        raise NotAllowedError(f"{by.role} may not write for {agency.code}")
    repeated = list(relation_rules.within(content.relations))
    if repeated:
        raise InvalidInputError(repeated)
    listing = services.create_listing(session, agency, content, now=now, author_id=by.id)
    relation_rules.refuse_in_draft(session, listing, content.relations)
    target = Target("listing", listing.public_id, agency.code)
    detail = {"title": content.title}
    actor = actor_of(by)
    audit.record(
        session, AuditAction.LISTING_CREATED, actor=actor, target=target, detail=detail, now=now
    )
    return listing


def save(
    session: Session,
    listing: Listing,
    content: ListingContent,
    *,
    by: User,
    seen: int,
    now: datetime,
) -> ListingVersion | None:
    """Keep what was written as the newest version; None if it says what the newest says already.

    What waits for its time becomes a draft again if somebody changes it who may not publish, as
    nobody has approved what it says now; or if it says too little now to be published. Files that
    somebody added or removed while the texts were being written stay so, unless ``content`` names
    files itself.

    :param seen: the number of the version that whoever writes began from.
    :raises NotAllowedError: somebody else has to.
    :raises ChangedMeanwhileError: there is a newer version than that, and it says something else.
    :raises InvalidTransitionError: the listing is put away.
    :raises InvalidInputError: it says of other listings what contradicts what they say.
    """
    if not transitions.may_act(by, listing, Act.SAVE):
        raise NotAllowedError(f"{by.role} may not write {listing.public_id}")
    queries.hold(session, listing)
    if says_the_same(content, listing.versions[-1]):
        return None
    if _is_overtaken(session, listing, content, seen):
        raise ChangedMeanwhileError(listing.public_id)
    if not transitions.is_possible(listing, Act.SAVE):
        raise InvalidTransitionError(f"{listing.public_id} is put away")
    if content.relations != relations_of(listing.versions[-1]):
        relation_rules.refuse_in_draft(session, listing, content.relations)
    version = services.save_version(session, listing, content, now=now, author_id=by.id)
    _note_stage(listing, by)
    if listing.public_version_id is None:
        listing.updated_at = now
    session.flush()
    return version


def refuse_unseen_files(session: Session, listing: Listing, seen: int) -> None:
    """Texts may be saved beside files that somebody else added or removed; but what becomes public
    has been seen whole. Holds the listing.

    :raises ChangedMeanwhileError: the newest version has other files than the one that was seen.
    """
    queries.hold(session, listing)
    newest = listing.versions[-1]
    if 1 <= seen < newest.number:
        files = content_of(listing.versions[seen - 1]).attachments
        if files != content_of(newest).attachments:
            raise ChangedMeanwhileError(listing.public_id)


def _is_overtaken(session: Session, listing: Listing, content: ListingContent, seen: int) -> bool:
    if services.latest_number(session, listing) == seen:
        return False
    if content.attachments is not None or not 1 <= seen <= len(listing.versions):
        return True
    return not differs_only_in_files(listing.versions[seen - 1], listing.versions[-1])


def _note_stage(listing: Listing, by: User) -> None:
    if listing.stage is None:
        listing.change_state = ChangeState.DRAFT
    elif listing.stage is ChangeState.SCHEDULED and not _may_wait(listing, by):
        listing.publish_at = None
        if listing.public_version_id is None:
            listing.state = ListingState.DRAFT
        else:
            listing.change_state = ChangeState.DRAFT


def _may_wait(listing: Listing, by: User) -> bool:
    """Whether what was just written may become public by itself: nobody looks at it before."""
    is_whole = not completeness.missing(listing.versions[-1])
    return is_whole and transitions.may_act(by, listing, Act.PUBLISH)
