"""People who sign in and read their mail."""

from itertools import count

from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.permissions import Role
from tests.accounts import LONG_PASSWORD, code_at, make_user
from tests.conftest import NOW, resources_of
from tests.smtp_server import RunningServer

_numbers = count()


def new_address() -> str:
    """An address nobody has had before."""
    return f"person-{next(_numbers)}@city.example.jp"


FIRST_HEADINGS = {
    Role.MEMBER: "マイページ",
    Role.STAFF: "担当者のページ",
    Role.APPROVER: "担当者のページ",
    Role.ADMIN: "管理者のページ",
}
"""Of the page that one is led to who signs in."""


def give_password(page: Page, email: str, password: str = LONG_PASSWORD) -> None:
    """The first step of signing in."""
    page.goto("/login")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(password)
    page.get_by_role("button", name="ログイン", exact=True).click()


def sign_in(page: Page, app: Flask, role: Role, *, name: str = "県 花子") -> str:
    """Somebody new at their own page: codes of a stopped clock are good once. Returns their
    address."""
    email, is_member = new_address(), role is Role.MEMBER
    make_user(resources_of(app), email, role=role, name=name, has_totp=not is_member)
    give_password(page, email)
    if not is_member:
        page.get_by_label("確認コード").fill(code_at(NOW))
        page.get_by_role("button", name="確認する").click()
    expect(page.locator("h1")).to_have_text(FIRST_HEADINGS[role])
    page.goto("/me")
    return email


def letter_to(app: Flask, postbox: RunningServer, address: str, *, of: int = 1) -> str:
    """The text of the last of so many mails an address got, once all that is due was sent."""
    # The page may be seen before the thread begins that sends; so it is asked for once more.
    mailer = resources_of(app).mailer
    mailer.deliver_soon()
    assert mailer.wait_until_idle(timeout_s=20)
    taken = [taken for taken in postbox.sink.taken if taken.recipients == (address,)]
    assert len(taken) == of
    return taken[-1].text()


def unfold(page: Page, part: str) -> None:
    """Go to a part of the prefecture's desk that is folded on a phone."""
    parts = page.get_by_role("navigation", name="管理者のページ")
    parts.locator("summary").click()
    parts.get_by_role("link", name=part).click()
