"""Saving what was typed and, in the same transaction, doing with it what its writer wants: all of
it happens or none. Callers commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from portal import change_log
from portal.accounts.letters import Letterhead
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.errors import FieldProblem, InvalidInputError
from portal.listings.content import ListingContent
from portal.listings.models import Listing, ListingState
from portal.publishing import announcing, editing, publication
from portal.publishing.acts import Act

WRITER_ACTS = (Act.SAVE, Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE)
"""What one may do with what one has just written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of what is saved.

    :ivar act: one of ``WRITER_ACTS``.
    :ivar publish_at: for ``Act.SCHEDULE``.
    :ivar unpublish_at: when a listing that never was public is to be withdrawn by itself; of
        others that is decided apart from their wording.
    :ivar leaves_end: that this stays as it is, whatever ``unpublish_at`` says.
    """

    act: Act = Act.SAVE
    publish_at: datetime | None = None
    unpublish_at: datetime | None = None
    leaves_end: bool = False


def begun(agency: Agency) -> Listing:
    """A listing that is not there yet, to ask what may be done with it; it is never stored."""
    return Listing(agency=agency, agency_id=agency.id, state=ListingState.DRAFT)


def write_new(
    session: Session,
    agency: Agency,
    content: ListingContent,
    plan: Plan,
    *,
    by: User,
    letterhead: Letterhead,
    now: datetime,
) -> Listing:
    """A new listing of an agency.

    :param letterhead: of the mail to those whom it concerns, here and below.
    :raises NotAllowedError: of an agency that whoever writes does not write for.
    :raises InvalidInputError: the plan asks for more than what was written can bear.
    """
    if plan.act is Act.PUBLISH:
        # That it was made is recorded before that it became public.
        change_log.await_turn(session)
    listing = editing.create(session, agency, content, by=by, now=now)
    _go_on(session, listing, plan, by=by, letterhead=letterhead, now=now)
    return listing


def write(
    session: Session,
    listing: Listing,
    content: ListingContent,
    plan: Plan,
    *,
    by: User,
    seen: int,
    letterhead: Letterhead,
    now: datetime,
) -> bool:
    """Another wording of a listing; returns whether that changed or moved anything.

    :param seen: the number of the version that whoever writes began from.
    :raises NotAllowedError: somebody else has to.
    :raises ChangedMeanwhileError: there is a newer version than that; or, where it is to become
        public, other files than whoever writes has seen.
    :raises InvalidTransitionError: the listing is not where the act begins.
    :raises InvalidInputError: the plan asks for more than what was written can bear.
    """
    if plan.act in (Act.PUBLISH, Act.SCHEDULE):
        editing.refuse_unseen_files(session, listing, seen)
    version = editing.save(session, listing, content, by=by, seen=seen, now=now)
    if version is None and listing.stage is None:
        # What the public sees says the same already.
        return False
    _go_on(session, listing, plan, by=by, letterhead=letterhead, now=now)
    return version is not None or plan.act is not Act.SAVE


def _go_on(
    session: Session,
    listing: Listing,
    plan: Plan,
    *,
    by: User,
    letterhead: Letterhead,
    now: datetime,
) -> None:
    if listing.public_version_id is None and not plan.leaves_end:
        _set_end(listing, plan, now=now)
        session.flush()
    if plan.act is not Act.SAVE:
        # What was written says all that the newest version says, so it has been seen.
        seen = listing.versions[-1].number
        _doing(plan)[plan.act](session, listing, by=by, seen=seen, now=now)
        announcing.announce(session, listing, plan.act, by=by, letterhead=letterhead, now=now)


def _set_end(listing: Listing, plan: Plan, *, now: datetime) -> None:
    ends_at = plan.unpublish_at
    # One that waits for its time already may be saved without saying when again.
    shown_from = plan.publish_at or listing.publish_at or now
    if ends_at is not None and ends_at <= max(now, shown_from):
        message = "掲載を終える日時は、これから先で、公開する日時よりあとにしてください。"
        raise InvalidInputError([FieldProblem("unpublish_at", message)])
    listing.unpublish_at = ends_at


def _doing(plan: Plan) -> Mapping[Act, Callable[..., None]]:
    return {
        Act.SUBMIT: publication.submit,
        Act.PUBLISH: publication.publish,
        Act.SCHEDULE: partial(_schedule, at=plan.publish_at),
    }


def _schedule(
    session: Session,
    listing: Listing,
    *,
    at: datetime | None,
    by: User,
    seen: int,
    now: datetime,
) -> None:
    if at is None:
        message = "公開する日時を入れてください。"
        raise InvalidInputError([FieldProblem("publish_at", message)])
    publication.schedule(session, listing, at, by=by, seen=seen, now=now)
