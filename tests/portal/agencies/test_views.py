"""The public pages of agencies."""

from datetime import timedelta

from portal.agencies.views import SHOWN_AT_ONCE
from portal.clock import Clock
from portal.extensions import Resources
from tests.conftest import NOW
from tests.factories import make_agency, make_listing, publish_and_index

TODAY = Clock(NOW).today()


def test_agencies_are_grouped_by_level_and_area(get_page, resources: Resources) -> None:
    with resources.sessions.begin() as session:
        make_agency(session)
        make_agency(session, "cci", name="商工会議所", level="organization")
        make_agency(session, "m02203", name="八戸市", level="municipality", region_code="02203")
        make_agency(session, "m02201", name="青森市", level="municipality", region_code="02201")
    page = get_page("/agencies")
    assert page.texts("main h2") == ["県", "支援機関", "市町村"]
    assert page.texts("main h3") == ["東青地域", "三八地域"]
    assert page.dom.select_one("a[href='/agencies/m02203']").get_text(strip=True) == "八戸市0件"


def test_agency_counts_what_is_published(get_page, resources: Resources) -> None:
    publish_and_index(resources)
    publish_and_index(resources)
    assert get_page("/agencies").text("a[href='/agencies/aomori-pref']") == "青森県 2件"


def test_agency_shows_most_pressing_first_and_closed_apart(get_page, resources: Resources) -> None:
    def window(days: int) -> str:
        return publish_and_index(
            resources, date_state="window", closes_on=TODAY + timedelta(days=days)
        )

    unknown = publish_and_index(resources, date_state="unknown")
    closed, later, soon = window(-1), window(5), window(2)
    page = get_page("/agencies/aomori-pref")
    assert page.listing_ids == [soon, later, unknown, closed]
    assert page.dom.select_one(f"details [data-listing-id={closed}]")
    assert page.text("#current-title") == "掲載中の支援（3件）"


def test_agency_with_many_listings_leads_to_all_of_them(get_page, resources: Resources) -> None:
    with resources.sessions() as session:
        for _ in range(SHOWN_AT_ONCE + 1):
            make_listing(session)
    page = get_page("/agencies/aomori-pref")
    assert len(page.listing_ids) == SHOWN_AT_ONCE
    assert page.dom.select_one(".more a[href='/search?agency=aomori-pref']")


def test_agency_without_listings_says_so(get_page, resources: Resources) -> None:
    with resources.sessions.begin() as session:
        make_agency(session)
    assert "いま掲載している支援はありません。" in get_page("/agencies/aomori-pref").texts("p")


def test_contact_of_an_agency_is_shown(get_page, resources: Resources) -> None:
    with resources.sessions.begin() as session:
        make_agency(session, tel="017-000-0000", url="javascript:x")
    page = get_page("/agencies/aomori-pref")
    assert page.dom.select_one("main a[href='tel:0170000000']")
    assert not page.dom.select("a[href^=javascript]")


def test_unknown_agency_is_not_found(get_page) -> None:
    get_page("/agencies/nobody", 404)
