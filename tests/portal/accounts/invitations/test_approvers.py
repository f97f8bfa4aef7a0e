"""Approvers invite for their own agency, and see no more than that."""

from functools import partial

from flask import Flask

from portal.accounts.permissions import Role
from portal.extensions import Resources
from tests.accounts import Visitor, make_user, signed_in
from tests.pages import Page
from tests.portal.accounts.invitations.conftest import CLERK, invite, pending


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


def test_approver_is_told_the_same_of_every_address_that_has_an_account(
    app: Flask, approver: Visitor, resources: Resources
) -> None:
    held = {
        "member@firm.example.jp": {"role": Role.MEMBER},
        "other@town.example.jp": {"role": Role.STAFF, "agency": "m02202"},
        "own@city.example.jp": {"role": Role.STAFF},
        "ken@pref.example.jp": {"role": Role.ADMIN},
    }
    told = set()
    for email, place in held.items():
        make_user(resources, email, **place)
        fields = {"email": email, "role": "staff", "agency": "m02201"}
        answer = approver.send("/staff/users/invitations/new", **fields)
        assert answer.status_code == 422
        told.add(Page(answer.status_code, answer.text).text("#email-error"))
    (said,) = told
    assert "もう登録されています" in said


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
