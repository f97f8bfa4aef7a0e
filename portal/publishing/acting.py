"""What all acts on a listing begin and end with."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.actors import actor_of
from portal.accounts.models import User
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import PORTAL, Target
from portal.errors import ChangedMeanwhileError, InvalidTransitionError, NotAllowedError
from portal.listings import queries, services
from portal.listings.models import Listing
from portal.publishing import transitions
from portal.publishing.act_models import ListingAct
from portal.publishing.acts import Act
from portal.publishing.standing import Standing

logger = logging.getLogger(__name__)

SCHEDULE_JOB = "listing-publish"
"""The job that does what somebody scheduled, as events name it."""

_ACTIONS: Mapping[Act, AuditAction] = {
    Act.SUBMIT: AuditAction.LISTING_SUBMITTED,
    Act.TAKE_BACK: AuditAction.LISTING_TAKEN_BACK,
    Act.RETURN: AuditAction.LISTING_RETURNED,
    Act.PUBLISH: AuditAction.LISTING_PUBLISHED,
    Act.SCHEDULE: AuditAction.LISTING_SCHEDULED,
    Act.DROP_CHANGE: AuditAction.LISTING_CHANGE_DROPPED,
    Act.WITHDRAW: AuditAction.LISTING_WITHDRAWN,
    Act.RESTORE: AuditAction.LISTING_RESTORED,
    Act.ARCHIVE: AuditAction.LISTING_ARCHIVED,
    Act.UNARCHIVE: AuditAction.LISTING_UNARCHIVED,
    Act.SET_END: AuditAction.LISTING_END_SET,
    Act.UNPUBLISH: AuditAction.LISTING_UNPUBLISHED,
    Act.CONFIRM: AuditAction.LISTING_CONFIRMED,
    Act.UNDO: AuditAction.LISTING_ACT_UNDONE,
}


def begin(session: Session, listing: Listing, act: Act, *, by: User, seen: int) -> None:
    """What every act begins with: whether it may be done now, by somebody who has seen the newest
    version.

    :param seen: the number of the version that whoever acts had before them.
    :raises NotAllowedError: somebody else has to.
    :raises ChangedMeanwhileError: there is a newer version than whoever acts has seen.
    :raises InvalidTransitionError: the listing is not where this act begins.
    """
    if not transitions.may_act(by, listing, act):
        raise NotAllowedError(f"{by.role} may not {act.value} {listing.public_id}")
    queries.hold(session, listing)
    if services.latest_number(session, listing) != seen:
        raise ChangedMeanwhileError(listing.public_id)
    if not transitions.is_possible(listing, act):
        raise InvalidTransitionError(f"{listing.public_id} does not allow to {act.value}")


def conclude(
    session: Session,
    listing: Listing,
    act: Act,
    *,
    by: User | None,
    comment: str = "",
    replaced: int | None = None,
    before: Standing | None = None,
    undone: Act | None = None,
    now: datetime,
) -> None:
    """What every act ends with: a line in the history of the listing, one event in the record.

    :param by: None for the portal itself.
    :param replaced: the version that the public saw before, of a publication.
    :param before: how the listing stood, of what can be taken back.
    :param undone: what is taken back.
    """
    row = ListingAct(
        listing_id=listing.id,
        version_id=listing.versions[-1].id,
        replaced_version_id=replaced,
        act=act,
        at=now,
        actor_id=by.id if by else None,
        comment=undone.label if undone else comment,
        before=before,
    )
    session.add(row)
    session.flush()
    newest = listing.versions[-1]
    detail: dict[str, str | int | bool | None] = {"version": newest.number, "title": newest.title}
    target = Target("listing", listing.public_id, listing.agency.code)
    if undone is not None:
        detail["undone"] = undone.value
    if by is None:
        detail["job"] = SCHEDULE_JOB
    actor = actor_of(by) if by else PORTAL
    audit.record(session, _ACTIONS[act], actor=actor, target=target, detail=detail, now=now)
    logger.info("listing %s: %s by %s", listing.public_id, act.value, by.id if by else "schedule")
