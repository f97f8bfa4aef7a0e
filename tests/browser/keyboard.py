"""A page without a mouse: where Tab leads, and whether one sees it."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

_MOST_STOPS = 200

_WATCH = """
(part) => {
  const all = [...document.querySelector(part).querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
  )].filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility());
  const group = (e) => document.getElementsByName(e.name);
  // Of radio buttons the chosen one is a stop, the arrow keys go on from there.
  const stops = all.filter((e) => e.type !== "radio" || e.checked
    || (![...group(e)].some((other) => other.checked) && group(e)[0] === e));
  window.visited = [];
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(part)) return;
    const { outlineStyle, outlineWidth } = getComputedStyle(target);
    const { top, bottom, left, right } = target.getBoundingClientRect();
    window.visited.push({
      number: stops.indexOf(target),
      html: target.outerHTML.slice(0, 90),
      isMarked: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
      isInView: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
      top: top + scrollY, bottom: bottom + scrollY, left, right,
    });
  });
  return stops.length;
}
"""


# After the last stop comes what follows the part, the browser itself or the first stop again.
_IS_THROUGH = """
(part) => {
  if (document.activeElement === document.body) return true;
  const isOver = !document.activeElement.closest(part)
    || (window.visited.length > 1 && window.visited.at(-1).number === 0);
  return isOver && Boolean(window.visited.pop());
}
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A control that Tab came to, and where on the page it was; in CSS pixels."""

    number: int
    html: str
    isMarked: bool  # noqa: N815  (as the browser tells it)
    isInView: bool  # noqa: N815
    top: float
    bottom: float
    left: float
    right: float

    def is_before(self, other: "Stop") -> bool:
        """Whether somebody who reads the page comes to this one first."""
        if self.bottom <= other.top + 1:
            return True
        is_beside = self.top < other.bottom - 1 and other.top < self.bottom - 1
        return is_beside and self.right <= other.left + 1


def faults_of_focus(page: Page, part: str = "body") -> list[str]:
    """What somebody trips over who goes by Tab through a page that was just opened.

    :param part: ``main`` for what follows the link past the header, without the footer.
    """
    number = page.evaluate(_WATCH, part)
    if part == "main":
        press(page, page.locator(".skip-link"))
        page.evaluate("window.visited = []")
    # A date takes a stop for each of its parts, of which the page is told only the first.
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(_IS_THROUGH, part):
            break
    visited: list[dict[str, Any]] = page.evaluate("window.visited")
    stops = [Stop(**stop) for stop in visited]
    seen = {stop.number for stop in stops}
    faults = [f"never reached: {n} of {number}" for n in range(number) if n not in seen]
    for stop in stops:
        if not stop.isMarked:
            faults.append(f"not marked: {stop.html}")
        if not stop.isInView:
            faults.append(f"not in view: {stop.html}")
    for stop, following in zip(stops, stops[1:], strict=False):
        if following.is_before(stop):
            faults.append(f"out of order: {stop.html} → {following.html}")
    return faults


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until a control has the focus."""
    control = wanted.element_handle()
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        if control.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Reach a control by Tab and use it."""
    reach(page, wanted)
    page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    """Reach a field by Tab and type; what is in it is marked by then, so it is replaced."""
    reach(page, page.get_by_label(label, exact=True))
    page.keyboard.insert_text(text)
