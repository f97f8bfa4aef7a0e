"""The desk of the prefecture: what needs attention, and who may do what."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.accounts.permissions import Permission, Role, scope_of
from portal.db import write_transaction
from portal.extensions import Resources
from portal.jobs.models import JobRun
from portal.mail import services as mail
from portal.mail.models import MailState
from portal.mail.services import Mail
from portal.publishing import publication
from tests.accounts import Visitor, make_user, signed_in_admin
from tests.conftest import NOW, MakeApp, MakeDatabase, make_settings
from tests.pages import Page
from tests.portal.publishing.office import Office


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return signed_in_admin(app)


def number(page: Page, name: str) -> int:
    item = page.dom.select_one(f"[data-attention={name}]")
    count = int(str(item.select_one("[data-count]")["data-count"]))
    assert ("attention__item--wanted" in item["class"]) is (count > 0)
    return count


def test_quiet_portal_wants_nothing(admin: Visitor) -> None:
    page = admin.get("/admin")
    names = [item["data-attention"] for item in page.dom.select("[data-attention]")]
    assert [number(page, str(name)) for name in names] == [0] * 6


def test_listings_that_wait_to_be_approved_are_counted(admin: Visitor, app: Flask) -> None:
    office = Office(app)
    office.draft(publication.submit)
    office.draft()
    page = admin.get("/admin")
    assert number(page, "review") == 1
    assert page.dom.select_one("[data-attention=review] a[href='/admin/review']")


def test_failed_and_late_jobs_are_counted_once_and_named(
    admin: Visitor, resources: Resources
) -> None:
    with write_transaction(resources.sessions) as session:
        for place in ("one:/data", "two:/data"):
            session.add(
                JobRun(
                    name="index-verify",
                    place=place,
                    started_at=NOW,
                    finished_at=NOW,
                    is_failed=True,
                )
            )
        session.add(JobRun(name="mail-prune", place="", started_at=NOW - timedelta(hours=2)))
        late = NOW - timedelta(days=2)
        session.add(JobRun(name="sign-in-prune", place="", started_at=late, finished_at=late))
        session.add(JobRun(name="mail-send", place="", started_at=NOW))
        session.add(JobRun(name="of-the-past", place="", started_at=NOW, is_failed=True))
    page = admin.get("/admin")
    assert number(page, "jobs") == 3
    told = page.text("[data-attention=jobs]")
    assert "検索の索引を確かめる、古いログインの記録を消す、古いメールの記録を消す。" in told


def test_mail_that_does_not_go_is_counted(admin: Visitor, resources: Resources) -> None:
    with write_transaction(resources.sessions) as session:
        for minutes in (1, 16, 20):
            content = Mail("a@shop.example.jp", "お知らせ", "本文", "<p>本文</p>")
            mail.enqueue(session, content, now=NOW - timedelta(minutes=minutes))
        lost = mail.enqueue(session, content, now=NOW)
        lost.state, lost.text, lost.html = MailState.FAILED.value, "", ""
        lost.last_error = "550 no <such> user"
    page = admin.get("/admin")
    assert (number(page, "late-mails"), number(page, "failed-mails")) == (2, 1)
    shown = [row["data-mail"] for row in page.dom.select("[data-mail]")]
    assert shown == ["given-up", "late", "late"]
    told = page.text("[data-mail=given-up]")
    for part in ("a@shop.example.jp", "お知らせ", "あきらめました", "550 no <such> user"):
        assert part in told
    assert {a["href"] for a in page.dom.select("[data-mail] a")} == {
        "/admin/users?q=a@shop.example.jp"
    }


def test_desk_says_whether_mail_is_sent_at_all(
    tmp_path: Path, make_sqlite_database: MakeDatabase, make_app: MakeApp, admin: Visitor
) -> None:
    assert admin.get("/admin").dom.select("[data-sends-no-mail]")
    settings = make_settings(
        tmp_path,
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_MAIL_URL="smtp://127.0.0.1:1",
        PORTAL_MAIL_FROM="portal@pref.example.jp",
    )
    sending = signed_in_admin(make_app(settings))
    assert not sending.get("/admin").dom.select("[data-sends-no-mail]")


def test_accounts_at_work_that_nobody_uses_are_counted(
    admin: Visitor, resources: Resources
) -> None:
    day = timedelta(days=1)
    last_uses = {
        "a@town.example.jp": (Role.STAFF, NOW - 91 * day, None),
        "b@town.example.jp": (Role.APPROVER, None, None),
        "c@town.example.jp": (Role.STAFF, NOW - 89 * day, None),
        "d@town.example.jp": (Role.STAFF, NOW - 91 * day, NOW),
        "e@shop.example.jp": (Role.MEMBER, NOW - 91 * day, None),
    }
    for email, (role, used_at, disabled_at) in last_uses.items():
        user_id = make_user(resources, email, role=role)
        with write_transaction(resources.sessions) as session:
            user = session.get_one(User, user_id)
            user.created_at = NOW - 200 * day
            user.last_sign_in_at, user.disabled_at = used_at, disabled_at
    assert number(admin.get("/admin"), "unused-accounts") == 2


def test_table_of_rights_is_the_one_in_code(admin: Visitor) -> None:
    page = admin.get("/admin")
    assert page.texts(".roles thead th")[1:] == [role.label for role in Role]
    rows = [
        [" ".join(cell.get_text().split()) for cell in row.select("th, td")]
        for row in page.dom.select(".roles tbody tr")
    ]
    assert rows == [
        [permission.label, *(scope_of(role, permission).label for role in Role)]
        for permission in Permission
    ]


def test_menu_leads_administrators_here_and_nobody_else(app: Flask, admin: Visitor) -> None:
    assert admin.get("/").dom.select_one(".account-menu a[href='/admin']")
    member = Visitor(app)
    make_user(app.extensions["portal"], "owner@shop.example.jp")
    member.sign_in("owner@shop.example.jp")
    page = member.get("/")
    assert page.dom.select_one(".account-menu")
    assert not page.dom.select("a[href^='/admin']")


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/agencies", "/admin/agencies/new", "/admin/audit", "/admin/jobs"]
)
def test_pages_of_the_desk_are_kept_private_and_know_where_they_are(
    admin: Visitor, path: str
) -> None:
    answer = admin.open(path)
    assert answer.headers["Cache-Control"] == "no-store"
    page = Page(answer.status_code, answer.text)
    assert page.dom.select_one("meta[name=robots][content=noindex]")
    assert len(page.dom.select(".desk-nav [aria-current]")) == 1
