"""What every page is held to, however it was reached."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def findings(page: Page) -> list[str]:
    """What axe finds: rule and place. Only that is told in full; to write out every element that
    passes would take longer than to look at it."""
    options = {"runOnly": {"type": "tag", "values": WCAG_22_AA}, "resultTypes": ["violations"]}
    found: dict[str, Any] = Axe().run(page, options=options).response
    return [
        f"{violation['id']}: {node['target']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def check_in_light_dark_and_narrow(page: Page, viewport: dict[str, int]) -> None:
    """axe finds nothing in either scheme, and nothing scrolls sideways, not even at 320 px."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert findings(page) == [], scheme
    for width in (viewport["width"], 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def too_small_for_a_thumb(page: Page, selector: str) -> list[str]:
    """The visible controls that are."""
    small: list[str] = page.eval_on_selector_all(
        selector,
        """all => all.filter(e => e.checkVisibility())
                 .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
                 .filter(([, box]) => Math.min(box.width, box.height) < 43.5)
                 .map(([html]) => html)""",
    )
    return small
