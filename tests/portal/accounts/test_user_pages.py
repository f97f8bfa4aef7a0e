"""The pages by which users are looked after: how they are parted, and at which desk they are."""

import pytest
from flask import Flask

from portal.accounts.permissions import Role
from portal.accounts.user_queries import PER_PAGE
from portal.extensions import Resources
from tests.accounts import make_user, signed_in


def test_long_list_comes_in_pages_that_keep_what_is_searched_for(
    app: Flask, resources: Resources
) -> None:
    admin = signed_in(app, "admin@pref.example.jp", role=Role.ADMIN)
    for number in range(PER_PAGE + 1):
        make_user(resources, f"m{number}@firm.example.jp", name=f"会員 {number:02}")
    first = admin.get("/admin/users?role=member&endpoint=x&_external=1")
    assert len(first.dom.select("[data-user]")) == PER_PAGE
    link = first.dom.select_one("a[rel=next]")["href"]
    assert link == "/admin/users?page=2&role=member"
    assert admin.get(link).texts("[data-user] h3 a") == [f"会員 {PER_PAGE}"]


def test_pages_lead_back_to_the_desk_they_belong_to(app: Flask) -> None:
    admin = signed_in(app, "admin@pref.example.jp", role=Role.ADMIN)
    approver = signed_in(app, "approver@city.example.jp", role=Role.APPROVER)
    desk = ["ホーム", "管理者のページ", "利用者の管理"]
    assert admin.get("/admin/users").texts(".breadcrumbs li") == desk
    way = admin.get("/admin/users/invitations/bulk").texts(".breadcrumbs li")
    assert way == [*desk, "CSVでまとめて招待"]
    way = approver.get("/staff/users/invitations/new").texts(".breadcrumbs li")
    assert way == ["ホーム", "担当者のページ", "担当者の管理", "担当者の招待"]


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/staff/users", "/admin/users"),
        ("/staff/users?q=%E4%BD%90%E8%97%A4&page=2", "/admin/users?q=%E4%BD%90%E8%97%A4&page=2"),
        ("/staff/users/2", "/admin/users/2"),
        ("/staff/users/invitations/new", "/admin/users/invitations/new"),
    ],
)
def test_administrator_is_led_to_the_desk_of_all_users(app: Flask, path: str, there: str) -> None:
    admin = signed_in(app, "admin@pref.example.jp", role=Role.ADMIN)
    approver = signed_in(app, "approver@city.example.jp", role=Role.APPROVER)
    answer = admin.open(path)
    assert (answer.status_code, answer.location) == (303, there)
    assert admin.open(there).status_code == 200
    assert approver.open(path).status_code == (404 if path == "/staff/users/2" else 200)
