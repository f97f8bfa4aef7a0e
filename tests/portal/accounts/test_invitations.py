"""Invitations: one link for one address, role and agency, good once and for 48 hours."""

import csv
import io
import threading
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import joining, tokens
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import OneTimeToken, TokenPurpose
from portal.accounts.tokens import Place, UnusableTokenError
from portal.audit.models import AuditEvent
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import (
    SECRET,
    Visitor,
    actions,
    events,
    id_of,
    last_event,
    make_user,
    move_clock,
    signed_in,
)
from tests.conftest import NOW
from tests.factories import make_agency
from tests.pages import Page
from tests.portal.accounts.mailbox import letters_to, link_in

NEW = "雪の日の黄色い長靴と砂時計"
SECOND = timedelta(seconds=1)
INVITE = "/admin/users/invitations/new"
CLERK = "clerk@city.example.jp"
APPROVER = "approver@city.example.jp"


@pytest.fixture(autouse=True)
def agencies(request: pytest.FixtureRequest) -> None:
    """Two cities, where a test has an app."""
    if "app" in request.fixturenames:
        held: Resources = request.getfixturevalue("resources")
        with write_transaction(held.sessions) as session:
            for code, name in (("m02201", "青森市"), ("m02202", "弘前市")):
                make_agency(session, code, name=name, level="municipality", region_code=None)


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in(app, "admin@pref.example.jp", role=Role.ADMIN)


@pytest.fixture
def approver(app: Flask) -> Visitor:
    return signed_in(app, APPROVER, role=Role.APPROVER)


def invite(visitor: Visitor, email: str = CLERK, **fields: str):
    given = {"role": "staff", "agency": "m02201"} | fields
    return visitor.send(INVITE, email=email, **given)


def link_to(held: Resources, email: str = CLERK) -> str:
    (letter,) = letters_to(held, email)
    return link_in(letter, "/invitations")


def pending(held: Resources) -> list[OneTimeToken]:
    with held.sessions() as session:
        wanted = select(OneTimeToken).where(OneTimeToken.purpose == TokenPurpose.INVITATION)
        return list(session.scalars(wanted.order_by(OneTimeToken.id)))


def user_of(held: Resources, email: str) -> User | None:
    with held.sessions() as session:
        return session.scalar(select(User).where(User.email_folded == email))


def test_clerk_accepts_an_invitation_and_goes_on_to_the_second_factor(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    assert invite(admin, name="鈴木 三郎").location == "/admin/users"
    (letter,) = letters_to(resources, CLERK)
    assert "鈴木 三郎 様" in letter
    assert "11月22日（日）12:00（日本時間）までに" in letter
    assert "担当者" in letter
    assert "青森市" in letter
    clerk, link = Visitor(app), link_to(resources)
    page = clerk.get(link)
    assert CLERK in page.text("main")
    assert page.dom.select_one("#name")["value"] == "鈴木 三郎"
    done = clerk.send(link, name="鈴木 三郎", new_password=NEW)
    assert done.location == "/login/second-factor"
    assert "2段階認証" in clerk.get("/login/second-factor").text("h1")
    assert clerk.open("/me").location.startswith("/login")
    user = user_of(resources, CLERK)
    assert user is not None
    assert (user.role, user.name) == ("staff", "鈴木 三郎")
    assert actions(resources)[-2:] == ["user_invited", "invitation_accepted"]
    (invited,), (accepted,) = (events(resources, a) for a in actions(resources)[-2:])
    assert (invited.target_type, invited.target_id) == ("invitation", "1")
    assert '"invitation":1' in accepted.detail
    assert (accepted.target_type, accepted.target_id) == ("user", str(user.id))


def test_who_was_invited_and_never_came_is_not_in_the_record_for_ever(
    admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    (row,) = pending(resources)
    admin.send(f"/admin/users/invitations/{row.id}/again")
    admin.send(f"/admin/users/invitations/{row.id}/withdraw")
    with resources.sessions() as session:
        told = session.scalars(select(AuditEvent)).all()
    assert [event.action for event in told][-3:] == [
        *("user_invited", "user_invited", "invitation_withdrawn")
    ]
    assert {event.target_id for event in told[-3:]} == {str(row.id)}
    assert CLERK not in str([vars(event) for event in told])


def test_role_and_address_of_an_invitation_cannot_be_changed_by_its_form(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    extra = {"role": "admin", "email": "evil@example.jp", "agency": "m02202"}
    Visitor(app).send(link_to(resources), name="鈴木", new_password=NEW, **extra)
    with resources.sessions() as session:
        user = session.scalars(select(User).where(User.email == CLERK)).one()
        assert (user.role, user.agency.code if user.agency else "") == ("staff", "m02201")
    assert user_of(resources, "evil@example.jp") is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " ", "new_password": NEW}, "name"),
        ({"name": "鈴木", "new_password": ""}, "new_password"),
        ({"name": "鈴木", "new_password": "aomorishi-clerk1"}, "new_password"),
        ({"name": "字" * 61, "new_password": NEW}, "name"),
    ],
)
def test_bad_name_or_password_is_told_beside_the_field_and_the_name_kept(
    app: Flask, admin: Visitor, resources: Resources, fields: dict[str, str], field: str
) -> None:
    invite(admin)
    answer = Visitor(app).send(link_to(resources), **fields)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'href="#{field}"' in answer.text
    assert NEW not in answer.text
    assert user_of(resources, CLERK) is None


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(hours=48) - SECOND, 200), (timedelta(hours=48), 410)]
)
def test_invitation_works_for_48_hours_and_then_says_what_to_do(
    app: Flask, admin: Visitor, resources: Resources, age: timedelta, status: int
) -> None:
    invite(admin)
    link = link_to(resources)
    move_clock(app, age)
    page = Visitor(app).get(link, status)
    assert status == 200 or "招待をもう一度送るように頼んで" in page.text("main")


def test_used_invitation_says_to_sign_in(app: Flask, admin: Visitor, resources: Resources) -> None:
    invite(admin)
    link = link_to(resources)
    Visitor(app).send(link, name="鈴木", new_password=NEW)
    again = Visitor(app).send(link, name="佐藤", new_password=NEW + "二")
    assert again.status_code == 410
    assert 'href="/login"' in again.text
    user = user_of(resources, CLERK)
    assert user is not None
    assert user.name == "鈴木"
    assert actions(resources).count("invitation_accepted") == 1


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "a" * 5000, "%2e%2e"])
def test_invented_invitations_do_not_work(app: Flask, token: str) -> None:
    assert Visitor(app).open(f"/invitations/{token}").status_code in (404, 410)


def test_link_of_another_purpose_is_no_invitation(app: Flask, resources: Resources) -> None:
    token = tokens.new_token()
    with write_transaction(resources.sessions) as session:
        place = Place("a@b.example.jp", Role.MEMBER, None)
        tokens.issue(session, TokenPurpose.SIGN_UP, place, token=token, now=NOW)
    assert Visitor(app).open(f"/invitations/{token}").status_code == 410
    assert Visitor(app).open(f"/signup/{token}").status_code == 200


def test_withdrawn_invitation_does_not_work(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    link = link_to(resources)
    (row,) = pending(resources)
    assert admin.send(f"/admin/users/invitations/{row.id}/withdraw").location == "/admin/users"
    page = Visitor(app).get(link, 410)
    assert "取り消されて" in page.text("main")
    assert actions(resources)[-2:] == ["user_invited", "invitation_withdrawn"]
    assert admin.send(f"/admin/users/invitations/{row.id}/withdraw").status_code == 404


def test_invitations_of_somebody_who_is_stopped_do_not_work(
    app: Flask, admin: Visitor, approver: Visitor, resources: Resources
) -> None:
    approver.send("/staff/users/invitations/new", email=CLERK, role="staff", agency="m02201")
    invite(admin, "other@city.example.jp")
    admin.send(f"/admin/users/{id_of(resources, APPROVER)}/disable")
    assert Visitor(app).open(link_to(resources)).status_code == 410
    assert Visitor(app).open(link_to(resources, "other@city.example.jp")).status_code == 200
    event = last_event(resources)
    assert (event.action, event.detail) == ("user_disabled", '{"invitations_withdrawn":1}')


def test_invitation_that_somebody_else_sent_again_outlives_who_sent_it_first(
    app: Flask, admin: Visitor, approver: Visitor, resources: Resources
) -> None:
    approver.send("/staff/users/invitations/new", email=CLERK, role="staff", agency="m02201")
    (row,) = pending(resources)
    admin.send(f"/admin/users/invitations/{row.id}/again")
    admin.send(f"/admin/users/{id_of(resources, APPROVER)}/disable")
    assert len(pending(resources)) == 1


def test_invitation_sent_again_replaces_the_link_and_begins_48_hours_anew(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    old = link_to(resources)
    (row,) = pending(resources)
    with write_transaction(resources.sessions) as session:
        session.get_one(OneTimeToken, row.id).expires_at = NOW + timedelta(hours=1)
    assert admin.send(f"/admin/users/invitations/{row.id}/again").status_code == 303
    links = {link_in(letter, "/invitations") for letter in letters_to(resources, CLERK)}
    (new,) = links - {old}
    assert Visitor(app).open(old).status_code == 410
    assert Visitor(app).open(new).status_code == 200
    assert [row.expires_at for row in pending(resources)] == [NOW + timedelta(hours=48)]
    assert actions(resources)[-2:] == ["user_invited", "user_invited"]


def test_expired_invitation_stays_in_sight_and_can_be_sent_again(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    now = move_clock(app, timedelta(hours=60))
    with write_transaction(resources.sessions) as session:
        tokens.prune(session, now=now)
    again = signed_in(app, "second@pref.example.jp", role=Role.ADMIN)
    page = again.get("/admin/users")
    assert "切れました" in page.text("[data-invitation]")
    (row,) = pending(resources)
    assert again.send(f"/admin/users/invitations/{row.id}/again").status_code == 303
    with write_transaction(resources.sessions) as session:
        tokens.prune(session, now=now + tokens.INVITATION_KEPT + timedelta(hours=48))
    assert pending(resources) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "clerk"}, "email"),
        ({"email": "a@b.jp\r\nBcc: c@d.jp"}, "email"),
        ({"email": "a@b.jp,c@d.jp"}, "email"),
        ({"email": "=?utf-8?q?a?=@b.jp"}, "email"),
        ({"email": "clerk@demo.example"}, "email"),
        ({"email": "ADMIN@pref.example.jp"}, "email"),
        ({"role": ""}, "role"),
        ({"role": "member"}, "role"),
        ({"role": "king"}, "role"),
        ({"agency": ""}, "agency"),
        ({"agency": "nowhere"}, "agency"),
        ({"role": "admin"}, "agency"),
        ({"name": "字" * 61}, "name"),
        ({"name": "\u202e"}, "name"),
    ],
)
def test_bad_invitation_is_told_beside_its_field_and_nothing_is_sent(
    admin: Visitor, resources: Resources, fields: dict[str, str], field: str
) -> None:
    given = {"email": CLERK, "role": "staff", "agency": "m02201", "name": "鈴木"} | fields
    answer = admin.send(INVITE, **given)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert pending(resources) == []
    assert "user_invited" not in actions(resources)


def test_all_that_is_wrong_is_told_at_once_and_what_was_typed_is_kept(admin: Visitor) -> None:
    answer = admin.send(INVITE, email="clerk", name="鈴木 三郎", role="", agency="m02202")
    page = Page(answer.status_code, answer.text)
    links = [link["href"] for link in page.dom.select("#problems a")]
    assert links == ["#email", "#role"]
    assert page.dom.select_one("#email")["value"] == "clerk"
    assert page.dom.select_one("#name")["value"] == "鈴木 三郎"
    assert page.dom.select_one("#agency option[selected]")["value"] == "m02202"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        *(("", 2), ("q=三郎", 1), ("q=TWO@", 1), ("q=ＴＷＯ＠", 1), ("q=nobody", 0)),
        *(("role=approver", 1), ("agency=m02202", 1), ("agency=m02202&role=staff", 0)),
        *(("state=active", 0), ("unused=1", 0)),
    ],
)
def test_invitations_are_searched_with_the_users(admin: Visitor, query: str, count: int) -> None:
    invite(admin, "one@city.example.jp", name="鈴木 三郎")
    invite(admin, "two@city.example.jp", role="approver", agency="m02202")
    page = admin.get(f"/admin/users?{query}")
    assert len(page.dom.select("[data-invitation]")) == count


def test_fiftieth_invitation_is_shown_and_the_file_holds_all(admin: Visitor) -> None:
    for number in range(51):
        invite(admin, f"clerk{number}@city.example.jp")
    page = admin.get("/admin/users")
    assert len(page.dom.select("[data-invitation]")) == 50
    assert "招待中（51人）" in page.text("#invited-title")
    text = admin.send("/admin/users/export", role="staff").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["状態"] for row in rows] == ["招待中"] * 51
    assert {row["実施機関"] for row in rows} == {"青森市"}


def test_second_invitation_to_an_address_is_told_and_not_sent(
    admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    answer = invite(admin, "CLERK@city.example.jp", role="approver")
    assert answer.status_code == 422
    assert "招待を送ってあります" in answer.text
    assert len(pending(resources)) == 1


def test_approver_invites_staff_of_the_own_agency_only(
    approver: Visitor, resources: Resources
) -> None:
    send = partial(approver.send, "/staff/users/invitations/new", email=CLERK)
    assert send(role="staff", agency="m02202").status_code == 422
    assert send(role="approver", agency="m02201").status_code == 422
    assert send(role="admin", agency="").status_code == 422
    assert pending(resources) == []
    assert send(role="staff", agency="m02201").location == "/staff/users"
    assert [(row.email, row.role) for row in pending(resources)] == [(CLERK, "staff")]


def test_approver_neither_sees_nor_touches_other_invitations(
    app: Flask, admin: Visitor, approver: Visitor, resources: Resources
) -> None:
    invite(admin, "one@city.example.jp", agency="m02202")
    invite(admin, "two@city.example.jp", role="approver")
    page = approver.get("/staff/users")
    assert page.dom.select("[data-invitation]") == []
    for row in pending(resources):
        for act in ("again", "withdraw"):
            path = f"/staff/users/invitations/{row.id}/{act}"
            assert approver.send(path).status_code == 404
    assert len(pending(resources)) == 2


def test_address_that_joined_meanwhile_is_told_to_sign_in(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    link = link_to(resources)
    make_user(resources, CLERK)
    assert Visitor(app).open(link).status_code == 410
    answer = Visitor(app).send(link, name="鈴木", new_password=NEW)
    assert answer.status_code == 410
    assert "もう登録されています" in answer.text
    again = admin.send(f"/admin/users/invitations/{pending(resources)[0].id}/again")
    told = admin.get(str(again.location)).text("[role=status]")
    # They may be a mere member: that the invitation was not needed would be wrong.
    assert "県の担当者が利用者の一覧から変更します" in told


def test_link_of_an_invitation_is_in_no_table_and_in_no_record(
    admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    token = link_to(resources).rpartition("/")[2]
    with resources.sessions() as session:
        told = [event.detail for event in session.scalars(select(AuditEvent))]
    stored = [row.token_hash for row in pending(resources)]
    assert token not in str(told) + str(stored)
    assert SECRET not in str(told)


def test_pages_of_a_link_are_kept_out_of_caches(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    headers = Visitor(app).open(link_to(resources)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_twenty_uses_at_once_make_one_account(database: sessionmaker[Session]) -> None:
    token = tokens.new_token()
    with write_transaction(database) as session:
        place = Place(CLERK, Role.STAFF, make_agency(session).id)
        tokens.issue(session, TokenPurpose.INVITATION, place, token=token, now=NOW)
    outcomes: list[str] = []
    start = threading.Barrier(20)

    def use(number: int) -> None:
        start.wait()
        purpose, password = TokenPurpose.INVITATION, f"$argon2id${number}"
        try:
            with write_transaction(database) as session:
                joining.accept(session, purpose, token, f"名前 {number}", password, now=NOW)
        except (UnusableTokenError, joining.AddressTakenError):
            outcomes.append("refused")
        else:
            outcomes.append(f"名前 {number}")

    threads = [threading.Thread(target=use, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert outcomes.count("refused") == 19
    with database() as session:
        users = session.scalars(select(User.name)).all()
        recorded = session.scalars(select(AuditEvent.action)).all()
    assert set(users) == set(outcomes) - {"refused"}
    assert list(recorded) == ["invitation_accepted"]


def test_two_links_to_one_address_used_at_once_make_one_account(
    database: sessionmaker[Session],
) -> None:
    links = [tokens.new_token() for _ in range(6)]
    with write_transaction(database) as session:
        for link in links:
            place = Place(CLERK, Role.MEMBER, None)
            tokens.issue(session, TokenPurpose.SIGN_UP, place, token=link, now=NOW)
    outcomes: list[str] = []
    start = threading.Barrier(len(links))

    def use(link: str) -> None:
        start.wait()
        try:
            with write_transaction(database) as session:
                joining.accept(session, TokenPurpose.SIGN_UP, link, "名", "$argon2id$", now=NOW)
        except joining.AddressTakenError:
            outcomes.append("refused")
        else:
            outcomes.append("made")

    threads = [threading.Thread(target=use, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["made"] + ["refused"] * 5


def test_approver_is_told_of_an_invitation_they_do_not_see(
    app: Flask, admin: Visitor, resources: Resources
) -> None:
    invite(admin)
    make_user(resources, "other@town.example.jp", role=Role.STAFF, agency="m02202")
    approver = signed_in(app, "b@town.example.jp", role=Role.APPROVER, agency="m02202")
    fields = {"email": CLERK.upper(), "role": "staff", "agency": "m02202"}
    answer = approver.send("/staff/users/invitations/new", **fields)
    assert answer.status_code == 422
    assert "県の担当者にお尋ねください" in answer.text
