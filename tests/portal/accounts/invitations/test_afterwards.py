"""Invitations that wait: sent again, taken back, expired, or overtaken by what happened since."""

import csv
import io
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from portal.accounts import tokens
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import OneTimeToken
from portal.audit.models import AuditEvent
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import Visitor, actions, id_of, last_event, make_user, move_clock, signed_in
from tests.conftest import NOW
from tests.portal.accounts.invitations.conftest import APPROVER, CLERK, invite, link_to, pending
from tests.portal.accounts.mailbox import letters_to, link_in


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


def test_invitation_whose_address_joined_meanwhile_says_what_to_do(
    admin: Visitor, approver: Visitor, resources: Resources
) -> None:
    invite(admin)
    invite(admin, "other@city.example.jp")
    number = make_user(resources, CLERK.upper())
    (row, _) = pending(resources)
    page = admin.get("/admin/users")
    (held,) = [each for each in page.dom.select("[data-invitation]") if each.select(".missing")]
    assert held["data-invitation"] == str(row.id)
    assert "受け取れません" in held.text
    assert held.select_one("dd a")["href"] == f"/admin/users/{number}"
    acts = [form["action"] for form in held.select("form")]
    assert acts == [f"/admin/users/invitations/{row.id}/withdraw"]
    of_agency = approver.get("/staff/users").dom.select_one(f"[data-invitation='{row.id}']")
    assert "変更を県の担当者に頼み" in of_agency.text
    assert of_agency.select("dd a") == []
    text = admin.send("/admin/users/export", role="staff").data.decode("utf-8-sig")
    states = {line["メールアドレス"]: line["状態"] for line in csv.DictReader(io.StringIO(text))}
    assert states == {CLERK: "受け取れない招待", "other@city.example.jp": "招待中"}


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
