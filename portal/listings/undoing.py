"""A publication taken back right after it: the listing is where it was before, as if nobody had
pressed the button, and the record tells of both."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import User
from portal.errors import InvalidTransitionError
from portal.listings import services
from portal.listings.act_models import ListingAct
from portal.listings.acting import begin, conclude
from portal.listings.acts import Act
from portal.listings.models import ChangeState, Listing, ListingState

UNDO_WITHIN = timedelta(minutes=10)

_OF_THE_PUBLIC = (Act.PUBLISH, Act.WITHDRAW, Act.RESTORE)


def undo_publication(
    session: Session, listing: Listing, *, by: User, seen: int, now: datetime
) -> None:
    """Take a publication back: what was submitted waits again to be looked at, and the public sees
    again what it saw before. Callers commit.

    :raises InvalidTransitionError: it was too long ago, or something was done or written since.
    """
    begin(session, listing, Act.UNPUBLISH, by=by, seen=seen)
    acts = list_acts(session, listing.id)
    if not acts or not _is_undoable(acts[-1], listing, now):
        raise InvalidTransitionError(f"{listing.public_id} was not published just now")
    published, before = acts[-1], in_force(acts[:-1])
    was_submitted = bool(before) and before[-1].act == Act.SUBMIT
    stage = ChangeState.IN_REVIEW if was_submitted else ChangeState.DRAFT
    _go_back(listing, published.replaced_version_id, stage)
    was_returned = bool(before) and before[-1].act == Act.RETURN
    listing.return_comment = before[-1].comment if was_returned else None
    _withdraw_again(listing, before)
    services.note_public_change(session, listing, now=now)
    conclude(session, listing, Act.UNPUBLISH, by=by, now=now)


def list_acts(session: Session, listing_id: int) -> Sequence[ListingAct]:
    """All that was done to a listing, in order."""
    wanted = select(ListingAct).where(ListingAct.listing_id == listing_id)
    return session.scalars(wanted.order_by(ListingAct.id)).all()


def in_force(acts: Sequence[ListingAct]) -> list[ListingAct]:
    """Acts that moved a listing, without publications that were taken back."""
    found: list[ListingAct] = []
    for act in acts:
        if act.act == Act.UNPUBLISH:
            # Nothing is done between the two.
            found.pop()
        elif act.act != Act.SET_END:
            found.append(act)
    return found


def find_undoable(
    session: Session, by: User, *, agency_id: int | None, now: datetime
) -> Sequence[Listing]:
    """What somebody published just now and can take back, the last first.

    :param agency_id: only of this agency; None for all.
    """
    last = aliased(ListingAct)
    newest = select(func.max(last.id)).where(last.listing_id == Listing.id).scalar_subquery()
    wanted = (
        select(Listing, ListingAct)
        .join(ListingAct, (ListingAct.listing_id == Listing.id) & (ListingAct.id == newest))
        .where(
            ListingAct.act == Act.PUBLISH.value,
            ListingAct.actor_id == by.id,
            ListingAct.at > now - UNDO_WITHIN,
        )
        .order_by(ListingAct.id.desc())
    )
    if agency_id is not None:
        wanted = wanted.where(Listing.agency_id == agency_id)
    found = session.execute(wanted)
    return [listing for listing, act in found if _is_undoable(act, listing, now)]


def is_undoable(session: Session, listing: Listing, *, now: datetime) -> bool:
    """Whether a listing was published just now, and nothing was done or written since."""
    acts = list_acts(session, listing.id)
    return bool(acts) and _is_undoable(acts[-1], listing, now)


def _is_undoable(last: ListingAct, listing: Listing, now: datetime) -> bool:
    is_recent = last.act == Act.PUBLISH and now - last.at <= UNDO_WITHIN
    is_as_published = (
        listing.state == ListingState.PUBLISHED
        and listing.stage is None
        and listing.public_version_id == last.version_id
    )
    return is_recent and is_as_published


def _go_back(listing: Listing, shown_before: int | None, stage: ChangeState) -> None:
    listing.public_version_id = shown_before
    if shown_before is None:
        listing.state = ListingState(stage.value)
        listing.published_at = None
    else:
        listing.change_state = stage


def _withdrawn_by(before: Sequence[ListingAct]) -> ListingAct | None:
    """The withdrawal that still held when the listing was published."""
    of_the_public = [act for act in before if act.act in _OF_THE_PUBLIC]
    last = of_the_public[-1] if of_the_public else None
    return last if last is not None and last.act == Act.WITHDRAW else None


def _withdraw_again(listing: Listing, before: Sequence[ListingAct]) -> None:
    withdrawal = _withdrawn_by(before)
    if withdrawal is not None:
        listing.state = ListingState.WITHDRAWN
        listing.withdrawn_at = withdrawal.at
        listing.withdraw_reason = withdrawal.comment
