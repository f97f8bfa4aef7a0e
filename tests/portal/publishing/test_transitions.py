"""Who may do what to a listing in which state."""

from itertools import product

import pytest
from sqlalchemy.orm import Session

from portal.accounts.permissions import Role
from portal.agencies.models import Approval
from portal.config import CHECKOUT
from portal.listings.models import ChangeState, Listing, ListingState
from portal.publishing.acts import Act
from portal.publishing.transitions import (
    RULES,
    is_possible,
    may_act,
    possible_acts,
    possible_after_saving,
)
from tests.factories import make_agency, make_draft
from tests.portal.publishing.desk_people import make_person

WRITING = {
    *(Act.SAVE, Act.SUBMIT, Act.TAKE_BACK, Act.DROP_CHANGE, Act.ARCHIVE, Act.UNARCHIVE),
    *(Act.CONFIRM, Act.UNDO),
}
PUBLISHING = {
    *(Act.RETURN, Act.PUBLISH, Act.SCHEDULE, Act.WITHDRAW, Act.RESTORE, Act.SET_END),
    Act.UNPUBLISH,
}

# State, stage of a change beside the public version, and what can be done; taking back is asked of
# the last act instead.
PLACES: dict[tuple[ListingState, ChangeState | None], set[Act]] = {
    (ListingState.DRAFT, None): {
        *(Act.SAVE, Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE, Act.ARCHIVE, Act.SET_END),
    },
    (ListingState.IN_REVIEW, None): {
        *(Act.SAVE, Act.TAKE_BACK, Act.RETURN, Act.PUBLISH, Act.SCHEDULE, Act.SET_END),
    },
    (ListingState.SCHEDULED, None): {
        *(Act.SAVE, Act.TAKE_BACK, Act.RETURN, Act.PUBLISH, Act.SCHEDULE, Act.SET_END),
    },
    (ListingState.PUBLISHED, None): {
        *(Act.SAVE, Act.WITHDRAW, Act.SET_END, Act.UNPUBLISH, Act.CONFIRM),
    },
    (ListingState.PUBLISHED, ChangeState.DRAFT): {
        *(Act.SAVE, Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE, Act.DROP_CHANGE, Act.WITHDRAW),
        *(Act.SET_END, Act.UNPUBLISH, Act.CONFIRM),
    },
    (ListingState.PUBLISHED, ChangeState.IN_REVIEW): {
        *(Act.SAVE, Act.TAKE_BACK, Act.RETURN, Act.PUBLISH, Act.SCHEDULE),
        *(Act.DROP_CHANGE, Act.WITHDRAW, Act.SET_END, Act.UNPUBLISH, Act.CONFIRM),
    },
    (ListingState.WITHDRAWN, None): {Act.SAVE, Act.RESTORE, Act.ARCHIVE},
    (ListingState.WITHDRAWN, ChangeState.DRAFT): {
        *(Act.SAVE, Act.SUBMIT, Act.PUBLISH, Act.SCHEDULE, Act.DROP_CHANGE),
        *(Act.RESTORE, Act.ARCHIVE),
    },
    (ListingState.ARCHIVED, None): {Act.UNARCHIVE},
}


def place(listing: Listing, state: ListingState, change: ChangeState | None) -> Listing:
    listing.state, listing.change_state = state, change
    return listing


@pytest.mark.parametrize(("at", "acts"), list(PLACES.items()), ids=map(str, PLACES))
def test_acts_begin_where_the_table_says(
    session: Session, at: tuple[ListingState, ChangeState | None], acts: set[Act]
) -> None:
    with session.no_autoflush:
        listing = place(make_draft(session), *at)
        assert {act for act in Act if is_possible(listing, act)} == acts | {Act.UNDO}


def test_every_act_has_a_rule_and_asks_for_one_of_two_permissions() -> None:
    assert set(RULES) == set(Act) == WRITING | PUBLISHING


@pytest.mark.parametrize(("act", "approval"), list(product(Act, Approval)))
def test_staff_publish_only_where_nobody_has_to_approve(
    session: Session, act: Act, approval: Approval
) -> None:
    own, other = make_agency(session, "m02201"), make_agency(session, "m02202")
    own.approval = other.approval = approval
    listing, foreign = make_draft(session, agency=own), make_draft(session, agency=other)
    is_free = act in WRITING or approval is Approval.NONE
    expected = {
        Role.MEMBER: (False, False),
        Role.STAFF: (is_free, False),
        Role.APPROVER: (True, False),
        Role.ADMIN: (True, True),
    }
    for role, (may_own, may_foreign) in expected.items():
        person = make_person(session, role, own)
        assert (may_act(person, listing, act), may_act(person, foreign, act)) == (
            may_own,
            may_foreign,
        ), role


def test_clerk_is_offered_to_submit_and_approver_to_publish(session: Session) -> None:
    agency = make_agency(session, "m02201")
    listing = make_draft(session, agency=agency)
    clerk = make_person(session, Role.STAFF, agency)
    approver = make_person(session, Role.APPROVER, agency)
    assert possible_acts(clerk, listing) == (Act.SAVE, Act.SUBMIT, Act.ARCHIVE, Act.UNDO)
    assert Act.PUBLISH in possible_acts(approver, listing)


STATE_WORDS = {
    ListingState.DRAFT: "下書き",
    ListingState.IN_REVIEW: "確認待ち",
    ListingState.SCHEDULED: "公開予約",
    ListingState.PUBLISHED: "公開中",
    ListingState.WITHDRAWN: "掲載終了",
    ListingState.ARCHIVED: "保管",
}


def test_document_shows_the_table() -> None:
    document = (CHECKOUT / "docs" / "publishing.md").read_text("utf-8")
    for act, rule in RULES.items():
        states = "・".join(STATE_WORDS[state] for state in ListingState if state in rule.states)
        stages = "・".join(
            STATE_WORDS[ListingState(stage)] for stage in ChangeState if stage in rule.stages
        )
        cells = (act.label, f"`{act}`", states or "どれでも", stages or "―", rule.permission.label)
        assert f"| {' | '.join(cells)} |" in document


def test_history_says_of_each_act_that_it_was_done() -> None:
    assert [act for act in Act if "ました" not in act.done or act.done == act.label] == []
    assert len({act.done for act in Act}) == len(Act)


@pytest.mark.parametrize(
    ("at", "of_staff"),
    [
        ((ListingState.DRAFT, None), (Act.SUBMIT,)),
        ((ListingState.PUBLISHED, None), (Act.SUBMIT,)),
        ((ListingState.PUBLISHED, ChangeState.DRAFT), (Act.SUBMIT,)),
        # It stays where others look at it.
        ((ListingState.IN_REVIEW, None), ()),
        # Nobody has approved what it says now.
        ((ListingState.SCHEDULED, None), (Act.SUBMIT,)),
    ],
    ids=["draft", "public", "change", "in review", "scheduled"],
)
def test_what_one_may_do_with_what_one_saves(
    session: Session, at: tuple[ListingState, ChangeState | None], of_staff: tuple[Act, ...]
) -> None:
    draft = make_draft(session)
    staff = make_person(session, Role.STAFF, draft.agency)
    approver = make_person(session, Role.APPROVER, draft.agency)
    with session.no_autoflush:
        listing = place(draft, *at)
        assert possible_after_saving(staff, listing) == of_staff
        assert {Act.PUBLISH, Act.SCHEDULE} <= set(possible_after_saving(approver, listing))
