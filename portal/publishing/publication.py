"""On the way to the public and back: each act checks the table of ``transitions``, leaves a line in
the history of the listing and one event in the record. Callers commit."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import change_log
from portal.accounts.models import User
from portal.accounts.permissions import Permission, Role, may
from portal.agencies.models import Approval
from portal.clock import in_japan
from portal.errors import FieldProblem, InvalidInputError
from portal.listings import queries, services
from portal.listings.models import (
    LONGEST_COMMENT,
    LONGEST_REASON,
    ChangeState,
    Listing,
    ListingState,
    ListingVersion,
    public_version,
)
from portal.publishing import completeness, relation_rules
from portal.publishing.act_models import ListingAct
from portal.publishing.acting import begin, conclude
from portal.publishing.acts import Act
from portal.publishing.standing import standing_of

FURTHEST = timedelta(days=366)
"""How far ahead one may schedule; a wrong year is refused."""

FURTHEST_END = timedelta(days=5 * 366)
"""How far ahead a listing may end."""

END_OF_TERM = "掲載期間が終わりました。"
"""The reason of a withdrawal that was scheduled."""

APPROVAL_CAME = "予約したあとで、公開前の承認が必要になりました。公開せずに、確認を依頼します。"
"""What the history says of a time that came for what nobody has approved."""

END_TAKEN_AWAY = "過ぎていた「掲載を終える日時」は、消しました。"
"""What the history says of an act that shows a listing whose end was past."""


def submit(session: Session, listing: Listing, *, by: User, seen: int, now: datetime) -> None:
    """Ask for the newest version to be looked at and published.

    :param seen: the number of the version that whoever acts had before them, here and below.
    :raises InvalidInputError: something is missing that the public needs.
    """
    begin(session, listing, Act.SUBMIT, by=by, seen=seen)
    _refuse_incomplete(listing)
    listing.return_comment = None
    _set_stage(listing, ChangeState.IN_REVIEW)
    conclude(session, listing, Act.SUBMIT, by=by, now=now)


def take_back(session: Session, listing: Listing, *, by: User, seen: int, now: datetime) -> None:
    """Make a draft again of what waits to be looked at, or for its time."""
    begin(session, listing, Act.TAKE_BACK, by=by, seen=seen)
    _set_stage(listing, ChangeState.DRAFT)
    conclude(session, listing, Act.TAKE_BACK, by=by, now=now)


def send_back(
    session: Session, listing: Listing, comment: str, *, by: User, seen: int, now: datetime
) -> None:
    """Return what was submitted to its author, saying what has to be mended.

    :raises InvalidInputError: nothing is said.
    """
    begin(session, listing, Act.RETURN, by=by, seen=seen)
    before = standing_of(listing)
    said = _said(comment, "comment", "直してほしいことを書いてください。", LONGEST_COMMENT)
    listing.return_comment = said
    _set_stage(listing, ChangeState.DRAFT)
    conclude(session, listing, Act.RETURN, by=by, comment=said, before=before, now=now)


def publish(session: Session, listing: Listing, *, by: User, seen: int, now: datetime) -> None:
    """Show the newest version to the public, from now on; beyond an end that is past already.
    Whoever publishes vouches for it.

    :raises InvalidInputError: something is missing that the public needs, or contradicts what is
        public already.
    """
    begin(session, listing, Act.PUBLISH, by=by, seen=seen)
    _refuse_incomplete(listing)
    _refuse_contradictions(session, listing, listing.versions[-1])
    _publish(session, listing, by=by, shown_from=now, confirmed_on=in_japan(now).date(), now=now)


def schedule(
    session: Session, listing: Listing, at: datetime, *, by: User, seen: int, now: datetime
) -> None:
    """Show the newest version to the public from a later time on.

    :raises InvalidInputError: the time is not in the year to come, or not before the end of the
        listing, or something is missing or contradicts what is public.
    """
    begin(session, listing, Act.SCHEDULE, by=by, seen=seen)
    if not now < at <= now + FURTHEST:
        message = "公開する日時は、これから1年以内で入れてください。"
        raise InvalidInputError([FieldProblem("publish_at", message)])
    if listing.state != ListingState.PUBLISHED and _has_ended(listing, at):
        message = "公開する日時は、掲載を終える日時より前にしてください。"
        raise InvalidInputError([FieldProblem("publish_at", message)])
    _refuse_incomplete(listing)
    _refuse_contradictions(session, listing, listing.versions[-1])
    _set_stage(listing, ChangeState.SCHEDULED, publish_at=at)
    conclude(session, listing, Act.SCHEDULE, by=by, now=now)


def drop_change(session: Session, listing: Listing, *, by: User, seen: int, now: datetime) -> None:
    """Give a change up; the public version stays, and the change among the versions."""
    begin(session, listing, Act.DROP_CHANGE, by=by, seen=seen)
    _end_preparation(listing)
    conclude(session, listing, Act.DROP_CHANGE, by=by, now=now)


def withdraw(
    session: Session, listing: Listing, reason: str, *, by: User, seen: int, now: datetime
) -> None:
    """Take a published listing off the public pages, saying why.

    :raises InvalidInputError: no reason is given.
    """
    begin(session, listing, Act.WITHDRAW, by=by, seen=seen)
    before = standing_of(listing)
    said = _said(reason, "reason", "掲載を終える理由を書いてください。", LONGEST_REASON)
    services.withdraw(session, listing, reason=said, now=now)
    conclude(session, listing, Act.WITHDRAW, by=by, comment=said, before=before, now=now)


def restore(session: Session, listing: Listing, *, by: User, seen: int, now: datetime) -> None:
    """Show a withdrawn listing again, as the public last saw it; beyond an end that is past.

    :raises InvalidInputError: it contradicts what became public meanwhile.
    """
    begin(session, listing, Act.RESTORE, by=by, seen=seen)
    _refuse_contradictions(session, listing, public_version(listing))
    told = _take_past_end_away(listing, now)
    services.show_again(session, listing, now=now)
    conclude(session, listing, Act.RESTORE, by=by, comment=told, now=now)


def confirm(session: Session, listing: Listing, *, by: User, seen: int, now: datetime) -> None:
    """Vouch for what the public sees: it is all still so. No version is made, and the index holds
    nothing of it."""
    begin(session, listing, Act.CONFIRM, by=by, seen=seen)
    before = standing_of(listing)
    listing.confirmed_on, listing.is_confirmed_by_agency = in_japan(now).date(), True
    conclude(session, listing, Act.CONFIRM, by=by, before=before, now=now)


def set_end(
    session: Session, listing: Listing, at: datetime | None, *, by: User, seen: int, now: datetime
) -> None:
    """Let a listing be withdrawn by itself at a later time; None for no end.

    :raises InvalidInputError: the time is past, too far ahead to be meant, or before the listing
        becomes public.
    """
    begin(session, listing, Act.SET_END, by=by, seen=seen)
    if at is not None and not now < at <= now + FURTHEST_END:
        message = "掲載を終える日時は、これから5年以内で入れてください。"
        raise InvalidInputError([FieldProblem("unpublish_at", message)])
    waits_until = listing.publish_at if listing.state == ListingState.SCHEDULED else None
    if at is not None and waits_until is not None and at <= waits_until:
        message = "掲載を終える日時は、公開する日時よりあとにしてください。"
        raise InvalidInputError([FieldProblem("unpublish_at", message)])
    listing.unpublish_at = at
    conclude(session, listing, Act.SET_END, by=by, now=now)


def archive(session: Session, listing: Listing, *, by: User, seen: int, now: datetime) -> None:
    """Put a listing away that is not public; nothing of it is lost."""
    begin(session, listing, Act.ARCHIVE, by=by, seen=seen)
    before = standing_of(listing)
    _end_preparation(listing)
    listing.state = ListingState.ARCHIVED
    conclude(session, listing, Act.ARCHIVE, by=by, before=before, now=now)


def unarchive(session: Session, listing: Listing, *, by: User, seen: int, now: datetime) -> None:
    """Bring a listing back that was put away, as it was."""
    begin(session, listing, Act.UNARCHIVE, by=by, seen=seen)
    was_public = listing.public_version_id is not None
    listing.state = ListingState.WITHDRAWN if was_public else ListingState.DRAFT
    conclude(session, listing, Act.UNARCHIVE, by=by, now=now)


def publish_due(session: Session, listing: Listing, now: datetime) -> Act | None:
    """Show what was scheduled, if its time has come; or let it be looked at, if its agency came to
    need an approval that nobody has given. Returns what was done, if anything was."""
    queries.hold(session, listing)
    if listing.publish_at is None or listing.publish_at > now:
        return None
    scheduled = _last_scheduled(session, listing)
    if scheduled is not None and _needs_approval(session, listing, scheduled):
        _set_stage(listing, ChangeState.IN_REVIEW)
        conclude(session, listing, Act.SUBMIT, by=None, comment=APPROVAL_CAME, now=now)
        return Act.SUBMIT
    vouched_on = in_japan(scheduled.at).date() if scheduled else None
    # An end before that belonged to what the public saw until then.
    shown_from = listing.publish_at
    _publish(session, listing, by=None, shown_from=shown_from, confirmed_on=vouched_on, now=now)
    return Act.PUBLISH


def withdraw_due(session: Session, listing: Listing, now: datetime) -> Act | None:
    """Take a listing off the public pages whose time is over; returns what was done, if anything
    was."""
    queries.hold(session, listing)
    is_over = listing.unpublish_at is not None and listing.unpublish_at <= now
    if not is_over or listing.state != ListingState.PUBLISHED:
        return None
    services.withdraw(session, listing, reason=END_OF_TERM, now=now)
    listing.unpublish_at = None
    conclude(session, listing, Act.WITHDRAW, by=None, comment=END_OF_TERM, now=now)
    return Act.WITHDRAW


def _has_ended(listing: Listing, at: datetime) -> bool:
    return listing.unpublish_at is not None and listing.unpublish_at <= at


def _take_past_end_away(listing: Listing, shown_from: datetime) -> str:
    """Keep the clock from withdrawing at once what is shown from a time on; returns what the
    history says of it."""
    if not _has_ended(listing, shown_from):
        return ""
    listing.unpublish_at = None
    return END_TAKEN_AWAY


def _publish(
    session: Session,
    listing: Listing,
    *,
    by: User | None,
    shown_from: datetime,
    confirmed_on: date | None,
    now: datetime,
) -> None:
    before, replaced = standing_of(listing), listing.public_version_id
    told = _take_past_end_away(listing, shown_from)
    if confirmed_on is not None:
        listing.confirmed_on, listing.is_confirmed_by_agency = confirmed_on, True
    services.publish(session, listing, now=now)
    conclude(
        session,
        listing,
        Act.PUBLISH,
        by=by,
        comment=told,
        replaced=replaced,
        before=before,
        now=now,
    )


def _last_scheduled(session: Session, listing: Listing) -> ListingAct | None:
    """When somebody last looked at what becomes public by itself, and who."""
    of_it = (ListingAct.listing_id == listing.id, ListingAct.act == Act.SCHEDULE.value)
    newest_first = select(ListingAct).where(*of_it).order_by(ListingAct.id.desc())
    return session.scalar(newest_first.limit(1))


def _needs_approval(session: Session, listing: Listing, scheduled: ListingAct) -> bool:
    """Whether somebody scheduled it who may only write, when that was enough. Who may publish may
    have gone to another agency since: what they approved is approved."""
    if listing.agency.approval == Approval.NONE or scheduled.actor_id is None:
        return False
    by = session.get(User, scheduled.actor_id)
    return by is not None and not may(Role(by.role), Permission.PUBLISH_LISTINGS)


def _refuse_incomplete(listing: Listing) -> None:
    found = completeness.missing(listing.versions[-1])
    if found:
        raise InvalidInputError(found)


def _refuse_contradictions(session: Session, listing: Listing, version: ListingVersion) -> None:
    # Whatever else is being published is public by then, or comes after this.
    change_log.await_turn(session)
    found = relation_rules.problems_in_public(session, listing, version)
    if found:
        raise InvalidInputError(found)


def _said(text: str, field: str, message: str, longest: int) -> str:
    said = text.strip()
    if not said:
        raise InvalidInputError([FieldProblem(field, message)])
    if len(said) > longest:
        too_long = f"{longest:,}文字以内で書いてください（いま{len(said):,}文字）。"
        raise InvalidInputError([FieldProblem(field, too_long)])
    return said


def _set_stage(listing: Listing, stage: ChangeState, *, publish_at: datetime | None = None) -> None:
    listing.publish_at = publish_at
    if listing.public_version_id is None:
        listing.state = ListingState(stage.value)
    else:
        listing.change_state = stage


def _end_preparation(listing: Listing) -> None:
    listing.change_state = listing.publish_at = listing.return_comment = None
