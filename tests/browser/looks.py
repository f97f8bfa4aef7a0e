"""What every page is held to, however it was reached."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
NARROWEST = {"width": 320, "height": 640}
"""WCAG 2.2, 1.4.10: nothing scrolls sideways at 320 CSS pixels."""

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that ask which colours are shown. Every other rule finds the same in the dark
as in the light, unless a style sheet hides or moves something there; ours change colours only."""


def findings(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds: rule and place.

    :param rules: only these; without them all of WCAG 2.2 AA.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    chosen = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG_22_AA}
    # Only what is found is told in full; to write out every element that passes would take longer
    # than to look at it.
    found: dict[str, Any] = page.evaluate(
        "options => axe.run(document, options)",
        {"runOnly": chosen, "resultTypes": ["violations"]},
    )
    return [
        f"{violation['id']}: {node['target']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def findings_in_light_and_dark(page: Page) -> list[str]:
    """What axe finds in either scheme."""
    page.emulate_media(color_scheme="light")
    found = findings(page)
    page.emulate_media(color_scheme="dark")
    return found + [f"dark: {finding}" for finding in findings(page, OF_COLOURS)]


def check_everywhere(page: Page, reopen: Callable[[], object] | None = None) -> None:
    """axe finds nothing on a phone and on a desktop, nor on a desktop in the dark, and nothing
    scrolls sideways, not even on the narrowest screen. The dark has other tokens and no rule of
    its own, so what stands on what is asked once, where most of a page is unfolded.

    :param reopen: how the page is opened anew, where it looks at its width only then.
    """
    for size in (PHONE, DESKTOP, NARROWEST):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if reopen:
            reopen()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        if size is PHONE:
            page.emulate_media(color_scheme="light")
            assert findings(page) == [], size
        elif size is DESKTOP:
            assert findings_in_light_and_dark(page) == [], size


def headings_that_skip_a_level(page: Page) -> list[str]:
    """The texts of headings more than one level below the heading before them."""
    skipping: list[str] = page.eval_on_selector_all(
        "h1, h2, h3, h4, h5, h6",
        """all => { const level = e => Number(e.tagName[1]);
                    return all.filter((e, i) => i && level(e) > level(all[i - 1]) + 1)
                              .map(e => e.textContent); }""",
    )
    return skipping


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
