"""What people do to their own accounts."""

from flask import Flask

from portal.accounts.permissions import Role
from tests.accounts import (
    LONG_PASSWORD,
    Visitor,
    code_at,
    id_of,
    make_user,
    recovery_codes,
    signed_in,
)
from tests.acts import Act, act
from tests.acts.desks import invited
from tests.conftest import NOW, resources_of
from tests.portal.accounts.mailbox import letters_to, link_in

OWNER, CLERK = "owner@firm.example.jp", "clerk@city.example.jp"
NEW = "雪の日の黄色い長靴と砂時計"


def link(app: Flask, email: str, path: str) -> str:
    """The one that was mailed last."""
    return link_in(letters_to(resources_of(app), email)[-1], path)


def enrolment(visitor: Visitor, path: str) -> dict[str, str]:
    """What the form of setting a second factor up sends."""
    page = visitor.get(path)
    secret = page.text("[data-secret]").replace(" ", "")
    return {
        "code": code_at(NOW, secret),
        "sealed": str(page.dom.select_one("[name=sealed]")["value"]),
    }


@act("sign_in.submit", "sign_in")
def member_signs_in(app: Flask) -> Act:
    make_user(resources_of(app), OWNER)
    return lambda: Visitor(app).sign_in(OWNER)


@act("sign_in.submit", "sign_in_failed")
def wrong_password(app: Flask) -> Act:
    make_user(resources_of(app), OWNER)
    return lambda: Visitor(app).sign_in(OWNER, "wrong password here")


@act("sign_in.submit", "sign_in_failed")
def unknown_address(app: Flask) -> Act:
    return lambda: Visitor(app).sign_in(OWNER)


@act("sign_in.submit")
def first_step_of_two(app: Flask) -> Act:
    make_user(resources_of(app), CLERK, role=Role.STAFF, has_totp=True)
    return lambda: Visitor(app).sign_in(CLERK)


def at_the_second_step(app: Flask) -> Visitor:
    make_user(resources_of(app), CLERK, role=Role.STAFF, has_totp=True)
    clerk = Visitor(app)
    clerk.sign_in(CLERK)
    return clerk


@act("sign_in.submit_code", "sign_in")
def code_of_the_app(app: Flask) -> Act:
    clerk = at_the_second_step(app)
    return lambda: clerk.send("/login/totp", code=code_at(NOW))


@act("sign_in.submit_code", "sign_in")
def recovery_code(app: Flask) -> Act:
    clerk = at_the_second_step(app)
    code = recovery_codes(resources_of(app), id_of(resources_of(app), CLERK))[0]
    return lambda: clerk.send("/login/totp", code=code)


@act("sign_in.submit_code", "second_factor_failed")
def wrong_code(app: Flask) -> Act:
    clerk = at_the_second_step(app)
    return lambda: clerk.send("/login/totp", code="000000")


@act("second_factor.enroll_first", "second_factor_enrolled", "sign_in")
def second_factor_at_the_first_sign_in(app: Flask) -> Act:
    make_user(resources_of(app), CLERK, role=Role.STAFF)
    clerk = Visitor(app)
    clerk.sign_in(CLERK)
    fields = enrolment(clerk, "/login/second-factor")
    return lambda: clerk.send("/login/second-factor", **fields)


@act("sign_in.sign_out", "sign_out")
def sign_out(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    return lambda: owner.send("/logout")


@act("me.rename", "user_renamed")
def rename(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    return lambda: owner.send("/me", name="新しい名前")


@act("me.rename")
def rename_to_the_same(app: Flask) -> Act:
    owner = signed_in(app, OWNER, name="りんご商店")
    return lambda: owner.send("/me", name=" りんご商店 ")


@act("me.end_sessions", "session_ended")
def end_sessions(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    Visitor(app).sign_in(OWNER)
    return lambda: owner.send("/me/sessions", session="others")


@act("me.change_password", "password_changed")
def change_password(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    return lambda: owner.send("/me/password", password=LONG_PASSWORD, new_password=NEW)


@act("me.change_password", "sign_in_failed")
def change_password_without_knowing_it(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    return lambda: owner.send("/me/password", password="wrong", new_password=NEW)


@act("second_factor.enroll", "second_factor_enrolled")
def set_up_a_second_factor(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    fields = enrolment(owner, "/me/second-factor")
    return lambda: owner.send("/me/second-factor", password=LONG_PASSWORD, **fields)


@act("recovery.remove", "second_factor_reset")
def give_up_the_second_factor(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    fields = enrolment(owner, "/me/second-factor")
    owner.send("/me/second-factor", password=LONG_PASSWORD, **fields)
    return lambda: owner.send("/me/second-factor/remove", password=LONG_PASSWORD)


@act("recovery.renew", "recovery_codes_renewed")
def renew_recovery_codes(app: Flask) -> Act:
    clerk = signed_in(app, CLERK, role=Role.STAFF)
    return lambda: clerk.send("/me/recovery-codes", password=LONG_PASSWORD)


@act("password_reset.request_link", "password_reset_requested")
def ask_for_a_new_password(app: Flask) -> Act:
    make_user(resources_of(app), OWNER)
    return lambda: Visitor(app).send("/password-reset", email=OWNER)


@act("password_reset.choose", "password_reset")
def choose_a_new_password(app: Flask) -> Act:
    make_user(resources_of(app), OWNER)
    owner = Visitor(app)
    owner.send("/password-reset", email=OWNER)
    address = link(app, OWNER, "/password-reset")
    return lambda: owner.send(address, new_password=NEW)


@act("joining.request_sign_up")
def ask_to_sign_up(app: Flask) -> Act:
    return lambda: Visitor(app).send("/signup", email=OWNER)


@act("joining.sign_up", "member_signed_up", "sign_in")
def sign_up(app: Flask) -> Act:
    owner = Visitor(app)
    owner.send("/signup", email=OWNER)
    address = link(app, OWNER, "/signup")
    return lambda: owner.send(address, name="りんご商店", new_password=NEW)


@act("joining.accept_invitation", "invitation_accepted")
def accept_an_invitation(app: Flask) -> Act:
    invited(app)
    address = link(app, "new@city.example.jp", "/invitations")
    return lambda: Visitor(app).send(address, name="鈴木", new_password=NEW)


@act("membership.request_email")
def ask_for_another_address(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    return lambda: owner.send("/me/email", email="new@firm.example.jp", password=LONG_PASSWORD)


@act("membership.confirm_email", "email_changed")
def confirm_another_address(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    owner.send("/me/email", email="new@firm.example.jp", password=LONG_PASSWORD)
    address = link(app, "new@firm.example.jp", "/me/email")
    return lambda: owner.send(address)


@act("membership.write_data", "data_exported")
def take_own_data(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    return lambda: owner.send("/me/data")


@act("membership.end", "user_deleted")
def end_the_account(app: Flask) -> Act:
    owner = signed_in(app, OWNER)
    return lambda: owner.send("/me/end", password=LONG_PASSWORD)
