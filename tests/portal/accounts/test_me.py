"""One's own account: name and password."""

import unicodedata
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.permissions import Role
from portal.extensions import Resources
from tests.accounts import (
    LONG_PASSWORD,
    Visitor,
    actions,
    code_at,
    get_user,
    make_user,
    move_clock,
    sessions_of,
)
from tests.conftest import NOW

NEW = "雪の日の黄色い長靴と砂時計"


@pytest.fixture
def member(app: Flask, resources: Resources) -> Visitor:
    make_user(resources)
    visitor = Visitor(app)
    visitor.sign_in()
    return visitor


def test_page_shows_what_is_known(app: Flask, resources: Resources) -> None:
    make_user(resources, role=Role.STAFF, has_totp=True)
    visitor = Visitor(app)
    visitor.sign_in()
    visitor.send("/login/totp", code=code_at(NOW))
    text = visitor.get("/me").text("main")
    for shown in (
        "user@firm.example.jp",
        "担当者（機関 m02201）",
        "はじめてのログイン",
        "この端末",
    ):
        assert shown in text


def test_name_is_changed(member: Visitor, resources: Resources) -> None:
    assert member.send("/me", name=" 鈴木 一郎 ").location == "/me"
    assert get_user(resources, 1).name == "鈴木 一郎"
    assert "鈴木 一郎" in member.get("/").text(".account-menu__text")


@pytest.mark.parametrize("name", ["", "   ", "あ" * 61, "a\x00b", "a\u202eb", "a\nb"])
def test_impossible_names_get_a_message_and_stay_typed(
    member: Visitor, resources: Resources, name: str
) -> None:
    response = member.send("/me", name=name)
    assert response.status_code == 422
    assert 'aria-describedby="name-error"' in response.text
    assert get_user(resources, 1).name == "佐藤 はな"


def test_markup_in_a_name_is_shown_as_text(member: Visitor) -> None:
    member.send("/me", name="<script>alert(1)</script>")
    page = member.get("/me")
    assert page.text(".account-menu__text") == "<script>alert(1)</script>"
    assert not page.dom.select("script:not([src])")


def test_changed_password_opens_and_the_old_one_does_not(
    app: Flask, member: Visitor, resources: Resources
) -> None:
    answer = member.send("/me/password", password=LONG_PASSWORD, new_password=NEW)
    assert answer.location == "/me"
    assert Visitor(app).sign_in().status_code == 422
    assert Visitor(app).sign_in(password=NEW).status_code == 303
    assert actions(resources)[2] == "password_changed"


def test_change_of_password_ends_other_sessions_and_gives_this_one_a_new_id(
    app: Flask, member: Visitor, resources: Resources
) -> None:
    other = Visitor(app)
    other.sign_in()
    before = member.cookie("session")
    member.send("/me/password", password=LONG_PASSWORD, new_password=NEW)
    assert other.open("/me").status_code == 303
    assert member.open("/me").status_code == 200
    assert member.cookie("session") != before
    assert len(sessions_of(resources, 1)) == 1
    member.client.set_cookie("session", str(before))
    assert member.open("/me").status_code == 303


def test_wrong_present_password_changes_nothing(member: Visitor, resources: Resources) -> None:
    before = get_user(resources, 1).password_hash
    answer = member.send("/me/password", password="wrong", new_password=NEW)
    assert answer.status_code == 422
    assert "いまのパスワードが違います" in answer.text
    assert get_user(resources, 1).password_hash == before


def test_present_password_cannot_be_guessed_by_whoever_holds_the_session(
    app: Flask, member: Visitor
) -> None:
    answers = [
        member.send("/me/password", password="wrong", new_password=NEW).status_code
        for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]
    move_clock(app, timedelta(minutes=5))
    answer = member.send("/me/password", password=LONG_PASSWORD, new_password=NEW)
    assert answer.status_code == 303


@pytest.mark.parametrize("new", ["", "short", "aomoriken2026", "user@firm.example.jp", "あ" * 300])
def test_weak_passwords_say_how_to_mend_them(member: Visitor, new: str) -> None:
    answer = member.send("/me/password", password=LONG_PASSWORD, new_password=new)
    assert answer.status_code == 422
    assert 'id="new_password-error"' in answer.text


def test_composed_and_decomposed_letters_are_one_password(
    app: Flask, member: Visitor, resources: Resources
) -> None:
    composed = "がぎぐげごの砂時計と長靴"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    member.send("/me/password", password=LONG_PASSWORD, new_password=decomposed)
    assert Visitor(app).sign_in(password=composed).status_code == 303


def test_password_may_hold_any_characters(app: Flask, member: Visitor) -> None:
    new = "  🍎 雪\tの日 <b>'\"; --\\ 長靴  "
    assert member.send("/me/password", password=LONG_PASSWORD, new_password=new).status_code == 303
    assert Visitor(app).sign_in(password=new).status_code == 303
    assert Visitor(app).sign_in(password=new.strip()).status_code == 422
