"""Every page that makes somebody wait says for how long, to people and to programs."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.hashing import PLACES
from portal.extensions import Resources
from tests.accounts import LONG_PASSWORD, Visitor, code_at, id_of, make_user, move_clock
from tests.conftest import NOW
from tests.pages import Page
from tests.portal.accounts.mailbox import letters_to, link_in
from tests.portal.accounts.test_password_reset import issue

OWNER, OTHER = "owner@firm.example.jp", "other@firm.example.jp"
NEW = "雪の日の黄色い長靴と砂時計"


@pytest.fixture
def owner(app: Flask, resources: Resources) -> Visitor:
    """A member with a second factor, signed in."""
    make_user(resources, OWNER, has_totp=True)
    visitor = Visitor(app)
    visitor.sign_in(OWNER)
    visitor.send("/login/totp", code=code_at(NOW))
    return visitor


def forms_with_password(owner: Visitor) -> dict[str, dict[str, str]]:
    """What the pages of one's own account send that ask for the password."""
    page = owner.get("/me/second-factor")
    secret = page.text("[data-secret]").replace(" ", "")
    sealed, *_ = page.dom.select("main input[name=sealed]")
    return {
        "/me/password": {"new_password": NEW},
        "/me/email": {"email": OTHER},
        "/me/end": {},
        "/me/second-factor": {"code": code_at(NOW, secret), "sealed": str(sealed["value"])},
        "/me/second-factor/remove": {},
        "/me/recovery-codes": {},
    }


def test_who_mistook_the_password_too_often_is_told_how_long_to_wait(owner: Visitor) -> None:
    forms = forms_with_password(owner)
    for _ in range(10):
        assert owner.send("/me/end", password="wrong").status_code == 422
    for path, form in forms.items():
        answer = owner.send(path, password=LONG_PASSWORD, **form)
        assert (path, answer.status_code, answer.headers.get("Retry-After")) == (path, 429, "300")
        assert "5分" in Page(429, answer.text).text("[role=alert]")


def test_who_mistook_the_code_too_often_is_told_how_long_to_wait(
    app: Flask, owner: Visitor
) -> None:
    owner.send("/logout")
    now = move_clock(app, timedelta(minutes=1))
    owner.sign_in(OWNER)
    for _ in range(5):
        assert owner.send("/login/totp", code="000000").status_code == 422
    answer = owner.send("/login/totp", code=code_at(now))
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, "300")


def test_who_comes_when_too_many_sign_in_is_told_to_come_again(
    app: Flask, owner: Visitor, resources: Resources
) -> None:
    forms = {
        path: form | {"password": LONG_PASSWORD}
        for path, form in forms_with_password(owner).items()
    }
    visitor = Visitor(app)
    visitor.send("/signup", email=OTHER)
    forms[link_in(letters_to(resources, OTHER)[-1], "/signup")] = {"name": "x", "new_password": NEW}
    forms[f"/password-reset/{issue(resources, id_of(resources, OWNER))}"] = {"new_password": NEW}
    forms["/login"] = {"email": OWNER, "password": LONG_PASSWORD}
    with ExitStack() as taken:
        for _ in range(PLACES):
            taken.enter_context(resources.passwords.place())
        for path, form in forms.items():
            answer = (owner if path.startswith("/me") else visitor).send(path, **form)
            assert (path, answer.status_code, answer.headers.get("Retry-After")) == (path, 503, "2")
            assert Page(503, answer.text).text("[role=alert]")
