"""A list of users that is longer than a page."""

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
