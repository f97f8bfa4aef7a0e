"""Favourites on a phone: kept at once with a script, the focus staying where it was, and a page of
them that is as good as any."""

from playwright.sync_api import Page, expect

from tests.browser.looks import (
    PHONE,
    check_everywhere,
    headings_that_skip_a_level,
    too_small_for_a_thumb,
)


def test_owner_keeps_three_on_a_phone_and_takes_one_back(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/search?q=補助金")
    buttons = page.locator("#results [data-keeps]")
    ids = [str(buttons.nth(n).get_attribute("data-keeps")) for n in range(3)]
    for count, public_id in enumerate(ids, start=1):
        button = page.locator(f"[data-keeps={public_id}]")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_be_focused()
        expect(page.locator("#favorite-count")).to_have_text(f"{count}件")
    # Whoever reads on is left where they are, and the search is as it was.
    assert page.evaluate("scrollY") > 0
    assert page.url.endswith("/search?q=%E8%A3%9C%E5%8A%A9%E9%87%91")
    page.locator(f"[data-keeps={ids[2]}]").click()
    told = page.locator("#favorite-told")
    told.get_by_role("button", name="元に戻す").click()
    expect(page.locator(f"[data-keeps={ids[2]}]")).to_have_attribute("aria-pressed", "true")
    # After a search that htmx showed, buttons still work.
    page.locator("#q").fill("融資")
    page.locator("#q").press("Enter")
    expect(page.locator("#page-title")).to_contain_text("融資")
    fresh = page.locator("#results [data-keeps][aria-pressed=false]").first
    fourth = str(fresh.get_attribute("data-keeps"))
    fresh.click()
    expect(page.locator(f"[data-keeps={fourth}]")).to_have_attribute("aria-pressed", "true")

    told.get_by_role("link", name="お気に入りを見る").click()
    # With its style sheets, by which sizes are told.
    page.wait_for_url("**/favorites")
    expect(page.locator("[data-listing-id]")).to_have_count(4)
    assert headings_that_skip_a_level(page) == []
    assert too_small_for_a_thumb(page, "main button, main .button, main summary, main label") == []
    for area in page.locator("main details").all():
        area.evaluate("area => area.open = true")
    check_everywhere(page)
    page.get_by_role("button", name="お気に入りから外す").first.click()
    expect(page.locator("[data-listing-id]")).to_have_count(3)
    page.get_by_role("button", name="元に戻す").click()
    expect(page.locator("[data-listing-id]")).to_have_count(4)

    address = page.locator("#share-address").inner_text()
    page.context.clear_cookies()
    page.goto(address)
    check_everywhere(page)
    page.get_by_role("button", name="全部お気に入りに入れる").click()
    expect(page.locator("[data-listing-id]")).to_have_count(4)
