"""The page of one listing at the desk of its agency: where it is, and what may be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.accounts.models import User
from portal.clock import in_japan
from portal.errors import FieldProblem
from portal.formats import near_day, near_moment
from portal.listings.models import ChangeState, Listing, ListingState, ListingVersion
from portal.listings.presenters import Badge
from portal.listings.version_content import content_of
from portal.publishing import copying, transitions
from portal.publishing.acts import Act
from portal.publishing.desk_presenters import places

OVERTAKEN = (
    "この画面を開いたあとで、ほかの人がこの支援情報を変えたため、まだ何もしていません。"
    "下のいまの様子を確かめて、よければもう一度押してください。"
)
INCOMPLETE = (
    "公開に必要なことが足りないため、まだ何もしていません。"
    "下の「公開までに必要なこと」を見て、編集してください。"
)


@dataclass(frozen=True, slots=True)
class DeskPage:
    """What the page says. ``offers`` are codes of acts that the asker may do now."""

    id: str
    title: str
    agency_name: str
    seen: int
    """The number of the newest version."""
    places: tuple[Badge, ...]
    is_public: bool
    was_public: bool
    """Whether there is a version that the public sees or saw."""
    is_new_copy: bool
    """Whether it follows last year's, and its editor tells what has to be confirmed first."""
    has_change: bool
    stage: str
    publishes: str
    ends: str
    return_comment: str
    withdrawn: str
    withdraw_reason: str
    missing: tuple[str, ...]
    offers: frozenset[str]
    undoes: str
    """What was done just now and can be taken back; empty for nothing."""
    confirmed: str
    """When somebody last vouched for what the public sees; empty for never."""


def desk_page(
    listing: Listing,
    newest: ListingVersion,
    user: User,
    *,
    lacking: Sequence[FieldProblem],
    undoable: Act | None,
    today: date,
) -> DeskPage:
    """A listing with its newest version, as a user of its desk sees it.

    :param lacking: what keeps the newest version from the public.
    :param undoable: what was done just now, with nothing done since.
    """
    offered = set(transitions.possible_acts(user, listing)) - {Act.UNPUBLISH, Act.UNDO}
    may_undo = undoable is not None and transitions.may_act(user, listing, undoable)
    stage = listing.stage
    withdrawn_at = listing.withdrawn_at
    return DeskPage(
        id=listing.public_id,
        title=newest.title,
        agency_name=listing.agency.name,
        seen=newest.number,
        places=places(listing),
        is_public=listing.state == ListingState.PUBLISHED,
        was_public=listing.public_version_id is not None,
        is_new_copy=copying.is_new_copy(listing, content_of(newest)),
        has_change=listing.change_state is not None,
        stage=stage.value if stage else "",
        publishes=_moment(listing.publish_at, today),
        ends=_moment(listing.unpublish_at, today),
        return_comment=(listing.return_comment or "") if stage is ChangeState.DRAFT else "",
        withdrawn=_moment(withdrawn_at, today),
        withdraw_reason=listing.withdraw_reason or "",
        missing=tuple(problem.message for problem in lacking) if stage else (),
        offers=frozenset(act.value for act in offered),
        undoes=undoable.label if undoable is not None and may_undo else "",
        confirmed=near_day(listing.confirmed_on, today) if listing.confirmed_on else "",
    )


def typed_moment(instant: datetime | None) -> str:
    """An instant as fields for date and time hold it, in Japan's time; empty for none."""
    return in_japan(instant).strftime("%Y-%m-%dT%H:%M") if instant else ""


def _moment(instant: datetime | None, today: date) -> str:
    return near_moment(instant, today) if instant else ""
