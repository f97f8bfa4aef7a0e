"""Saving a search on a phone without an account, from the results to one tap that stops it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.extensions import Resources
from tests.browser.conftest import serving
from tests.browser.looks import PHONE, check_everywhere
from tests.conftest import resources_of
from tests.factories import publish_and_index
from tests.portal.alerts.alert_pages import OWNER, run, sent


@pytest.fixture
def base_url(app: Flask) -> Iterator[str]:
    publish_and_index(resources_of(app), title="雪の日の販路の補助金")
    with serving(app) as address:
        yield address


def test_owner_saves_a_search_and_stops_it(page: Page, resources: Resources) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/search?q=雪")
    page.get_by_role("link", name="この条件の新着をメールで受け取る").click()
    page.get_by_label("メールアドレス").fill(OWNER)
    page.get_by_label("すぐに").check()
    page.get_by_role("button", name="確認のメールを送る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("メールをお送りしました")
    page.goto(sent(resources)[-1].page)
    page.get_by_role("button", name="メールを受け取る").click()
    expect(page.get_by_text("登録しました。")).to_be_visible()
    check_everywhere(page)
    publish_and_index(resources, title="雪の日の融資")
    run(resources, "saved-search-mail")
    run(resources, "mail-send")
    page.goto(sent(resources)[-1].stop)
    check_everywhere(page)
    page.get_by_role("button", name="止める").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("お知らせを止めました")
