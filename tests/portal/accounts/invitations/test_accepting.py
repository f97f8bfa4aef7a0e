"""What the link of an invitation opens: one account, for one address, role and agency."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import joining, tokens
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import TokenPurpose
from portal.accounts.tokens import Place, UnusableTokenError
from portal.audit.models import AuditEvent
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import SECRET, Visitor, actions, events, make_user, move_clock
from tests.conftest import NOW
from tests.factories import make_agency
from tests.portal.accounts.invitations.conftest import CLERK, invite, link_to, pending, user_of
from tests.portal.accounts.mailbox import letters_to

NEW = "雪の日の黄色い長靴と砂時計"
SECOND = timedelta(seconds=1)


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
