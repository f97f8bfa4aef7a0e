"""The eligibility check on a phone: by taps, without JavaScript, and as good a page as any."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import (
    PHONE,
    check_everywhere,
    headings_that_skip_a_level,
    too_small_for_a_thumb,
)

RESULT = (
    "/check?purpose=equipment&place=02203&industry=E&years=5-10&form=company&employees=6-20&by=any"
)


@pytest.mark.parametrize(
    "path",
    ["/check", "/check?purpose=startup", f"{RESULT}&ask=employees", RESULT, "/check?show=result"],
    ids=["first", "places", "again", "result", "whole-result"],
)
def test_check_is_as_good_a_page_as_any(page: Page, path: str) -> None:
    page.goto(path)
    assert headings_that_skip_a_level(page) == []
    assert too_small_for_a_thumb(page, "main button, main .button, main summary, .given a") == []
    for area in page.locator("main details").all():
        area.evaluate("area => area.open = true")
    check_everywhere(page)


def test_owner_gets_a_result_by_taps_without_javascript(
    browser: Browser, base_url: str, browser_context_args: dict[str, Any]
) -> None:
    context = browser.new_context(
        **browser_context_args | {"java_script_enabled": False, "viewport": PHONE}
    )
    page = context.new_page()
    page.goto(f"{base_url}/")
    page.get_by_role("link", name="使える支援をチェックする").click()

    def tap(name: str) -> None:
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    tap("設備投資")
    page.get_by_text("三八地域").click()
    tap("八戸市")
    tap("わからない・答えない")
    page.get_by_role("link", name="もどる").click()
    tap("5年をこえて10年以内")
    tap("製造業")
    while page.locator("[data-verdict]").count() == 0:
        tap("わからない・答えない")
    expect(page.locator("h1")).to_have_text("チェックの結果")
    expect(page.locator("[data-verdict=not-eligible]")).to_contain_text("お答え：八戸市")
    question = page.url
    page.locator("[data-verdict=ask] h3 a").first.click()
    expect(page.locator("h1")).not_to_have_text("チェックの結果")
    page.go_back()
    assert page.url == question
    expect(page.locator("h1")).to_have_text("チェックの結果")
    # The one cookie is that of buttons, and says nothing of the answers.
    (cookie,) = context.cookies()
    content = str(cookie.get("value")).partition(".")[0]
    assert set(json.loads(urlsafe_b64decode(content + "=="))) == {"csrf_token"}
    context.close()
