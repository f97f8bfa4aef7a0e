"""The job that mails deadlines of favourites: one mail for a member and day, with all that are
due."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.alerts import deadlines, favorite_letters, favorite_queries
from portal.alerts.deadlines import DAYS_BEFORE, MADE_UP_FOR, Kept, Notice
from portal.alerts.favorite_models import DeadlineNotice
from portal.alerts.favorite_queries import Wanted
from portal.alerts.member_rounds import MemberRound, MembersTold, tell_each
from portal.listings import outline_queries
from portal.listings.date_state import status_on
from portal.listings.models import public_id_of
from portal.listings.outlines import Outline
from portal.mail import services as mail

_BATCH = 500


def tell_due(held: MemberRound) -> MembersTold:
    """Put the mails of this day into the outbox."""
    with held.sessions() as session:
        closing = _closing(session, held)
        wanted = favorite_queries.list_wanted(session, closing.keys())
        told = favorite_queries.told_deadlines(session, held.today)
    owners = dict.fromkeys(
        row.user_id for row in wanted if _untold(held, [row], closing, told.get(row.user_id, set()))
    )
    return tell_each(held, owners, partial(_tell, held, closing))


def _closing(session: Session, held: MemberRound) -> dict[int, Outline]:
    """The favourites of anybody whose deadline is near enough, by row id."""
    public_ids = [public_id_of(id_) for id_ in favorite_queries.list_published_favorites(session)]
    return {
        outline.listing_id: outline
        for start in range(0, len(public_ids), _BATCH)
        for outline in outline_queries.published_by_public_ids(
            session, public_ids[start : start + _BATCH]
        )
        if _is_near(outline, held)
    }


def _is_near(outline: Outline, held: MemberRound) -> bool:
    left = status_on(outline, held.today).days_left(held.today)
    return left is not None and any(days - MADE_UP_FOR.days <= left <= days for days in DAYS_BEFORE)


def _tell(held: MemberRound, closing: Mapping[int, Outline], session: Session, user: User) -> bool:
    wanted = favorite_queries.list_wanted(session, closing.keys(), user_id=user.id)
    told = favorite_queries.told_deadlines(session, held.today, user_id=user.id)
    notices = _untold(held, wanted, closing, told.get(user.id, set()))
    if not notices:
        return False
    session.add_all(_row(notice, user, held) for notice in notices)
    listings = [closing[notice.listing_id] for notice in notices]
    mail.enqueue(session, favorite_letters.deadlines(user, listings, held), now=held.now)
    return True


def _untold(
    held: MemberRound,
    wanted: Sequence[Wanted],
    closing: Mapping[int, Outline],
    told: Collection[Notice],
) -> list[Notice]:
    """What is due of some favourites of one member and was not told."""
    found = deadlines.find_notices(_kept(wanted, closing), today=held.today)
    return [notice for notice in found if notice not in told]


def _kept(wanted: Sequence[Wanted], closing: Mapping[int, Outline]) -> list[Kept]:
    return [
        Kept(
            listing_id=row.listing_id,
            listing=closing[row.listing_id],
            wanted_from=row.wanted_from,
            updated_at=closing[row.listing_id].updated_at,
        )
        for row in wanted
    ]


def _row(notice: Notice, user: User, held: MemberRound) -> DeadlineNotice:
    return DeadlineNotice(
        user_id=user.id,
        listing_id=notice.listing_id,
        closes_on=notice.closes_on,
        days_before=notice.days_before,
        told_at=held.now,
    )
