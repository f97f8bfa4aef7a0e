"""What was done just now, taken back: the listing is where it was before, as if nobody had pressed
the button, and the record tells of both."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import User
from portal.errors import InvalidTransitionError, NotAllowedError
from portal.listings import services
from portal.listings.models import ChangeState, Listing, ListingState
from portal.publishing import transitions
from portal.publishing.act_models import ListingAct
from portal.publishing.acting import begin, conclude
from portal.publishing.acts import Act
from portal.publishing.standing import put_back, put_confirmation_back

UNDO_WITHIN = timedelta(minutes=10)

UNDOABLE = (Act.PUBLISH, Act.CONFIRM, Act.RETURN, Act.WITHDRAW, Act.ARCHIVE)
"""What somebody can take back, if they did it just now and it was not the clock."""

_OF_THE_PUBLIC = (Act.PUBLISH, Act.WITHDRAW, Act.RESTORE)
_IN_PLACE = (Act.SET_END, Act.CONFIRM)
"""Acts that move nothing."""


def undo(session: Session, listing: Listing, *, by: User, seen: int, now: datetime) -> None:
    """Take the last act back. Callers commit.

    :param seen: the number of the version that whoever acts had before them.
    :raises NotAllowedError: somebody else has to, as with the act itself.
    :raises InvalidTransitionError: it was too long ago, cannot be taken back, or something was done
        or written since.
    """
    last = _last_act(session, listing.id)
    if last is not None and last.act == Act.PUBLISH:
        undo_publication(session, listing, by=by, seen=seen, now=now)
        return
    begin(session, listing, Act.UNDO, by=by, seen=seen)
    last = _last_act(session, listing.id)
    if last is None or last.before is None or not _is_undoable(last, listing, now):
        raise InvalidTransitionError(f"nothing was done to {listing.public_id} just now")
    undone = Act(last.act)
    if not transitions.may_act(by, listing, undone):
        raise NotAllowedError(f"{by.role} may not {undone.value} {listing.public_id}")
    if undone is Act.WITHDRAW:
        services.note_public_change(session, listing, now=now)
    put_back(listing, last.before)
    conclude(session, listing, Act.UNDO, by=by, undone=undone, now=now)


def undo_publication(
    session: Session, listing: Listing, *, by: User, seen: int, now: datetime
) -> None:
    """Take a publication back: what was submitted waits again to be looked at, and the public sees
    again what it saw before. Callers commit.

    :raises InvalidTransitionError: it was too long ago, or something was done or written since.
    """
    begin(session, listing, Act.UNPUBLISH, by=by, seen=seen)
    acts = list_acts(session, listing.id)
    if not acts or acts[-1].act != Act.PUBLISH or not _is_undoable(acts[-1], listing, now):
        raise InvalidTransitionError(f"{listing.public_id} was not published just now")
    published, before = acts[-1], in_force(acts[:-1])
    was_submitted = bool(before) and before[-1].act == Act.SUBMIT
    stage = ChangeState.IN_REVIEW if was_submitted else ChangeState.DRAFT
    _go_back(listing, published.replaced_version_id, stage)
    was_returned = bool(before) and before[-1].act == Act.RETURN
    listing.return_comment = before[-1].comment if was_returned else None
    _withdraw_again(listing, before)
    if published.before is not None:
        put_confirmation_back(listing, published.before)
    services.note_public_change(session, listing, now=now)
    conclude(session, listing, Act.UNPUBLISH, by=by, now=now)


def list_acts(session: Session, listing_id: int) -> Sequence[ListingAct]:
    """All that was done to a listing, in order."""
    wanted = select(ListingAct).where(ListingAct.listing_id == listing_id)
    return session.scalars(wanted.order_by(ListingAct.id)).all()


def in_force(acts: Sequence[ListingAct]) -> list[ListingAct]:
    """Acts that moved a listing, without those that were taken back."""
    found: list[ListingAct] = []
    for last, act in pairwise([None, *acts]):
        if act is None or act.act in _IN_PLACE:
            continue
        if act.act not in (Act.UNPUBLISH, Act.UNDO):
            found.append(act)
        elif last is not None and last.act not in _IN_PLACE:
            # Nothing is done between an act and taking it back.
            found.pop()
    return found


def find_undoable(
    session: Session, by: User, *, agency_id: int | None, now: datetime
) -> Sequence[tuple[Listing, ListingAct]]:
    """What somebody did just now and can take back, the last first.

    :param agency_id: only of this agency; None for all.
    """
    last = aliased(ListingAct)
    newest = select(func.max(last.id)).where(last.listing_id == Listing.id).scalar_subquery()
    wanted = (
        select(Listing, ListingAct)
        .join(ListingAct, (ListingAct.listing_id == Listing.id) & (ListingAct.id == newest))
        .where(
            ListingAct.act.in_(UNDOABLE),
            ListingAct.actor_id == by.id,
            ListingAct.at > now - UNDO_WITHIN,
        )
        .order_by(ListingAct.id.desc())
    )
    if agency_id is not None:
        wanted = wanted.where(Listing.agency_id == agency_id)
    found = session.execute(wanted)
    return [(listing, act) for listing, act in found if _is_undoable(act, listing, now)]


def undoable_act(session: Session, listing: Listing, *, now: datetime) -> Act | None:
    """What was done to a listing just now and can be taken back: nothing was done or written
    since."""
    last = _last_act(session, listing.id)
    return Act(last.act) if last is not None and _is_undoable(last, listing, now) else None


def _last_act(session: Session, listing_id: int) -> ListingAct | None:
    of_it = select(ListingAct).where(ListingAct.listing_id == listing_id)
    return session.scalar(of_it.order_by(ListingAct.id.desc()).limit(1))


def _is_undoable(last: ListingAct, listing: Listing, now: datetime) -> bool:
    act = Act(last.act)
    if act not in UNDOABLE or now - last.at > UNDO_WITHIN:
        return False
    if act is Act.PUBLISH:
        return (
            listing.state == ListingState.PUBLISHED
            and listing.stage is None
            and listing.public_version_id == last.version_id
        )
    is_by_somebody = last.before is not None and last.actor_id is not None
    return is_by_somebody and listing.versions[-1].id == last.version_id


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
