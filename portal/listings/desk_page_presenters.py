"""The page of one listing at the desk of its agency: where it is, and what may be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.accounts.models import User
from portal.clock import in_japan
from portal.errors import FieldProblem
from portal.formats import near_moment
from portal.listings import transitions
from portal.listings.acts import Act
from portal.listings.desk_presenters import places
from portal.listings.models import ChangeState, Listing, ListingState, ListingVersion
from portal.listings.presenters import Badge

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
    has_change: bool
    stage: str
    publishes: str
    ends: str
    return_comment: str
    withdrawn: str
    withdraw_reason: str
    missing: tuple[str, ...]
    offers: frozenset[str]


def desk_page(
    listing: Listing,
    newest: ListingVersion,
    user: User,
    *,
    lacking: Sequence[FieldProblem],
    may_undo: bool,
    today: date,
) -> DeskPage:
    """A listing with its newest version, as a user of its desk sees it.

    :param lacking: what keeps the newest version from the public.
    :param may_undo: whether it was published just now, and nothing was done since.
    """
    offered = set(transitions.possible_acts(user, listing))
    if not may_undo:
        offered.discard(Act.UNPUBLISH)
    stage = listing.stage
    withdrawn_at = listing.withdrawn_at
    return DeskPage(
        id=listing.public_id,
        title=newest.title,
        agency_name=listing.agency.name,
        seen=newest.number,
        places=places(listing),
        is_public=listing.state == ListingState.PUBLISHED,
        has_change=listing.change_state is not None,
        stage=stage.value if stage else "",
        publishes=_moment(listing.publish_at, today),
        ends=_moment(listing.unpublish_at, today),
        return_comment=(listing.return_comment or "") if stage is ChangeState.DRAFT else "",
        withdrawn=_moment(withdrawn_at, today),
        withdraw_reason=listing.withdraw_reason or "",
        missing=tuple(problem.message for problem in lacking) if stage else (),
        offers=frozenset(act.value for act in offered),
    )


def typed_moment(instant: datetime | None) -> str:
    """An instant as fields for date and time hold it, in Japan's time; empty for none."""
    return in_japan(instant).strftime("%Y-%m-%dT%H:%M") if instant else ""


def _moment(instant: datetime | None, today: date) -> str:
    return near_moment(instant, today) if instant else ""
