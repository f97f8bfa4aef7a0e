"""What those do who look after the portal."""

import io

from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.permissions import Role
from portal.db import write_transaction
from tests.accounts import Visitor, make_user, signed_in, signed_in_admin
from tests.acts import Act, act
from tests.conftest import resources_of
from tests.factories import make_agency
from tests.pages import Page

CLERK = "clerk@city.example.jp"


def agency(app: Flask, code: str = "m02201") -> None:
    """There is an agency."""
    with write_transaction(resources_of(app).sessions) as session:
        make_agency(session, code, name=code, level="municipality", region_code=None)


@act("agencies_admin.create", "agency_created")
def add_an_agency(app: Flask) -> Act:
    admin = signed_in_admin(app)
    fields = {"code": "m02201", "name": "青森市", "level": "municipality", "region": "02201"}
    return lambda: admin.send("/admin/agencies/new", **fields, approval="none")


def with_an_agency(app: Flask) -> Visitor:
    agency(app)
    return signed_in_admin(app)


@act("agencies_admin.change", "agency_changed")
def change_an_agency(app: Flask) -> Act:
    admin = with_an_agency(app)
    fields = {"name": "青森市", "level": "municipality", "region": "02201"}
    return lambda: admin.send("/admin/agencies/m02201/edit", **fields, approval="none")


@act("agencies_admin.write_csv", "data_exported")
def take_the_agencies(app: Flask) -> Act:
    admin = with_an_agency(app)
    return lambda: admin.send("/admin/agencies/export")


@act("listings_admin.write_by_agency", "data_exported")
def take_the_counts(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send("/admin/listings/by-agency/export")


@act("audit_admin.write_csv", "audit_exported")
def take_the_record(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send("/admin/audit/export")


@act("jobs_admin.request_run", "job_requested")
def ask_for_a_job(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send("/admin/jobs/mail-prune/run")


def with_a_clerk(app: Flask) -> tuple[Visitor, int]:
    """An administrator and the number of a clerk."""
    agency(app, "m02202")
    clerk = make_user(resources_of(app), CLERK, role=Role.STAFF, has_totp=True)
    return signed_in_admin(app), clerk


@act("users_admin.disable", "user_disabled")
def stop_a_clerk(app: Flask) -> Act:
    admin, clerk = with_a_clerk(app)
    return lambda: admin.send(f"/admin/users/{clerk}/disable")


@act("users_admin.enable", "user_enabled")
def let_a_clerk_in_again(app: Flask) -> Act:
    admin, clerk = with_a_clerk(app)
    admin.send(f"/admin/users/{clerk}/disable")
    return lambda: admin.send(f"/admin/users/{clerk}/enable")


@act("users_admin.change_place", "user_moved")
def move_a_clerk(app: Flask) -> Act:
    admin, clerk = with_a_clerk(app)
    return lambda: admin.send(f"/admin/users/{clerk}/place", role="staff", agency="m02202")


@act("users_admin.change_place", "role_changed")
def promote_and_move_a_clerk(app: Flask) -> Act:
    admin, clerk = with_a_clerk(app)
    return lambda: admin.send(f"/admin/users/{clerk}/place", role="approver", agency="m02202")


@act("users_admin.reset_second_factor", "second_factor_reset")
def reset_the_second_factor_of_a_clerk(app: Flask) -> Act:
    admin, clerk = with_a_clerk(app)
    return lambda: admin.send(f"/admin/users/{clerk}/second-factor")


@act("users_admin.write_csv", "data_exported")
def take_the_users(app: Flask) -> Act:
    admin = signed_in_admin(app)
    return lambda: admin.send("/admin/users/export")


def with_own_clerk(app: Flask) -> tuple[Visitor, int]:
    """An approver and the number of a clerk of the same agency."""
    clerk = make_user(resources_of(app), CLERK, role=Role.STAFF)
    return signed_in(app, "approver@city.example.jp", role=Role.APPROVER), clerk


@act("users_staff.disable", "user_disabled")
def stop_an_own_clerk(app: Flask) -> Act:
    approver, clerk = with_own_clerk(app)
    return lambda: approver.send(f"/staff/users/{clerk}/disable")


@act("users_staff.enable", "user_enabled")
def let_an_own_clerk_in_again(app: Flask) -> Act:
    approver, clerk = with_own_clerk(app)
    approver.send(f"/staff/users/{clerk}/disable")
    return lambda: approver.send(f"/staff/users/{clerk}/enable")


@act("users_staff.write_csv", "data_exported")
def take_the_own_users(app: Flask) -> Act:
    approver, _ = with_own_clerk(app)
    return lambda: approver.send("/staff/users/export")


INVITATION = {"email": "new@city.example.jp", "role": "staff", "agency": "m02201"}


def invited(app: Flask) -> Visitor:
    """An administrator who invited somebody: invitation 1."""
    admin = with_an_agency(app)
    assert admin.send("/admin/users/invitations/new", **INVITATION).status_code == 303
    return admin


def invited_by_approver(app: Flask) -> Visitor:
    """The same of an approver."""
    approver, _ = with_own_clerk(app)
    assert approver.send("/staff/users/invitations/new", **INVITATION).status_code == 303
    return approver


@act("invitations_admin.invite", "user_invited")
def invite(app: Flask) -> Act:
    admin = with_an_agency(app)
    return lambda: admin.send("/admin/users/invitations/new", **INVITATION)


@act("invitations_admin.send_again", "user_invited")
def invite_again(app: Flask) -> Act:
    admin = invited(app)
    return lambda: admin.send("/admin/users/invitations/1/again")


@act("invitations_admin.withdraw", "invitation_withdrawn")
def withdraw_an_invitation(app: Flask) -> Act:
    admin = invited(app)
    return lambda: admin.send("/admin/users/invitations/1/withdraw")


@act("invitations_staff.invite", "user_invited")
def approver_invites(app: Flask) -> Act:
    approver, _ = with_own_clerk(app)
    return lambda: approver.send("/staff/users/invitations/new", **INVITATION)


@act("invitations_staff.send_again", "user_invited")
def approver_invites_again(app: Flask) -> Act:
    approver = invited_by_approver(app)
    return lambda: approver.send("/staff/users/invitations/1/again")


@act("invitations_staff.withdraw", "invitation_withdrawn")
def approver_withdraws(app: Flask) -> Act:
    approver = invited_by_approver(app)
    return lambda: approver.send("/staff/users/invitations/1/withdraw")


BULK = "/admin/users/invitations/bulk"


def upload(admin: Visitor) -> TestResponse:
    rows = "メールアドレス,名前,権限,実施機関コード\n" + "".join(
        f"clerk{number}@city.example.jp,担当 {number},担当者,m02201\n" for number in range(3)
    )
    file = (io.BytesIO(rows.encode()), "people.csv")
    form = {"csrf_token": admin.token(), "file": file}
    return admin.client.post(BULK, data=form, base_url=admin.base_url)


@act("bulk_invitations.preview")
def look_at_a_file_of_people(app: Flask) -> Act:
    admin = with_an_agency(app)
    return lambda: upload(admin)


@act("bulk_invitations.send", "user_invited", "user_invited", "user_invited")
def invite_three_by_a_file(app: Flask) -> Act:
    admin = with_an_agency(app)
    shown = Page(200, upload(admin).text)
    return lambda: admin.send(f"{BULK}/send", sealed=shown.dom.select_one("[name=sealed]")["value"])
