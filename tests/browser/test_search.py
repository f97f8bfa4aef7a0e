"""An owner finds support on a phone, with thumb, keyboard, Back button or without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.looks import DESKTOP

THE_EXAMPLE = "/search?q=創業&region=02203&purpose=startup"


def total(page: Page) -> int:
    return int(page.locator("[data-total]").get_attribute("data-total") or -1)


def count_of(page: Page, facet: str, value: str) -> int:
    option = page.locator("li", has=page.locator(f'input[name="{facet}"][value="{value}"]')).last
    return int(option.locator("[data-count]").get_attribute("data-count") or -1)


def open_filters(page: Page) -> None:
    page.get_by_role("link", name=re.compile("絞り込む")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def choose(page: Page, facet: str, value: str) -> None:
    """Tick an option and wait for the new results."""
    before = page.url
    box = page.locator(f'input[name="{facet}"][value="{value}"]')
    box.scroll_into_view_if_needed()
    box.check()
    page.wait_for_url(lambda url: url != before)


def test_example_search_shows_sensible_listings_with_counts(page: Page) -> None:
    page.goto(THE_EXAMPLE)
    titles = page.locator("article[data-listing-id] h3").all_inner_texts()
    assert len(titles) >= 5
    assert sum("創業" in title or "起業" in title for title in titles[:5]) >= 3
    assert page.locator("[data-count]").count() > 100


def test_sheet_filters_and_shows_how_many_there_will_be(page: Page) -> None:
    page.goto("/search")
    everything = total(page)
    open_filters(page)
    expected = count_of(page, "kind", "subsidy")
    choose(page, "kind", "subsidy")
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("button", name=f"{expected}件を表示")).to_be_visible()
    sheet.get_by_role("button", name=f"{expected}件を表示").click()
    expect(sheet).to_be_hidden()
    assert 0 < total(page) == expected < everything
    assert "kind=subsidy" in page.url
    expect(page.get_by_role("link", name=re.compile("絞り込む"))).to_contain_text("1")


def test_sheet_fills_the_phone_and_clears_everything(page: Page) -> None:
    page.goto("/search?kind=subsidy&purpose=startup")
    open_filters(page)
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["height"] >= 0.9 * 844
    assert box["width"] >= 0.98 * 390
    page.get_by_role("dialog").get_by_role("link", name="すべて解除").click()
    page.wait_for_url(lambda url: "kind" not in url)
    assert not page.locator('input[name="kind"]:checked').count()


def test_counts_of_a_facet_do_not_change_with_its_own_choice(page: Page) -> None:
    page.goto("/search")
    loans = count_of(page, "kind", "loan")
    page.goto("/search?kind=subsidy")
    assert count_of(page, "kind", "loan") == loans


def test_back_button_brings_the_earlier_results_and_ticks(page: Page) -> None:
    page.goto("/search?q=補助金")
    first = page.locator("article[data-listing-id]").first.get_attribute("data-listing-id")
    before = total(page)
    open_filters(page)
    choose(page, "level", "municipality")
    page.keyboard.press("Escape")
    assert total(page) != before
    page.go_back()
    expect(page.locator("[data-total]")).to_have_attribute("data-total", str(before))
    assert page.locator('input[name="level"]:checked').count() == 0
    again = page.locator("article[data-listing-id]").first.get_attribute("data-listing-id")
    assert again == first


def test_chip_takes_a_condition_away(page: Page) -> None:
    page.goto("/search?kind=subsidy&region=02203")
    page.get_by_role("link", name=re.compile("八戸市.*外す")).click()
    page.wait_for_url(lambda url: "region" not in url)
    assert "kind=subsidy" in page.url


def test_keyboard_goes_on_from_the_results_when_a_chip_is_gone(page: Page) -> None:
    page.goto("/search?kind=subsidy&region=02203")
    page.get_by_role("link", name=re.compile("八戸市.*外す")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "region" not in url)
    expect(page.locator("#results-title")).to_be_focused()


def test_keyboard_stays_in_the_sheet_when_it_is_cleared(page: Page) -> None:
    page.goto("/search?kind=subsidy")
    open_filters(page)
    page.get_by_role("dialog").get_by_role("link", name="すべて解除").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "kind" not in url)
    expect(page.locator("#clear-all")).to_be_focused()


def test_hit_leads_to_the_listing_and_back_to_the_list(page: Page) -> None:
    page.goto("/search?q=ねぶた")
    card = page.locator("article[data-listing-id]").first
    title = card.locator("h3").inner_text()
    card.get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text(title)
    page.go_back()
    expect(page.locator("[data-total]")).to_be_visible()


def test_empty_result_offers_what_to_loosen(page: Page) -> None:
    page.goto("/search?q=創業&region=02203&kind=tax&purpose=disaster")
    assert total(page) == 0
    offer = page.locator("#results a", has_text="件").first
    expect(offer).to_be_visible()
    offer.click()
    expect(page.locator("[data-total]")).not_to_have_attribute("data-total", "0")


def test_facets_stand_beside_the_results_on_a_wide_screen(page: Page) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto("/search?q=補助金")
    facet = page.locator('fieldset[data-facet="industry"]').bounding_box()
    card = page.locator("article[data-listing-id]").first.bounding_box()
    assert facet is not None
    assert card is not None
    assert facet["x"] + facet["width"] <= card["x"]
    before = total(page)
    choose(page, "kind", "subsidy")
    assert total(page) < before


def test_everything_works_without_javascript(
    browser, browser_context_args: dict[str, object]
) -> None:
    context: BrowserContext = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("補助金")
    page.get_by_role("button", name="検索").first.click()
    before = total(page)
    page.get_by_role("link", name=re.compile("絞り込む")).click()
    page.locator('input[name="kind"][value="subsidy"]').check()
    page.get_by_role("button", name="この条件で絞り込む").click()
    assert 0 < total(page) < before
    page.get_by_label("並べ替え").select_option("deadline")
    page.get_by_role("button", name="並べ替える").click()
    assert "sort=deadline" in page.url
    assert "kind=subsidy" in page.url
    page.get_by_role("link", name=re.compile("外す")).first.click()
    assert "kind" not in page.url
    page.locator("article[data-listing-id] a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()


def test_place_in_the_text_becomes_a_filter_without_script(
    browser: Browser, browser_context_args: dict[str, object]
) -> None:
    context: BrowserContext = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?q=八戸 補助金&kind=subsidy")
    offer = page.get_by_role("link", name=re.compile("地域を八戸市で絞り込む"))
    promised = re.search(r"（([\d,]+)件）", offer.inner_text())
    assert promised
    offer.click()
    assert total(page) == int(promised[1].replace(",", "")) > 0
    expect(page.get_by_role("searchbox")).to_have_value("補助金")
    expect(page.locator('input[name="region"][value="02203"]')).to_be_checked()
    expect(page.locator('input[name="kind"][value="subsidy"]')).to_be_checked()
    page.get_by_role("link", name=re.compile("八戸市.*外す")).click()
    assert "region" not in page.url
    context.close()


def test_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(re.compile("本文"))
    page.keyboard.press("Enter")
    tab_to(page, 'input[name="q"]')
    page.keyboard.type("補助金")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    before = total(page)
    tab_to(page, "[data-opens-sheet]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, 'input[name="kind"][value="subsidy"]')
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("kind=subsidy"))
    expect(page.locator('input[name="kind"][value="subsidy"]')).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(":focus")).to_have_attribute("data-opens-sheet", "")
    assert 0 < total(page) < before
    tab_to(page, "article[data-listing-id] a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/listings/L"))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the first element that a selector finds has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")
