"""How long a session lasts, to the second, and that what has ended stays ended."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.permissions import Role
from portal.extensions import Resources
from tests.accounts import (
    FIRST_PAGES,
    Visitor,
    actions,
    code_at,
    make_user,
    move_clock,
    sessions_of,
)

SECOND = timedelta(seconds=1)
IDLE = timedelta(minutes=30)
WORKDAY = timedelta(hours=12)
FORTNIGHT = timedelta(days=14)


def signed_in(app: Flask, resources: Resources, role: Role) -> Visitor:
    """A visitor who has just signed in."""
    make_user(resources, role=role, has_totp=role is not Role.MEMBER)
    visitor = Visitor(app)
    response = visitor.sign_in()
    if role is not Role.MEMBER:
        now = move_clock(app, timedelta())
        response = visitor.send("/login/totp", code=code_at(now))
    assert response.location == FIRST_PAGES[role]
    return visitor


def is_in(visitor: Visitor) -> bool:
    return visitor.open("/me").status_code == 200


@pytest.mark.parametrize("role", [Role.STAFF, Role.APPROVER, Role.ADMIN])
@pytest.mark.parametrize(
    ("pause", "stays"), [(IDLE - SECOND, True), (IDLE, False), (IDLE + SECOND, False)]
)
def test_pause_of_half_an_hour_ends_work(
    app: Flask, resources: Resources, role: Role, pause: timedelta, stays: bool
) -> None:
    visitor = signed_in(app, resources, role)
    move_clock(app, pause)
    assert is_in(visitor) is stays


def test_work_goes_on_while_pages_are_read_and_ends_after_twelve_hours(
    app: Flask, resources: Resources
) -> None:
    visitor = signed_in(app, resources, Role.STAFF)
    step = timedelta(minutes=20)
    for _ in range(35):
        move_clock(app, step)
        visitor.get("/about")
        assert is_in(visitor)
    move_clock(app, step - SECOND)
    assert is_in(visitor)
    move_clock(app, SECOND)
    assert not is_in(visitor)


@pytest.mark.parametrize(("age", "stays"), [(FORTNIGHT - SECOND, True), (FORTNIGHT, False)])
def test_member_stays_for_a_fortnight(
    app: Flask, resources: Resources, age: timedelta, stays: bool
) -> None:
    visitor = signed_in(app, resources, Role.MEMBER)
    move_clock(app, age)
    assert is_in(visitor) is stays


def test_clock_put_back_does_not_revive_a_session(app: Flask, resources: Resources) -> None:
    visitor = signed_in(app, resources, Role.STAFF)
    move_clock(app, IDLE)
    assert not is_in(visitor)
    move_clock(app, timedelta(hours=-1))
    assert not is_in(visitor)


def test_second_step_may_take_ten_minutes(app: Flask, resources: Resources) -> None:
    make_user(resources, role=Role.STAFF, has_totp=True)
    for pause, is_asked in ((timedelta(minutes=10) - SECOND, True), (timedelta(minutes=10), False)):
        visitor = Visitor(app)
        visitor.sign_in()
        move_clock(app, pause)
        assert (visitor.open("/login/totp").status_code == 200) is is_asked


def test_who_took_too_long_is_told_so(app: Flask, resources: Resources) -> None:
    make_user(resources, "new@city.example.jp", role=Role.STAFF)
    clerk, newcomer = signed_in(app, resources, Role.STAFF), Visitor(app)
    newcomer.sign_in("new@city.example.jp")
    move_clock(app, IDLE)
    asked = clerk.open("/me/password")
    late = newcomer.send("/login/second-factor", token="x", code="123456", sealed="x")
    for visitor, answer in ((clerk, asked), (newcomer, late)):
        assert answer.status_code == 303
        said = visitor.get(str(answer.location)).text("[role=status]")
        assert "時間がたったため、または別の場所での操作のため、ログアウトしました" in said
    assert Visitor(app).get("/login").dom.select("[role=status]") == []


def test_own_sessions_are_listed_and_ended_one_by_one(app: Flask, resources: Resources) -> None:
    user_id = make_user(resources)
    first, second = Visitor(app), Visitor(app)
    agent = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19 Safari/604.1"}
    first.sign_in(headers=agent)
    second.sign_in()
    page = second.get("/me")
    assert len(page.dom.select("[data-session]")) == 2
    assert "Safari（iPhone）" in page.text(".sessions")
    (other,) = [row.id for row in sessions_of(resources, user_id) if "iPhone" in row.browser]
    second.send("/me/sessions", session=str(other))
    assert not is_in(first)
    assert is_in(second)
    assert actions(resources)[-1] == "session_ended"


def test_all_others_are_ended_at_once(app: Flask, resources: Resources) -> None:
    make_user(resources)
    visitors = [Visitor(app) for _ in range(3)]
    for visitor in visitors:
        visitor.sign_in()
    visitors[0].send("/me/sessions", session="others")
    assert [is_in(visitor) for visitor in visitors] == [True, False, False]


def test_sessions_of_others_are_out_of_reach(app: Flask, resources: Resources) -> None:
    other_id = make_user(resources, "other@firm.example.jp")
    other = Visitor(app)
    other.sign_in("other@firm.example.jp")
    make_user(resources)
    visitor = Visitor(app)
    visitor.sign_in()
    for typed in (str(sessions_of(resources, other_id)[0].id), "-1", "x", "", "9" * 30):
        before = actions(resources)
        assert visitor.send("/me/sessions", session=typed).status_code == 303
        assert actions(resources) == before
    assert is_in(other)


def test_ending_this_session_signs_out(app: Flask, resources: Resources) -> None:
    user_id = make_user(resources)
    visitor = Visitor(app)
    visitor.sign_in()
    (row,) = sessions_of(resources, user_id)
    assert visitor.send("/me/sessions", session=str(row.id)).location == "/"
    assert not is_in(visitor)


def test_page_is_shown_although_the_session_cannot_be_marked(
    app: Flask, resources: Resources
) -> None:
    visitor = signed_in(app, resources, Role.STAFF)
    move_clock(app, timedelta(minutes=1))
    with resources.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER stuck BEFORE UPDATE ON user_session "
            "BEGIN SELECT RAISE(ABORT, 'stuck'); END"
        )
    assert is_in(visitor)
