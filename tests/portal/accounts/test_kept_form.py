"""What was typed is not lost when the session ends, and nobody else gets it."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from portal.accounts import kept_form, session_services
from portal.accounts.permissions import Role
from portal.db import write_transaction
from portal.extensions import Resources
from tests.accounts import Visitor, code_at, get_user, make_user, move_clock, signed_in
from tests.conftest import NOW
from tests.pages import Page

TYPED = '\n一行目\r\n<b>二行目</b> & "三行目"'


@pytest.fixture
def clerk(app: Flask, resources: Resources) -> Visitor:
    """A clerk whose session has just ended while they typed."""
    make_user(resources, role=Role.STAFF, has_totp=True)
    visitor = Visitor(app)
    visitor.sign_in()
    visitor.send("/login/totp", code=code_at(NOW))
    return visitor


def kept(text: str) -> str:
    field = Page(200, text).dom.select_one("input[name=kept]")
    assert field is not None
    return str(field["value"])


def fields(text: str) -> dict[str, str]:
    """What the form that is given back would send."""
    form = Page(200, text).dom.select_one("main form")
    assert form is not None
    values = {str(f["name"]): f.get_text().removeprefix("\n") for f in form.select("textarea")}
    token = form.select_one("input[name=csrf_token]")
    assert token is not None
    return values | {"csrf_token": str(token["value"]), "action": str(form["action"])}


def test_typed_text_comes_back_through_password_and_code(
    app: Flask, clerk: Visitor, resources: Resources
) -> None:
    token = clerk.token("/me")
    now = move_clock(app, timedelta(hours=1))
    asked = clerk.send("/me", token=token, name="新しい名前")
    assert asked.status_code == 401
    assert "入力した内容は残っています" in asked.text
    assert "新しい名前" not in asked.text
    first = clerk.sign_in(kept=kept(asked.text))
    assert first.status_code == 200
    done = clerk.send("/login/totp", code=code_at(now), kept=kept(first.text))
    assert done.status_code == 200
    given = fields(done.text)
    assert given["name"] == "新しい名前"
    assert "新しい名前" in Page(200, done.text).text("[data-kept]")
    assert get_user(resources, 1).name == "佐藤 はな"
    assert clerk.send(given.pop("action"), token=given.pop("csrf_token"), **given).location == "/me"
    assert get_user(resources, 1).name == "新しい名前"


def test_text_of_several_lines_comes_back_as_it_was(app: Flask) -> None:
    admin = signed_in(app, "admin@pref.example.jp", role=Role.ADMIN)
    token = admin.token("/admin/synonyms/new")
    now = move_clock(app, timedelta(hours=1))
    asked = admin.send("/admin/synonyms/new", token=token, members=TYPED)
    first = admin.sign_in("admin@pref.example.jp", kept=kept(asked.text))
    done = admin.send("/login/totp", code=code_at(now), kept=kept(first.text))
    assert fields(done.text)["members"] == TYPED


def test_wrong_password_in_between_loses_nothing(app: Flask, clerk: Visitor) -> None:
    token = clerk.token("/me")
    now = move_clock(app, timedelta(hours=1))
    asked = clerk.send("/me", token=token, name="新しい名前")
    wrong = clerk.sign_in(password="wrong", kept=kept(asked.text))
    right = clerk.sign_in(kept=kept(wrong.text))
    missed = clerk.send("/login/totp", code="000000", kept=kept(right.text))
    done = clerk.send("/login/totp", code=code_at(now), kept=kept(missed.text))
    assert fields(done.text)["name"] == "新しい名前"


def test_somebody_else_at_the_same_computer_does_not_get_it(
    app: Flask, clerk: Visitor, resources: Resources
) -> None:
    token = clerk.token("/me")
    move_clock(app, timedelta(hours=1))
    asked = clerk.send("/me", token=token, name="秘密の下書き")
    make_user(resources, "other@firm.example.jp")
    response = clerk.sign_in("other@firm.example.jp", kept=kept(asked.text))
    assert (response.status_code, response.location) == (303, "/me")


def test_nor_does_anybody_where_the_session_was_ended_from_elsewhere(
    app: Flask, clerk: Visitor, resources: Resources
) -> None:
    token = clerk.token("/me")
    with write_transaction(resources.sessions) as session:
        session_services.end_all(session, 1)
    asked = clerk.send("/me", token=token, name="秘密の下書き")
    assert asked.status_code == 401
    make_user(resources, "other@firm.example.jp")
    response = clerk.sign_in("other@firm.example.jp", kept=kept(asked.text))
    assert (response.status_code, response.location) == (303, "/me")


def test_second_step_that_took_too_long_begins_anew_and_loses_nothing(
    app: Flask, clerk: Visitor
) -> None:
    token = clerk.token("/me")
    move_clock(app, timedelta(hours=1))
    first = clerk.sign_in(kept=kept(clerk.send("/me", token=token, name="新しい名前").text))
    now = move_clock(app, timedelta(minutes=11))
    late = clerk.send("/login/totp", code=code_at(now), kept=kept(first.text))
    assert late.status_code == 401
    again = clerk.sign_in(kept=kept(late.text))
    done = clerk.send("/login/totp", code=code_at(now), kept=kept(again.text))
    assert fields(done.text)["name"] == "新しい名前"


def test_password_is_never_kept(app: Flask, clerk: Visitor) -> None:
    token = clerk.token("/me")
    move_clock(app, timedelta(hours=1))
    asked = clerk.send("/me/password", token=token, password="a", new_password="b")
    assert (asked.status_code, asked.location) == (303, "/login")


@pytest.mark.parametrize("path", ["/login/totp", "/login/second-factor", "/me/second-factor"])
def test_code_of_the_second_factor_is_never_kept(app: Flask, path: str) -> None:
    asked = Visitor(app).send(path, token="x", code="123456", sealed="x")
    assert (asked.status_code, asked.location) == (303, "/login")


def test_form_with_a_code_that_is_no_secret_is_kept(app: Flask, resources: Resources) -> None:
    admin = signed_in(app, "admin@pref.example.jp", role=Role.ADMIN)
    token = admin.token("/admin/agencies/new")
    now = move_clock(app, timedelta(hours=1))
    typed = {"code": "npo-aomori", "name": "青い森の支援センター", "level": "organization"}
    asked = admin.send("/admin/agencies/new", token=token, **typed)
    assert asked.status_code == 401
    first = admin.sign_in("admin@pref.example.jp", kept=kept(asked.text))
    done = admin.send("/login/totp", code=code_at(now), kept=kept(first.text))
    assert fields(done.text).items() >= typed.items()


def test_signing_in_from_another_tab_meanwhile_loses_nothing(app: Flask, clerk: Visitor) -> None:
    token = clerk.token("/me")
    now = move_clock(app, timedelta(hours=1))
    asked = clerk.send("/me", token=token, name="新しい名前")
    field = Page(200, asked.text).dom.select_one("main input[name=csrf_token]")
    assert field is not None
    old = str(field["value"])
    clerk.sign_in()
    clerk.send("/login/totp", code=code_at(now))
    late = clerk.sign_in(token=old, kept=kept(asked.text))
    assert late.status_code == 400
    assert fields(late.text)["name"] == "新しい名前"


def test_form_of_another_site_is_not_kept(app: Flask, clerk: Visitor) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        visitor = Visitor(app)
        asked = visitor.send("/me", token="x", name="押しつけ", headers=headers)
        assert (asked.status_code, asked.location) == (303, "/login")


def test_too_much_is_not_kept(app: Flask) -> None:
    asked = Visitor(app).send("/me", token="x", name="あ" * (kept_form.LONGEST // 2))
    assert asked.status_code == 303


def test_form_is_kept_for_two_hours(app: Flask, clerk: Visitor) -> None:
    token = clerk.token("/me")
    move_clock(app, timedelta(hours=1))
    sealed = kept(clerk.send("/me", token=token, name="新しい名前").text)
    now = move_clock(app, timedelta(hours=2, seconds=1))
    clerk.sign_in(kept=sealed)
    assert clerk.send("/login/totp", code=code_at(now), kept=sealed).location == "/staff"


@pytest.mark.parametrize("sealed", ["", "x", "gAAAAA", "é", "a" * 300_000])
def test_invented_seals_are_ignored(app: Flask, resources: Resources, sealed: str) -> None:
    make_user(resources)
    assert Visitor(app).sign_in(kept=sealed).location == "/me"


def test_files_cannot_be_kept_and_that_is_said(app: Flask, resources: Resources) -> None:
    make_user(resources)
    visitor = Visitor(app)
    form = {"name": "新しい名前", "file": (BytesIO(b"%PDF"), "a.pdf")}
    asked = visitor.client.post("/me", data=form, content_type="multipart/form-data")
    done = visitor.sign_in(kept=kept(asked.text))
    assert "もう一度選んでください" in done.text


@pytest.mark.parametrize("path", ["/was/here", "/search", "/login"])
def test_form_of_a_page_that_takes_none_any_more_is_not_given_back(
    app: Flask, resources: Resources, path: str
) -> None:
    make_user(resources)
    box = resources.secret_key.box(kept_form.BOX)
    typed = [("name", "x")]
    sealed = kept_form.keep(path, typed, user_id=1, has_files=False, box=box, now=NOW)
    assert Visitor(app).sign_in(kept=sealed).location == "/me"


def test_form_whose_token_is_old_is_shown_again_with_what_was_typed(
    app: Flask, resources: Resources
) -> None:
    """Signed in anew in another window: the form in this one holds a token of before."""
    make_user(resources)
    visitor = Visitor(app)
    visitor.sign_in()
    old = visitor.token("/me")
    visitor.sign_in()
    stale = visitor.send("/me", token=old, name="新しい名前")
    assert stale.status_code == 400
    assert get_user(resources, 1).name == "佐藤 はな"
    given = fields(stale.text)
    assert visitor.send(given["action"], token=given["csrf_token"], name=given["name"]).location
    assert get_user(resources, 1).name == "新しい名前"
