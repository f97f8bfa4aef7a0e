"""Reading an HTML answer."""

from bs4 import BeautifulSoup


class Page:
    """An HTML answer as its reader meets it."""

    def __init__(self, status: int, html: str) -> None:
        self.status = status
        self.dom = BeautifulSoup(html, "html.parser")

    def text(self, selector: str) -> str:
        """The text of the one element that a selector finds, white space folded."""
        found = self.dom.select(selector)
        assert len(found) == 1, f"{selector} finds {len(found)} elements"
        return " ".join(found[0].get_text().split())

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that a selector finds."""
        return [" ".join(element.get_text().split()) for element in self.dom.select(selector)]

    @property
    def listing_ids(self) -> list[str]:
        """The listings shown, in order."""
        return [str(card["data-listing-id"]) for card in self.dom.select("[data-listing-id]")]
