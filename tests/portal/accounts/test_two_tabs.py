"""What one tab holds is not lost by what another one does meanwhile."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts import second_factor
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import Visitor, actions, code_at, make_user, move_clock, sessions_of
from tests.conftest import NOW
from tests.pages import Page
from tests.portal.accounts.test_kept_form import fields, kept


@pytest.fixture
def clerk(app: Flask, resources: Resources) -> Visitor:
    """A clerk who is signed in."""
    make_user(resources, role=Role.STAFF, has_totp=True)
    visitor = Visitor(app)
    visitor.sign_in()
    visitor.send("/login/totp", code=code_at(NOW))
    return visitor


def token_in(text: str) -> str:
    """The token of the form in a page."""
    field = Page(200, text).dom.select_one("main input[name=csrf_token]")
    assert field is not None
    return str(field["value"])


def at_the_code(app: Flask, clerk: Visitor) -> tuple[str, str, str]:
    """A form that is kept as far as the second step: its seal, the token of the page, a code."""
    token = clerk.token("/me")
    now = move_clock(app, timedelta(hours=1))
    first = clerk.sign_in(kept=kept(clerk.send("/me", token=token, name="新しい名前").text))
    return kept(first.text), token_in(first.text), code_at(now)


def test_another_tab_at_the_same_step_loses_nothing(app: Flask, clerk: Visitor) -> None:
    sealed, old, code = at_the_code(app, clerk)
    clerk.sign_in()
    late = clerk.send("/login/totp", token=old, code=code, kept=sealed)
    assert late.status_code == 400
    assert "もう一度入れてください" in Page(400, late.text).text("[role=status]")
    done = clerk.send("/login/totp", code=code, kept=kept(late.text))
    assert fields(done.text)["name"] == "新しい名前"


def test_another_tab_that_finished_signing_in_loses_nothing(app: Flask, clerk: Visitor) -> None:
    sealed, old, code = at_the_code(app, clerk)
    clerk.sign_in()
    clerk.send("/login/totp", code=code)
    late = clerk.send("/login/totp", token=old, code=code, kept=sealed)
    assert late.status_code == 200
    assert fields(late.text)["name"] == "新しい名前"


def test_another_tab_that_signed_out_loses_nothing(app: Flask, clerk: Visitor) -> None:
    token = clerk.token("/me")
    now = move_clock(app, timedelta(hours=1))
    asked = clerk.send("/me", token=token, name="新しい名前")
    old = token_in(asked.text)
    clerk.sign_in()
    clerk.send("/logout")
    late = clerk.sign_in(token=old, kept=kept(asked.text))
    assert late.status_code == 400
    again = clerk.sign_in(kept=kept(late.text))
    done = clerk.send("/login/totp", code=code_at(now), kept=kept(again.text))
    assert fields(done.text)["name"] == "新しい名前"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_kept_form_that_another_site_sends_is_not_shown(
    app: Flask, clerk: Visitor, headers: dict[str, str]
) -> None:
    sealed, old, code = at_the_code(app, clerk)
    foreign = {"token": old, "code": code, "kept": sealed, "headers": headers}
    clerk.sign_in()
    assert "新しい名前" not in clerk.send("/login/totp", **foreign).text
    clerk.send("/login/totp", code=code)
    late = clerk.send("/login/totp", **foreign)
    assert (late.status_code, late.location) == (303, "/staff")


def test_new_second_factor_in_between_loses_nothing(
    app: Flask, clerk: Visitor, resources: Resources
) -> None:
    token = clerk.token("/me")
    with write_transaction(resources.sessions) as session:
        second_factor.reset(session, session.get_one(User, 1), actor=OPERATOR, now=NOW)
    first = clerk.sign_in(kept=kept(clerk.send("/me", token=token, name="新しい名前").text))
    page = Page(200, first.text)
    secret = page.text("[data-secret]").replace(" ", "")
    sealed = str(page.dom.select("main input[name=sealed]")[0]["value"])
    form = {"code": "000000", "sealed": sealed, "kept": kept(first.text)}
    missed = clerk.send("/login/second-factor", **form)
    form |= {"code": code_at(NOW, secret), "kept": kept(missed.text)}
    done = clerk.send("/login/second-factor", **form)
    assert len(Page(200, done.text).dom.select("[data-recovery-code]")) == 10
    assert fields(done.text)["name"] == "新しい名前"


def test_page_that_was_asked_for_is_not_lost_when_the_second_step_takes_too_long(
    app: Flask, clerk: Visitor
) -> None:
    clerk.send("/logout")
    clerk.sign_in(next="/me/password")
    move_clock(app, timedelta(minutes=11))
    asked = clerk.open("/login/totp?next=/me/password")
    assert asked.location == "/login?next=/me/password"
    assert clerk.send("/login/totp", code="1", next="/me/password").location == asked.location


def test_page_of_the_code_sends_those_on_who_have_no_factor_yet(
    app: Flask, resources: Resources
) -> None:
    make_user(resources, role=Role.STAFF)
    visitor = Visitor(app)
    visitor.sign_in()
    sent_on = visitor.open("/login/totp?next=/me/password")
    assert sent_on.location == "/login/second-factor?next=/me/password"


def test_signing_out_twice_is_no_mistake(app: Flask, clerk: Visitor) -> None:
    old = clerk.token("/me")
    assert clerk.send("/logout", token=old).location == "/"
    assert clerk.send("/logout", token=old).location == "/"


def test_signing_out_in_a_tab_of_before_signs_out(
    app: Flask, clerk: Visitor, resources: Resources
) -> None:
    """Who clicks it at a shared computer walks away."""
    old = clerk.token("/me")
    move_clock(app, timedelta(minutes=1))
    clerk.sign_in()
    clerk.send("/login/totp", code=code_at(NOW + timedelta(minutes=1)))
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert clerk.send("/logout", token=old, headers=headers).location == "/"
    assert not sessions_of(resources, 1)
    assert actions(resources)[-1] == "sign_out"


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}])
def test_nobody_else_signs_anybody_out(
    app: Flask, clerk: Visitor, resources: Resources, headers: dict[str, str]
) -> None:
    assert clerk.send("/logout", token="x", headers=headers).status_code == 400
    assert len(sessions_of(resources, 1)) == 1
