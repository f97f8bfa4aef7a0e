"""Looking after users: the prefecture after all, approvers after the staff of their agency."""

import csv
import io
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import administration, services
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.services import NewUser
from portal.audit.models import AuditEvent
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import (
    Visitor,
    actions,
    code_at,
    get_user,
    id_of,
    last_event,
    make_user,
    sessions_of,
    signed_in,
)
from tests.conftest import NOW
from tests.portal.accounts.mailbox import letters_to, link_in

CLERK = "clerk@city.example.jp"


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in(app, "admin@pref.example.jp", role=Role.ADMIN, name="県 花子")


@pytest.fixture
def approver(app: Flask) -> Visitor:
    return signed_in(app, "approver@city.example.jp", role=Role.APPROVER)


def shown(visitor: Visitor, path: str = "/admin/users") -> list[str]:
    return visitor.get(path).texts("[data-user] h3 a")


def test_disabled_user_is_out_at_the_next_request(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    clerk = signed_in(app, CLERK, role=Role.STAFF)
    user_id = id_of(resources, CLERK)
    assert clerk.open("/me").status_code == 200
    done = admin.send(f"/admin/users/{user_id}/disable")
    assert done.location == f"/admin/users/{user_id}"
    assert clerk.open("/me").location.startswith("/login")
    assert sessions_of(resources, user_id) == []
    assert Visitor(app).sign_in(CLERK).status_code == 422
    admin.send(f"/admin/users/{user_id}/enable")
    assert Visitor(app).sign_in(CLERK).status_code == 303
    assert [a for a in actions(resources) if a.startswith("user_")][-2:] == [
        "user_disabled",
        "user_enabled",
    ]


def test_doing_it_twice_is_recorded_once(admin: Visitor, resources: Resources) -> None:
    user_id = make_user(resources, CLERK, role=Role.STAFF)
    for act in ("disable", "disable", "enable", "enable"):
        assert admin.send(f"/admin/users/{user_id}/{act}").status_code == 303
    assert actions(resources).count("user_disabled") == 1
    assert actions(resources).count("user_enabled") == 1


def test_moved_user_signs_in_anew_for_the_other_agency(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    clerk = signed_in(app, CLERK, role=Role.STAFF)
    make_user(resources, "other@town.example.jp", role=Role.STAFF, agency="m02202")
    user_id = id_of(resources, CLERK)
    admin.send(f"/admin/users/{user_id}/place", role="staff", agency="m02202")
    assert clerk.open("/me").location.startswith("/login")
    page = admin.get(f"/admin/users/{user_id}")
    assert "機関 m02202" in page.text("main dl")
    assert actions(resources)[-1] == "user_moved"
    admin.send(f"/admin/users/{user_id}/place", role="approver", agency="m02202")
    assert actions(resources)[-1] == "role_changed"
    before = len(actions(resources))
    admin.send(f"/admin/users/{user_id}/place", role="approver", agency="m02202")
    assert len(actions(resources)) == before


def test_record_tells_from_where_somebody_was_moved(admin: Visitor, resources: Resources) -> None:
    user_id = make_user(resources, CLERK, role=Role.STAFF)
    make_user(resources, "other@town.example.jp", role=Role.STAFF, agency="m02202")
    admin.send(f"/admin/users/{user_id}/place", role="staff", agency="m02202")
    event = last_event(resources)
    assert event.agency_code == "m02202"
    assert '"agency_before":"m02201"' in event.detail
    for agency in ("m02201", "m02202"):
        page = admin.get(f"/admin/audit?action=user_moved&agency={agency}")
        (row,) = page.texts("[data-seq]")
        assert "実施機関（変更前）：機関 m02201" in row


@pytest.mark.parametrize(("role", "agency"), [("member", ""), ("approver", "m02201")])
def test_invitations_of_an_administrator_go_with_the_role(
    app: Flask, admin: Visitor, resources: Resources, role: str, agency: str
) -> None:
    make_user(resources, CLERK, role=Role.STAFF)
    second = signed_in(app, "second@pref.example.jp", role=Role.ADMIN)
    invited = "own@private.example.jp"
    second.send("/admin/users/invitations/new", email=invited, role="admin", agency="")
    (letter,) = letters_to(resources, invited)
    link = link_in(letter, "/invitations")
    assert Visitor(app).open(link).status_code == 200
    user_id = id_of(resources, "second@pref.example.jp")
    admin.send(f"/admin/users/{user_id}/place", role=role, agency=agency)
    assert Visitor(app).open(link).status_code == 410


def test_invitations_of_an_approver_who_becomes_administrator_stay(
    app: Flask, admin: Visitor, approver: Visitor, resources: Resources
) -> None:
    approver.send("/staff/users/invitations/new", email=CLERK, role="staff", agency="m02201")
    (letter,) = letters_to(resources, CLERK)
    user_id = id_of(resources, "approver@city.example.jp")
    admin.send(f"/admin/users/{user_id}/place", role="admin", agency="")
    assert Visitor(app).open(link_in(letter, "/invitations")).status_code == 200


def test_new_administrator_needs_a_password_as_long_as_theirs(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    short, long = "橙の猫と九つの鍵束と", "橙の猫と九つの鍵束と古い灯台守"
    user_id = make_user(resources, CLERK, role=Role.STAFF, password=short + "夜")
    admin.send(f"/admin/users/{user_id}/place", role="admin", agency="")
    clerk = Visitor(app)
    refused = clerk.sign_in(CLERK, short + "夜")
    assert refused.status_code == 422
    assert "長いパスワードを決め直してください" in refused.text
    assert actions(resources)[-1] == "sign_in_failed"
    clerk.send("/password-reset", email=CLERK)
    (letter,) = letters_to(resources, CLERK)
    link = link_in(letter, "/password-reset")
    assert clerk.send(link, new_password=short + "夜").status_code == 422
    assert clerk.send(link, new_password=long).status_code == 303
    assert clerk.sign_in(CLERK, long).status_code == 303


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"role": "staff", "agency": ""}, "agency"),
        ({"role": "member", "agency": "m02201"}, "agency"),
        ({"role": "admin", "agency": "m02201"}, "agency"),
        ({"role": "king", "agency": ""}, "role"),
        ({"role": "staff", "agency": "nowhere"}, "agency"),
    ],
)
def test_impossible_place_is_told_beside_its_field(
    admin: Visitor, resources: Resources, fields: dict[str, str], field: str
) -> None:
    user_id = make_user(resources, CLERK, role=Role.STAFF)
    answer = admin.send(f"/admin/users/{user_id}/place", **fields)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert get_user(resources, user_id).role == "staff"


def test_second_factor_is_reset_by_a_second_administrator_only(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    own = id_of(resources, "admin@pref.example.jp")
    admin.send(f"/admin/users/{own}/second-factor")
    assert get_user(resources, own).has_second_factor
    assert "ほかの管理者に頼んで" in admin.get(f"/admin/users/{own}").text(".notices")
    second = signed_in(app, "second@pref.example.jp", role=Role.ADMIN)
    second.send(f"/admin/users/{own}/second-factor")
    assert not get_user(resources, own).has_second_factor
    assert admin.open("/me").location.startswith("/login")
    assert actions(resources).count("second_factor_reset") == 1


@pytest.mark.parametrize(
    ("act", "fields"), [("disable", {}), ("place", {"role": "member", "agency": ""})]
)
def test_nobody_stops_or_demotes_themselves(
    app: Flask, admin: Visitor, resources: Resources, act: str, fields: dict[str, str]
) -> None:
    make_user(resources, "second@pref.example.jp", role=Role.ADMIN)
    own = id_of(resources, "admin@pref.example.jp")
    admin.send(f"/admin/users/{own}/{act}", **fields)
    user = get_user(resources, own)
    assert (user.role, user.is_disabled) == ("admin", False)


def _make(session: Session, email: str, role: Role) -> User:
    user = User(
        email=email, email_folded=email, name="名", role=role.value,
        password_hash="$argon2id$x", password_changed_at=NOW, created_at=NOW,
    )  # fmt: skip
    session.add(user)
    session.flush()
    return user


def test_two_administrators_who_stop_each_other_leave_one(
    database: sessionmaker[Session],
) -> None:
    with write_transaction(database) as session:
        ids = [_make(session, f"{n}@pref.example.jp", Role.ADMIN).id for n in range(2)]
    start = threading.Barrier(2)
    refused: list[int] = []

    def stop(by_id: int, user_id: int) -> None:
        start.wait()
        try:
            with write_transaction(database) as session:
                user, by = session.get_one(User, user_id), session.get_one(User, by_id)
                administration.disable(session, user, by=by, now=NOW)
        except administration.RefusedError:
            refused.append(user_id)

    threads = [threading.Thread(target=stop, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with database() as session:
        left = session.scalars(select(User.id).where(User.disabled_at.is_(None))).all()
        events = session.scalars(select(AuditEvent.action)).all()
    assert list(left) == refused
    assert list(events) == ["user_disabled"]


EVERYBODY = ["会員 一", "停止 二", "担当 三", "休み 四", "県 花子"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", EVERYBODY),
        ("q=担当", ["担当 三"]),
        ("q=CLERK@", ["担当 三"]),
        ("q=ＣＬＥＲＫ＠", ["担当 三"]),
        ("q=%25", []),
        ("q=%00", EVERYBODY),
        ("role=staff", ["停止 二", "担当 三", "休み 四"]),
        ("role=king", EVERYBODY),
        ("agency=m02202", ["停止 二"]),
        ("state=disabled", ["停止 二"]),
        ("state=active&role=staff", ["担当 三", "休み 四"]),
        # Of those who work with the portal, who still can: members may come when they like.
        ("unused=1", ["休み 四"]),
        ("page=2", []),
        ("page=-1", EVERYBODY),
        ("page=x", EVERYBODY),
    ],
)
def test_list_is_searched(
    admin: Visitor, resources: Resources, query: str, names: list[str]
) -> None:
    member = make_user(resources, "m@firm.example.jp", name="会員 一")
    stopped = make_user(
        resources, "s@town.example.jp", role=Role.STAFF, agency="m02202", name="停止 二"
    )
    make_user(resources, CLERK, role=Role.STAFF, name="担当 三")
    away = make_user(resources, "a@town.example.jp", role=Role.STAFF, name="休み 四")
    with write_transaction(resources.sessions) as session:
        for user_id in (member, away):
            session.get_one(User, user_id).last_sign_in_at = NOW - timedelta(days=91)
        row = session.get_one(User, stopped)
        row.created_at, row.disabled_at = NOW - timedelta(days=100), NOW
    assert sorted(shown(admin, f"/admin/users?{query}")) == sorted(names)


def test_csv_holds_what_is_searched_for_and_is_recorded(
    admin: Visitor, resources: Resources
) -> None:
    make_user(resources, CLERK, role=Role.STAFF, name="=1+1")
    make_user(resources, "m@firm.example.jp", name="会員 一")
    answer = admin.send("/admin/users/export", role="staff")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="users.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["名前"], row["メールアドレス"], row["実施機関コード"]) == ("'=1+1", CLERK, "m02201")
    assert actions(resources)[-1] == "data_exported"
    last = last_event(resources)
    assert CLERK not in last.detail


def test_approver_sees_and_stops_the_staff_of_the_own_agency_alone(
    app: Flask, approver: Visitor, resources: Resources
) -> None:
    own = make_user(resources, CLERK, role=Role.STAFF, name="自機関")
    others = [
        make_user(resources, "a@town.example.jp", role=Role.STAFF, agency="m02202", name="他機関"),
        make_user(resources, "b@city.example.jp", role=Role.APPROVER, name="承認"),
        make_user(resources, "c@pref.example.jp", role=Role.ADMIN, name="県"),
        make_user(resources, "d@firm.example.jp", name="会員"),
    ]
    assert shown(approver, "/staff/users") == ["自機関"]
    assert shown(approver, "/staff/users?role=admin") == []
    assert shown(approver, "/staff/users?agency=m02202") == []
    assert approver.send(f"/staff/users/{own}/disable").status_code == 303
    assert get_user(resources, own).is_disabled
    for user_id in [*others, 999]:
        assert approver.open(f"/staff/users/{user_id}").status_code == 404
        for act in ("disable", "enable"):
            assert approver.send(f"/staff/users/{user_id}/{act}").status_code == 404
        assert approver.send(f"/admin/users/{user_id}/place", role="admin").status_code == 403
    exported = approver.send("/staff/users/export", agency="m02202", role="")
    assert list(csv.DictReader(io.StringIO(exported.data.decode("utf-8-sig")))) == []


def test_approver_lets_back_in_whom_their_agency_stopped_and_nobody_else(
    app: Flask, admin: Visitor, approver: Visitor, resources: Resources
) -> None:
    user_id = make_user(resources, CLERK, role=Role.STAFF)
    path = f"/staff/users/{user_id}"
    approver.send(f"{path}/disable")
    colleague = signed_in(app, "second@city.example.jp", role=Role.APPROVER)
    assert colleague.send(f"{path}/enable").location == path
    assert not get_user(resources, user_id).is_disabled
    admin.send(f"/admin/users/{user_id}/disable")
    assert "再開は県の管理者に頼んでください" in approver.get(path).text("main")
    assert not approver.get(path).dom.select(f'form[action="{path}/enable"]')
    approver.send(f"{path}/enable")
    assert "再開は県の管理者に頼んでください" in approver.get(path).text(".notices")
    assert get_user(resources, user_id).is_disabled
    admin.send(f"/admin/users/{user_id}/enable")
    assert not get_user(resources, user_id).is_disabled


def test_demoted_approver_has_no_desk_at_the_next_request(
    app: Flask, admin: Visitor, approver: Visitor, resources: Resources
) -> None:
    user_id = id_of(resources, "approver@city.example.jp")
    assert approver.open("/staff/users").status_code == 200
    admin.send(f"/admin/users/{user_id}/place", role="staff", agency="m02201")
    assert approver.open("/staff/users").location.startswith("/login")
    visitor = Visitor(app)
    visitor.sign_in("approver@city.example.jp")
    visitor.send("/login/totp", code=code_at(NOW + timedelta(seconds=30)))
    assert visitor.open("/staff/users").status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/admin/users/{2**31}", 404),
        (f"/admin/users/{10**30}", 404),
        (f"/admin/audit?below={10**30}", 200),
        (f"/admin/audit?below={-(10**30)}", 200),
        (f"/admin/users?page={10**30}", 200),
        ("/admin/users?endpoint=x&_method=PUT&_external=1&csrf_token=x", 200),
    ],
)
def test_invented_addresses_are_answered(
    admin: Visitor, resources: Resources, path: str, status: int
) -> None:
    password_hash = get_user(resources, 1).password_hash
    with write_transaction(resources.sessions) as session:
        for number in range(60):
            wanted = NewUser(f"member-{number}@firm.example.jp", "店主", Role.MEMBER)
            services.create_user(session, wanted, password_hash, actor=OPERATOR, now=NOW)
    page = admin.get(path, status)
    links = [str(a["href"]) for a in page.dom.select("a[rel=next]")]
    assert links == [] or links == ["/admin/users?page=2"]


def test_second_factor_that_is_not_there_is_not_reset(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    member = signed_in(app, "owner@firm.example.jp", role=Role.MEMBER)
    user_id = id_of(resources, "owner@firm.example.jp")
    before = actions(resources)
    done = admin.send(f"/admin/users/{user_id}/second-factor")
    assert "使っていません" in admin.get(str(done.location)).text("[role=status]")
    assert member.open("/me").status_code == 200
    assert actions(resources) == before
