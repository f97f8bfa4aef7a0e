"""Every page: WCAG 2.2 AA by axe at two widths and in the dark, no sideways scroll, small."""

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.browser.conftest import WITHDRAWN
from tests.browser.looks import (
    PHONE,
    check_everywhere,
    findings,
    findings_in_light_and_dark,
    headings_that_skip_a_level,
    too_small_for_a_thumb,
)

PAGES = [
    "/",
    "/search",
    "/search?q=創業&region=02203&purpose=startup",
    "/search?q=創業&region=02203&kind=tax&purpose=disaster",
    "/search?q=zzzzqqqq",
    "/search?q=八戸 補助金&per_page=10",
    "/search?q=あじがさわ つがる市 むつ 十和田市&per_page=10",
    "/search?q=創業&industry=zzz&page=-1&per_page=10",
    "/search?status=closed&sort=deadline&per_page=10&page=2",
    "/listings/L000001",
    "/listings/L000094",  # with relations
    "/listings/L000219",
    "/listings/L000223",  # with events
    "/listings/L000229",  # with further rounds
    "/listings/L000260",
    "/listings/L000273",  # with places excepted
    f"/listings/{WITHDRAWN}",
    "/listings/L000001/report",
    f"/compare?id=L000219&id=L000092&id=L000094&id=L000223&id=L000229&id={WITHDRAWN}",
    "/compare?id=L000001",
    "/alerts?q=雪&region=02201&status=closed",
    "/alerts/no-such-link",
    "/agencies",
    "/agencies/aomori-pref",
    "/agencies/m02203",
    "/ranking",
    "/ranking?fiscal_year=1999",
    "/about",
    "/help",
    "/help/staff",
    "/help/approvers",
    "/consultation?place=02205",
    "/consultation?place=02205&purpose=startup&stage=expert",
    "/contact",
    "/contact/sent",
    "/terms",
    "/privacy",
    "/accessibility",
    "/api/v1/docs",
    "/login",
    "/password-reset",
    "/password-reset/no-such-link",
    "/no-such-page",
]


_TITLES = SoupStrainer("title")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, path: str) -> None:
    check_everywhere(page, reopen=lambda: page.goto(path))
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.locator("h1").count() == 1
    for landmark in ("header", "main", "footer"):
        assert page.locator(f"body > {landmark}, body > * > {landmark}").count() == 1, landmark
    assert headings_that_skip_a_level(page) == []


def test_axe_finds_nothing_in_the_open_filter_sheet(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/search?kind=subsidy")
    page.locator("[data-opens-sheet]").click()
    page.locator("dialog[open]").wait_for()
    assert findings_in_light_and_dark(page) == []


def test_search_without_index_is_as_good_a_page(page: Page, site_without_index: str) -> None:
    page.goto(f"{site_without_index}/search?q=創業")
    expect(page.get_by_text("簡易検索").first).to_be_visible()
    check_everywhere(page)


def test_titles_tell_pages_apart(page: Page) -> None:
    texts = [page.request.get(path).text() for path in PAGES]
    titles = [BeautifulSoup(text, "html.parser", parse_only=_TITLES).text.strip() for text in texts]
    assert len(set(titles)) >= len(PAGES) - 1
    assert all(len(title) > 3 for title in titles)


@pytest.mark.parametrize("path", ["/", "/search", "/listings/L000001"])
def test_first_view_is_at_most_100_kb(browser: Browser, base_url: str, path: str) -> None:
    received: list[Response] = []
    page = browser.new_page(base_url=base_url, viewport={"width": 390, "height": 844})
    page.on("response", lambda response: received.append(response))
    page.goto(path, wait_until="networkidle")
    size = sum(response.request.sizes()["responseBodySize"] for response in received)
    page.close()
    assert 1_000 < size <= 100_000


@pytest.mark.parametrize("path", ["/", "/search?q=創業", "/listings/L000001", "/agencies"])
def test_main_controls_are_large_enough_for_a_thumb(page: Page, path: str) -> None:
    page.goto(path)
    small = page.eval_on_selector_all(
        "button, select, input[type=search], .chip, .button",
        """all => all.filter(e => e.checkVisibility())
                 .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
                 .filter(([, box]) => box.width && Math.min(box.width, box.height) < 43.5)
                 .map(([html]) => html)""",
    )
    assert small == []


def test_comparison_is_read_on_a_phone_and_printed_as_a_table(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/compare?id=L000091&id=L000094&id=L000092")
    # One question after another, each answer below the name of its listing …
    amounts = page.locator("[data-row=amount] td")
    assert [box["x"] for box in map(Locator.bounding_box, amounts.all()) if box] == [17.0] * 3
    expect(amounts.nth(1).locator(".comparison__whose")).to_contain_text("事業再構築補助金")
    # … the question staying in view as long as they are …
    amounts.nth(2).evaluate("cell => scrollBy(0, cell.getBoundingClientRect().top - 60)")
    expect(page.locator("[data-row=amount] th")).to_be_in_viewport()
    # … and what all answer alike said once.
    expect(page.locator("[data-row=industries] td:visible")).to_have_count(1)
    small = too_small_for_a_thumb(page, "main .button, main summary")
    assert small == []
    page.get_by_role("link", name="ちがうところだけ見る").click()
    expect(page.locator("[data-row=industries]")).to_have_count(0)

    page.emulate_media(media="print")
    columns = [box["x"] for box in map(Locator.bounding_box, amounts.all()) if box]
    assert columns == sorted(set(columns))
    expect(page.locator(".candidates")).to_be_hidden()
    expect(page.locator("[data-remove]").first).to_be_hidden()


def browser_that(share: str, clipboard: str) -> str:
    """A script by which a browser can or cannot hand things on."""
    return f"""for (const [name, value] of [["share", {share}], ["clipboard", {clipboard}]])
        Object.defineProperty(navigator, name, {{ value }});"""


def test_address_is_copied_or_handed_on_and_not_printed(page: Page, base_url: str) -> None:
    address = f"{base_url}/listings/L000223"
    page.add_init_script(
        browser_that(
            "async (data) => { window.handed = data; }",
            "{ writeText: async (text) => { window.copied = text; } }",
        )
    )
    page.goto(address)
    page.get_by_role("button", name="アドレスをコピー").click()
    expect(page.locator("#share-told")).to_have_text("アドレスをコピーしました。")
    assert page.evaluate("window.copied") == address
    page.get_by_role("button", name="ほかのアプリで送る").click()
    assert page.evaluate("window.handed") == {
        "title": page.locator("h1").inner_text(),
        "url": address,
    }
    page.get_by_text("QRコードを表示する").click()
    drawing = page.get_by_alt_text("このページを開くQRコード")
    page.wait_for_function("image => image.naturalWidth > 0", arg=drawing.element_handle())
    assert findings(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".share")).to_be_hidden()
    expect(page.get_by_text("カレンダーに入れる")).to_be_hidden()


def test_browser_that_cannot_copy_offers_the_links_alone(page: Page) -> None:
    page.add_init_script(browser_that("undefined", "undefined"))
    page.goto("/listings/L000223")
    expect(page.locator(".share").get_by_role("button")).to_have_count(0)
    links = page.locator(".share").get_by_role("link")
    expect(links).to_have_text(["LINEで送る", "メールで送る", "相談シートをつくる"])
