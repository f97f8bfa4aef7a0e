"""The desk of the prefecture in a real browser: by thumb, by keyboard, without JavaScript."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from portal.accounts.permissions import Role
from portal.agencies import queries as agency_queries
from portal.app import create_app
from portal.audit.types import OPERATOR
from portal.db import write_transaction
from portal.jobs.models import JobRun
from portal.listings import reference_data
from portal.mail import services as mail
from portal.mail.models import MailState
from portal.mail.services import Mail
from portal.messages.models import Message
from portal.notices import services as notices
from portal.notices.content import NoticeContent, typed_moment
from portal.notices.models import NoticeLevel
from portal.proposals.models import SynonymProposal
from tests.accounts import LONG_PASSWORD, make_user
from tests.browser.conftest import serving
from tests.browser.looks import (
    check_everywhere,
    findings,
    findings_in_light_and_dark,
    headings_that_skip_a_level,
    too_small_for_a_thumb,
)
from tests.browser.people import unfold
from tests.conftest import NOW, MakeDatabase, make_settings, resources_of
from tests.factories import make_searches, publish_and_index

ADMIN = "ken@pref.example.jp"
CLERK = "clerk@pref.example.jp"

PAGES = [
    "/admin",
    "/admin/agencies",
    "/admin/agencies?q=zzzz",
    "/admin/agencies/new",
    "/admin/agencies/m02201/edit",
    "/admin/messages",
    "/admin/messages?state=closed",
    "/admin/messages/1",
    "/admin/notices",
    "/admin/notices/new",
    "/admin/notices/1",
    "/admin/demand",
    "/admin/demand/proposals",
    "/admin/synonyms",
    "/admin/synonyms?q=お金",
    "/admin/synonyms?q=zzzz",
    "/admin/synonyms/new",
    "/admin/synonyms/1",
    "/admin/synonyms/trial?q=人が足りない 看板",
    "/admin/audit",
    "/admin/audit?since=yesterday",
    "/admin/reports/yearly",
    "/admin/reports/yearly?fiscal_year=1",
    "/admin/jobs",
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, make_sqlite_database: MakeDatabase) -> Flask:
    """A portal with the agencies of its region, a listing, a notice of each level, a message, jobs
    that failed and mail that did not go."""
    settings = make_settings(
        tmp_path_factory.mktemp("desk"),
        PORTAL_DATABASE_URL=make_sqlite_database(),
        PORTAL_REQUIRE_TOTP="0",
    )
    app = create_app(settings)
    held = resources_of(app)
    held.indexer.rebuild()
    with write_transaction(held.sessions) as session:
        reference_data.load_agencies(session, "aomori")
        failed = {"started_at": NOW, "finished_at": NOW, "is_failed": True}
        session.add(JobRun(name="mail-prune", place="", detail="disk is full " * 20, **failed))
        session.add(JobRun(name="index-verify", place="host:" + "a/" * 60, **failed))
        for number in range(2):
            to = f"a-clerk-with-a-rather-long-address-{number}@section.city.example.jp"
            content = Mail(to, "利用者登録のご案内", "本文", "<p>本文</p>")
            row = mail.enqueue(session, content, now=NOW - timedelta(hours=1))
            row.last_error = "550 5.1.1 <" + "clerk" * 20 + ">: Recipient address rejected"
        row.state, row.text, row.html = MailState.FAILED.value, "", ""
    make_user(held, ADMIN, role=Role.ADMIN)
    make_user(held, CLERK, role=Role.STAFF, agency="aomori-pref")
    publish_and_index(held)
    with write_transaction(held.sessions) as session:
        for level in NoticeLevel:
            add_notice(session, level)
        session.add(Message(topic="use", text="地図で\n探せますか。" * 9, created_at=NOW))
    with held.sessions() as session:
        add_demand(session)
    return app


def add_demand(session: Session) -> None:
    """Searches in vain, and synonyms proposed for one of them."""
    for conditions in (
        f"q={'ゆきはね' * 12}&region=02202",
        "q=ぽっぽやき&purpose=startup&kind=loan",
    ):
        for day in (1, 2, 3):
            on = NOW.date().replace(day=day)
            make_searches(session, conditions, on=on, searches=9, without_hits=9)
    words = {"word": "ぽっぽやき", "equivalents": ["蒸気パン", "屋台の菓子" * 9]}
    proposal = SynonymProposal(**words, note="メモ" * 90, author_id=1, proposed_at=NOW)
    proposal.agency = agency_queries.get_by_code(session, "aomori-pref")
    session.add(proposal)
    session.commit()


def add_notice(session: Session, level: NoticeLevel) -> None:
    text = "一つ目の段落です。くわしくは https://example.jp/snow をご覧ください。\n\n二つ目です。"
    ends_at = typed_moment(NOW + timedelta(days=1))
    content = NoticeContent(level.value, f"{level.label}の長い見出し" * 3, text, ends_at=ends_at)
    notices.create(session, content, is_published=True, actor=OPERATOR, now=NOW)


@pytest.fixture(scope="module")
def base_url(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def sign_in(page: Page, path: str, email: str) -> None:
    """Sign in, on the way to a page."""
    page.goto(path)
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード", exact=True).fill(LONG_PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()


def enter(page: Page, path: str) -> None:
    """The same, as an administrator."""
    sign_in(page, path, ADMIN)
    expect(page.locator(".desk-nav")).to_be_visible()
    # With its style sheets: what is measured depends on them.
    page.wait_for_load_state("load")


@pytest.mark.parametrize("path", PAGES)
def test_page_passes_axe_does_not_scroll_sideways_and_fits_a_thumb(page: Page, path: str) -> None:
    enter(page, path)
    check_everywhere(page)
    assert page.locator("h1").count() == 1
    assert headings_that_skip_a_level(page) == []
    controls = (
        "main button, main .input, main .select, main .button, .desk-nav :is(a, summary),"
        " .choices__option"
    )
    assert too_small_for_a_thumb(page, controls) == []


def test_wrong_form_leads_from_the_summary_to_the_fields(page: Page) -> None:
    enter(page, "/admin/agencies/new")
    page.get_by_label("名前", exact=True).fill("りんご組合")
    page.get_by_role("button", name="この実施機関を足す").click()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.get_by_label("名前", exact=True)).to_have_value("りんご組合")
    assert findings_in_light_and_dark(page) == []
    page.get_by_role("alert").get_by_role("link", name="実施主体").click()
    expect(page.get_by_label("実施主体")).to_be_focused()


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no-script"])
def test_agency_is_added_found_changed_and_recorded(
    browser: Browser, base_url: str, browser_context_args: dict[str, Any], with_script: bool
) -> None:
    code = "kumiai-1" if with_script else "kumiai-2"
    context = browser.new_context(**browser_context_args, java_script_enabled=with_script)
    page = context.new_page()
    enter(page, "/admin/agencies/new")
    page.get_by_label("コード").fill(code)
    page.get_by_label("名前", exact=True).fill(f"りんご組合{code}")
    page.get_by_label("実施主体").select_option("organization")
    page.get_by_label("課の共用メール").fill("ringo@kumiai.example.jp")
    page.get_by_role("button", name="この実施機関を足す").click()
    expect(page.get_by_text("を足しました。")).to_be_visible()
    page.get_by_label("名前・ふりがな・コード").fill(code)
    page.get_by_role("button", name="しぼり込む").click()
    page.locator(f"[data-agency={code}] a").click()
    page.get_by_label("電話").fill("017-000-0000")
    page.get_by_role("button", name="変更を保存する").click()
    unfold(page, "監査記録")
    page.get_by_label("対象の番号・コード").fill(code)
    page.get_by_role("button", name="さがす").click()
    expect(page.locator("[data-seq] h3")).to_have_text(["実施機関の変更", "実施機関の作成"])
    context.close()


def test_change_by_somebody_else_is_shown_beside_what_was_typed(page: Page) -> None:
    enter(page, "/admin/agencies/m02203/edit")
    other = page.context.new_page()
    other.goto("/admin/agencies/m02203/edit")
    for tab, tel in ((other, "0178-00-0001"), (page, "0178-00-0002")):
        tab.get_by_label("電話").fill(tel)
        tab.get_by_role("button", name="変更を保存する").click()
    expect(page.locator("[data-others]")).to_contain_text("0178-00-0001")
    expect(page.locator("#problems")).to_be_focused()
    assert findings_in_light_and_dark(page) == []
    page.get_by_role("button", name="変更を保存する").click()
    expect(page.get_by_text("八戸市を変更しました。")).to_be_visible()


def test_files_are_taken_by_a_click(page: Page) -> None:
    enter(page, "/admin/audit")
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSVで書き出す").click()
    assert taken.value.suggested_filename == "audit.csv"
    assert taken.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
    page.goto("/admin/agencies")
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSVで書き出す").click()
    assert taken.value.suggested_filename == "agencies.csv"


def test_job_is_asked_for_by_keyboard(page: Page) -> None:
    enter(page, "/admin/jobs")
    page.locator("[data-job=change-log-prune] button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-job=change-log-prune] [data-run=wanted]")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("を頼みました。")
    assert findings(page) == []


@pytest.mark.parametrize("path", ["/", "/listings/L000001"])
def test_notices_of_every_level_are_as_good_a_page(page: Page, path: str) -> None:
    check_everywhere(page, reopen=lambda: page.goto(path))
    banner = page.get_by_role("region", name="緊急のお知らせ")
    expect(banner.locator("[data-notice]")).to_have_count(2 if path == "/" else 3)
    expect(banner.locator("[data-notice]").first).to_contain_text("緊急 緊急の長い見出し")
    if path != "/":
        banner.get_by_role("link", name="お知らせの長い見出し").click()
        expect(page.locator("article.site-notice--info")).to_be_in_viewport()


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no-script"])
def test_emergency_is_written_looked_at_published_and_ended(
    browser: Browser, base_url: str, browser_context_args: dict[str, Any], with_script: bool
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=with_script)
    page, title = context.new_page(), f"大雪のため休みます{with_script}"
    enter(page, "/admin/notices/new")
    page.get_by_role("radio", name="緊急").check()
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_role("alert")).to_contain_text("見出しを入れてください。")
    page.get_by_label("見出し", exact=True).fill(title)
    page.get_by_label("表示のおわり").fill("2026-11-23T09:00")
    page.get_by_role("button", name="見え方を確かめる").click()
    expect(page.locator("[data-preview]")).to_contain_text(title)
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_role("status")).to_contain_text("公開しました。")
    expect(page.locator(".site-notices")).to_contain_text(title)
    page.get_by_role("button", name="表示を終える").click()
    expect(page.get_by_role("status")).to_contain_text("表示を終えました。")
    expect(page.locator(".site-notices")).not_to_contain_text(title)
    context.close()


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no-script"])
def test_mistake_is_reported_by_a_visitor_and_answered_by_the_agency(
    browser: Browser, base_url: str, browser_context_args: dict[str, Any], with_script: bool
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=with_script)
    page = context.new_page()
    page.goto("/listings/L000001")
    page.get_by_role("link", name="この情報の間違いを知らせる").click()
    page.get_by_role("button", name="知らせる").click()
    expect(page.get_by_role("alert")).to_contain_text("どれにあたるかを選んでください。")
    if with_script:
        check_everywhere(page)
        assert too_small_for_a_thumb(page, "main button, main .input, main .select") == []
    page.get_by_label("どこが違いますか").select_option("締切や日程が違う")
    page.get_by_label("くわしい内容").fill("締切は9月末です。")
    page.get_by_label("返信先のメールアドレス").fill("owner@firm.example.jp")
    page.get_by_role("button", name="知らせる").click()
    expect(page.locator("h1")).to_have_text("受け付けました")
    sign_in(page, "/staff/messages", CLERK)
    page.locator("[data-message]").first.get_by_role("link").click()
    expect(page.get_by_text("締切は9月末です。")).to_be_visible()
    if with_script:
        page.wait_for_load_state("load")
        check_everywhere(page)
        assert too_small_for_a_thumb(page, "main button, main .input") == []
    page.get_by_label("回答", exact=True).fill("直しました。ありがとうございます。")
    page.get_by_role("button", name="回答を送る").click()
    expect(page.get_by_role("status")).to_contain_text("回答を送りました。")
    context.close()
