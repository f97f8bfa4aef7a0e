"""The guides for those who publish tell of what there is, by the names it has on the pages."""

import pytest

from portal.publishing.acts import Act
from portal.publishing.desk_presenters import shelf_choices
from portal.publishing.shelves import Shelf

GUIDES = ["/help/staff", "/help/approvers"]
STATES = [
    *(Shelf.DRAFT, Shelf.IN_REVIEW, Shelf.RETURNED, Shelf.SCHEDULED, Shelf.OPEN),
    *(Shelf.WITHDRAWN, Shelf.ARCHIVED),
]


@pytest.mark.parametrize("path", GUIDES)
def test_contents_lead_to_every_part_in_its_order(get_page, path: str) -> None:
    dom = get_page(path).dom
    listed = [(a["href"].removeprefix("#"), a.get_text()) for a in dom.select(".contents a")]
    assert listed == [(part["id"], part.get_text()) for part in dom.select("h2:not(.contents h2)")]
    assert len(listed) > 5


def test_guide_says_what_each_state_means(get_page) -> None:
    dom = get_page("/help/staff").dom
    states = [term.get_text() for term in dom.select("#states + dl > dt")]
    labels = dict(shelf_choices())
    assert states == [labels[shelf.value] for shelf in STATES]


def test_guides_name_every_button_of_the_way_to_the_public(get_page) -> None:
    text = "".join(get_page(path).text("main") for path in GUIDES)
    assert [act for act in Act if f"「{act.label}」" not in text] == []


@pytest.mark.parametrize("path", ["/help", *GUIDES])
def test_guides_are_found_from_the_help_and_from_each_other(get_page, path: str) -> None:
    links = {link["href"] for link in get_page(path).dom.select("main a")}
    assert {guide for guide in GUIDES if guide != path} <= links
