"""Pages that are sent twice, or by two people, at one moment."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.accounts import second_factor
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.accounts.sign_in_models import OneTimeToken, TokenPurpose
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import (
    Visitor,
    actions,
    code_at,
    get_user,
    id_of,
    make_user,
    recovery_codes,
    sessions_of,
    signed_in,
)
from tests.conftest import NOW, MakeApp, make_settings, resources_of
from tests.pages import Page
from tests.portal.accounts.test_kept_form import fields, kept
from tests.racing import race

KEN, HANA, CLERK = "ken@pref.example.jp", "hana@pref.example.jp", "clerk@town.example.jp"


@pytest.fixture
def portal(tmp_path: Path, database_url: str, make_app: MakeApp) -> Flask:
    """An app on a database of each kind."""
    return make_app(make_settings(tmp_path, PORTAL_DATABASE_URL=database_url))


@pytest.fixture
def held(portal: Flask) -> Resources:
    return resources_of(portal)


def sends(visitor: Visitor, path: str, **form: str) -> Callable[[], TestResponse]:
    """To send a form whose page is open."""
    token = visitor.token("/me")
    return lambda: visitor.send(path, token=token, **form)


def locations(answers: list[object]) -> list[str]:
    return [str(getattr(answer, "location", answer)) for answer in answers]


def test_of_two_administrators_who_stop_each_other_one_is_out(
    portal: Flask, held: Resources
) -> None:
    ken, hana = (signed_in(portal, email, role=Role.ADMIN) for email in (KEN, HANA))
    paths = [f"/admin/users/{id_of(held, email)}/disable" for email in (KEN, HANA)]
    before = len(actions(held))
    answers = locations(race(held.sessions, [sends(hana, paths[0]), sends(ken, paths[1])]))
    stopped = [get_user(held, id_of(held, email)).is_disabled for email in (KEN, HANA)]
    assert sorted(stopped) == [False, True]
    assert actions(held)[before:] == ["user_disabled"]
    assert [answer.startswith("/login") for answer in answers] == stopped[::-1]


def test_who_is_stopped_at_this_moment_leaves_no_invitation(portal: Flask, held: Resources) -> None:
    ken, hana = (signed_in(portal, email, role=Role.ADMIN) for email in (KEN, HANA))
    form = {"email": CLERK, "role": "admin", "agency": "", "name": ""}
    stop = sends(ken, f"/admin/users/{id_of(held, HANA)}/disable")
    invite = sends(hana, "/admin/users/invitations/new", **form)
    race(held.sessions, [stop, invite])
    with held.sessions() as session:
        links = select(func.count()).where(OneTimeToken.purpose == TokenPurpose.INVITATION)
        assert session.scalar(links) == 0


def enrolment(visitor: Visitor) -> dict[str, str]:
    """The form by which somebody sets a second factor up who must have one."""
    page = visitor.get("/login/second-factor")
    secret = page.text("[data-secret]").replace(" ", "")
    sealed, *_ = page.dom.select("main input[name=sealed]")
    token, *_ = page.dom.select("main input[name=csrf_token]")
    form = {"code": code_at(NOW, secret), "sealed": str(sealed["value"])}
    return form | {"token": str(token["value"])}


def at_enrolment(app: Flask) -> tuple[Visitor, Visitor, dict[str, str]]:
    """Somebody before the page of the second factor, twice: as the first and as the second click
    meet them. The answer to a click before another is dropped, with its cookies."""
    make_user(resources_of(app), CLERK, role=Role.STAFF)
    first = Visitor(app)
    first.sign_in(CLERK)
    form = enrolment(first)
    return first, copy_of(first), form


def copy_of(visitor: Visitor) -> Visitor:
    """The same browser, which gets other answers from here on."""
    copy = Visitor(visitor.client.application)
    for name in ("session", "form"):
        copy.client.set_cookie(name, visitor.cookie(name) or "")
    return copy


def test_second_click_on_the_first_code_hides_no_recovery_codes(
    portal: Flask, held: Resources
) -> None:
    first, second, form = at_enrolment(portal)
    answers = race(
        held.sessions,
        [lambda by=by: by.send("/login/second-factor", **form) for by in (first, second)],
    )
    assert all(isinstance(answer, TestResponse) for answer in answers), answers
    (shown,) = [answer for answer in answers if answer.status_code == 200]
    (told,) = [answer for answer in answers if answer is not shown]
    assert len(Page(200, shown.text).dom.select("[data-recovery-code]")) == 10
    # The browser keeps whatever cookie it has, and goes to where codes are made anew.
    assert (told.status_code, told.location) == (303, "/me/recovery-codes")
    assert not any(cookie.startswith("session=") for cookie in told.headers.getlist("Set-Cookie"))
    assert len(sessions_of(held, 1)) == 1


def test_second_click_that_comes_late_is_led_to_new_recovery_codes(app: Flask) -> None:
    first, second, form = at_enrolment(app)
    assert first.send("/login/second-factor", **form).status_code == 200
    late = second.send("/login/second-factor", **form)
    assert late.location == "/me/recovery-codes"
    asked = second.open(late.location)
    assert asked.location == "/login?next=/me/recovery-codes"
    assert "もうできています" in second.get(asked.location).dom.main.get_text()


def test_second_click_with_the_new_cookie_stays_signed_in(app: Flask) -> None:
    first, _, form = at_enrolment(app)
    first.send("/login/second-factor", **form)
    form["token"] = first.token("/me")
    late = first.send("/login/second-factor", **form)
    assert late.location == "/me/recovery-codes"
    assert "もうできています" in first.get(late.location).dom.main.get_text()


def test_second_click_does_not_lose_the_form_that_is_kept(app: Flask, resources: Resources) -> None:
    clerk = signed_in(app, CLERK, role=Role.STAFF)
    typed = {"token": clerk.token("/me"), "name": "新しい名前"}
    with write_transaction(resources.sessions) as session:
        second_factor.reset(session, session.get_one(User, 1), actor=OPERATOR, now=NOW)
    sealed = kept(clerk.send("/me", **typed).text)
    clerk.sign_in(CLERK, kept=sealed)
    form = enrolment(clerk) | {"kept": sealed}
    other = copy_of(clerk)
    assert clerk.send("/login/second-factor", **form).status_code == 200
    late = other.send("/login/second-factor", **form)
    assert late.status_code == 401
    assert "もうできています" in Page(401, late.text).dom.main.get_text()
    other.sign_in(CLERK, kept=kept(late.text))
    codes = recovery_codes(resources, 1)
    done = other.send("/login/totp", code=codes[0], kept=kept(late.text))
    assert fields(done.text)["name"] == "新しい名前"
