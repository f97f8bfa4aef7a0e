"""Completions of the search box: by keyboard, thumb, input method and screen reader."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.looks import DESKTOP, PHONE, findings_in_light_and_dark


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("お困り|ことばで探す"))


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="入力の候補").get_by_role("option")


def type_and_wait(page: Page, text: str) -> None:
    box(page).press_sequentially(text)
    expect(page.locator(f'#q-completions[data-typed="{text}"]')).to_be_visible()
    expect(options(page).first).to_be_visible()


@pytest.fixture(params=["/", "/search", "/no-such-page"])
def opened(page: Page, request: pytest.FixtureRequest) -> Page:
    """Each kind of page that has the box."""
    page.goto(request.param)
    return page


def test_list_opens_while_typing_and_tells_how_many(opened: Page) -> None:
    expect(box(opened)).to_have_attribute("aria-expanded", "false")
    type_and_wait(opened, "はちのへ")
    expect(box(opened)).to_have_attribute("aria-expanded", "true")
    expect(options(opened).first).to_have_text("八戸市 地域")
    number = options(opened).count()
    expect(opened.locator("#q-completions-count")).to_contain_text(f"候補が{number}件")


def test_arrow_keys_choose_and_enter_opens_what_was_chosen(page: Page) -> None:
    page.goto("/")
    type_and_wait(page, "hachinohe")
    assert box(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    chosen = options(page).first
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute(
        "aria-activedescendant", chosen.get_attribute("id") or "none"
    )
    expect(box(page)).to_have_value("hachinohe")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?region=02203$"))


def test_list_of_what_was_typed_before_is_not_chosen_from(page: Page) -> None:
    page.goto("/")
    type_and_wait(page, "h")
    # This answer never comes.
    page.route("**/suggest?q=hachinohe", lambda _route: None)
    box(page).press_sequentially("achinohe")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q=hachinohe$"))


def test_arrows_go_around_by_way_of_the_field(page: Page) -> None:
    page.goto("/")
    type_and_wait(page, "はちのへ")
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    assert box(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    assert box(page).get_attribute("aria-activedescendant") is None


def test_enter_searches_for_what_is_typed_when_nothing_was_chosen(page: Page) -> None:
    page.goto("/")
    type_and_wait(page, "はちのへ")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q="))
    expect(box(page)).to_have_value("はちのへ")


def test_enter_does_not_wait_for_completions(page: Page) -> None:
    page.route("**/api/v1/suggest*", lambda _route: None)
    page.goto("/")
    box(page).press_sequentially("創業")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q="))


def test_escape_closes_and_keeps_what_was_typed(page: Page) -> None:
    page.goto("/search")
    type_and_wait(page, "創")
    page.keyboard.press("Escape")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(options(page).first).to_be_hidden()
    expect(box(page)).to_have_value("創")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()


def test_word_is_searched_for_with_the_conditions_in_force(page: Page) -> None:
    page.goto("/search?kind=subsidy")
    type_and_wait(page, "省エネ")
    word = options(page).filter(has_text="ことば").first
    text = word.locator(".completions__text").inner_text()
    word.click()
    page.wait_for_url(lambda url: "q=" in url and "kind=subsidy" in url)
    expect(box(page)).to_have_value(text)
    expect(options(page).first).to_be_hidden()


def test_thumb_opens_a_listing(page: Page) -> None:
    page.goto("/")
    type_and_wait(page, "創業")
    listing = options(page).filter(has_text="支援情報").first
    height = listing.bounding_box()
    assert height is not None
    assert height["height"] >= 44
    title = listing.locator(".completions__text").inner_text()
    listing.tap()
    page.wait_for_url(re.compile("/listings/L"))
    expect(page.locator("h1")).to_contain_text(title)


def test_agency_leads_to_its_page(page: Page) -> None:
    page.goto("/")
    type_and_wait(page, "商工会")
    options(page).filter(has_text="実施機関").first.click()
    page.wait_for_url(re.compile("/agencies/"))


def test_input_method_is_left_alone_until_it_is_done(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    box(page).focus()
    asked.clear()
    devtools = page.context.new_cdp_session(page)
    for part in ("は", "はち", "はちの"):
        devtools.send(
            "Input.imeSetComposition",
            {"text": part, "selectionStart": len(part), "selectionEnd": len(part)},
        )
    expect(box(page)).to_have_value("はちの")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert page.url.endswith("/")
    assert asked == []
    devtools.send("Input.insertText", {"text": "八戸"})
    expect(options(page).first).to_have_text("八戸市 地域")
    expect(box(page)).to_have_value("八戸")
    assert len(asked) == 1


def test_list_closes_when_an_input_method_begins(page: Page) -> None:
    page.goto("/")
    type_and_wait(page, "創業")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "ほ", "selectionStart": 1, "selectionEnd": 1})
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    devtools.send("Input.insertText", {"text": "補助"})
    expect(box(page)).to_have_value("創業補助")
    expect(page.locator("#q-completions-count")).not_to_be_empty()


def test_answer_that_comes_too_late_is_not_shown(page: Page) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/api/v1/suggest*", hold_the_first)
    page.goto("/")
    with page.expect_request("**/api/v1/suggest*"):
        box(page).press_sequentially("弘前")
    with page.expect_event("requestfailed"):
        box(page).fill("八戸")
    expect(options(page).first).to_have_text("八戸市 地域")


@pytest.mark.parametrize("status", [200, 422])
def test_server_that_cannot_answer_is_not_worth_a_word(page: Page, status: int) -> None:
    page.route(
        "**/api/v1/suggest*", lambda route: route.fulfill(status=status, body="[", headers={})
    )
    page.goto("/")
    with page.expect_response("**/api/v1/suggest*"):
        box(page).press_sequentially("八戸")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))


def test_leaving_the_field_closes_the_list(page: Page) -> None:
    page.goto("/search")
    type_and_wait(page, "創業")
    page.keyboard.press("Tab")
    expect(options(page).first).to_be_hidden()


def test_no_completions_are_told_too(page: Page) -> None:
    page.goto("/")
    box(page).press_sequentially("ぬぬぬぬ")
    expect(page.locator("#q-completions-count")).to_have_text("候補はありません。")
    expect(box(page)).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("path", ["/", "/search?q=補助金", "/no-such-page"])
def test_axe_finds_nothing_in_the_open_list(page: Page, path: str) -> None:
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(path)
        box(page).fill("")
        type_and_wait(page, "創業")
        page.keyboard.press("ArrowDown")
        assert findings_in_light_and_dark(page) == [], size
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        on_top = options(page).last.evaluate(
            """option => { option.scrollIntoView({block: "nearest"});
                           const box = option.getBoundingClientRect();
                           return option.contains(document.elementFromPoint(
                             box.left + box.width / 2, box.top + box.height / 2)); }"""
        )
        assert on_top
