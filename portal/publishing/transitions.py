"""What may be done to a listing in which state, and by whom: the one table. ``docs/publishing.md``
shows it, and a test keeps them equal.

Beside the public version of a listing there may be a change in preparation, which goes through the
same stages while the public keeps seeing the approved version. Acts on what is in preparation ask
for its stage, acts on the listing as a whole for its state.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.accounts.models import User
from portal.accounts.permissions import Permission, Role, may_for_agency
from portal.agencies.models import Approval
from portal.listings.models import ChangeState, Listing, ListingState
from portal.publishing.acts import Act


@dataclass(frozen=True, slots=True)
class Rule:
    """Where an act begins, and what one has to be allowed to do it.

    :ivar states: of the listing; empty for any.
    :ivar stages: of what is in preparation, which there must be; empty where it does not matter.
    """

    permission: Permission
    states: frozenset[ListingState] = frozenset()
    stages: frozenset[ChangeState] = frozenset()


_WRITE, _PUBLISH = Permission.WRITE_LISTINGS, Permission.PUBLISH_LISTINGS
_ANY_STAGE = frozenset(ChangeState)
_SENT_ON = frozenset({ChangeState.IN_REVIEW, ChangeState.SCHEDULED})

RULES: Mapping[Act, Rule] = {
    Act.SAVE: Rule(_WRITE, states=frozenset(ListingState) - {ListingState.ARCHIVED}),
    Act.SUBMIT: Rule(_WRITE, stages=frozenset({ChangeState.DRAFT})),
    Act.TAKE_BACK: Rule(_WRITE, stages=_SENT_ON),
    Act.RETURN: Rule(_PUBLISH, stages=_SENT_ON),
    Act.PUBLISH: Rule(_PUBLISH, stages=_ANY_STAGE),
    Act.SCHEDULE: Rule(_PUBLISH, stages=_ANY_STAGE),
    Act.DROP_CHANGE: Rule(
        _WRITE,
        states=frozenset({ListingState.PUBLISHED, ListingState.WITHDRAWN}),
        stages=_ANY_STAGE,
    ),
    Act.WITHDRAW: Rule(_PUBLISH, states=frozenset({ListingState.PUBLISHED})),
    Act.RESTORE: Rule(_PUBLISH, states=frozenset({ListingState.WITHDRAWN})),
    Act.ARCHIVE: Rule(_WRITE, states=frozenset({ListingState.DRAFT, ListingState.WITHDRAWN})),
    Act.UNARCHIVE: Rule(_WRITE, states=frozenset({ListingState.ARCHIVED})),
    Act.SET_END: Rule(
        _PUBLISH, states=frozenset(ListingState) - {ListingState.WITHDRAWN, ListingState.ARCHIVED}
    ),
    # And only for a while: ``undoing`` says how long.
    Act.UNPUBLISH: Rule(_PUBLISH, states=frozenset({ListingState.PUBLISHED})),
    Act.CONFIRM: Rule(_WRITE, states=frozenset({ListingState.PUBLISHED})),
    # For a while, too, and by those who may do what is taken back.
    Act.UNDO: Rule(_WRITE),
}


def may_act(user: User, listing: Listing, act: Act) -> bool:
    """Whether somebody may do this to listings of that agency at all, whatever their state."""
    wanted = RULES[act].permission
    # Where nobody has to approve, whoever writes also publishes.
    if wanted is _PUBLISH and listing.agency.approval == Approval.NONE:
        wanted = _WRITE
    return may_for_agency(
        Role(user.role), wanted, own_agency_id=user.agency_id, agency_id=listing.agency_id
    )


def may_write_for(user: User, agency_id: int) -> bool:
    """Whether somebody may write listings of an agency."""
    return may_for_agency(
        Role(user.role), _WRITE, own_agency_id=user.agency_id, agency_id=agency_id
    )


def is_possible(listing: Listing, act: Act) -> bool:
    """Whether the act begins where the listing is now."""
    rule = RULES[act]
    if rule.states and listing.state not in rule.states:
        return False
    return not rule.stages or listing.stage in rule.stages


def possible_acts(user: User, listing: Listing) -> tuple[Act, ...]:
    """What somebody may do to a listing now, in the order of the table."""
    return tuple(act for act in RULES if is_possible(listing, act) and may_act(user, listing, act))


def possible_after_saving(user: User, listing: Listing) -> tuple[Act, ...]:
    """What somebody may do at once with a wording they save: acts on what is in preparation, in the
    order of the table. There is something in preparation by then, if there was nothing before."""
    stage = listing.stage or ChangeState.DRAFT
    if stage is ChangeState.SCHEDULED and not may_act(user, listing, Act.PUBLISH):
        # Nobody has approved what it will say.
        stage = ChangeState.DRAFT
    onwards = (Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE)
    return tuple(
        act for act in onwards if stage in RULES[act].stages and may_act(user, listing, act)
    )
