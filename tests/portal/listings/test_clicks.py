"""What is pressed on the page of a listing."""

from flask import Flask
from sqlalchemy import select

from portal.accounts.permissions import Role
from portal.db import write_transaction
from portal.listings import services
from portal.listings.models import Listing, listing_id_of
from portal.pageviews import rollup
from portal.pageviews.folders import Folders
from portal.pageviews.models import DailyClick
from tests.accounts import Visitor, signed_in
from tests.conftest import NOW, resources_of
from tests.factories import make_draft, publish_and_index

SAID = {
    "apply_url": "https://apply.example.jp/",
    "tel": "017-000-0000",
    "email": "desk@city.example.jp",
    "url": "https://city.example.jp/",
}


def clicks(app: Flask) -> dict[str, int]:
    """How often each was pressed, once all that was written is counted."""
    held = resources_of(app)
    rollup.roll_up(held.sessions, Folders(held.settings.data_dir), now=held.clock.now())
    with held.sessions() as session:
        wanted = select(DailyClick.click_kind, DailyClick.clicks)
        return dict(session.execute(wanted).all())


def test_links_of_a_listing_keep_their_addresses_and_say_what_they_are(app: Flask) -> None:
    public_id = publish_and_index(resources_of(app), **SAID)
    page = Visitor(app).get(f"/listings/{public_id}")
    links = {
        (str(link["data-click"]), str(link["href"])) for link in page.dom.select("a[data-click]")
    }
    assert links == {
        ("apply", "https://apply.example.jp/"),
        ("contact", "tel:0170000000"),
        ("contact", "mailto:desk@city.example.jp"),
        ("site", "https://city.example.jp/"),
    }
    article = page.dom.select_one("[data-clicks]")
    assert article is not None
    assert article["data-clicks"] == f"/listings/{public_id}/clicks"


def test_preview_has_nothing_to_count(app: Flask) -> None:
    clerk = signed_in(app, "clerk@pref.example.jp", role=Role.STAFF, agency="aomori-pref")
    public_id = publish_and_index(resources_of(app), **SAID)
    page = clerk.get(f"/staff/listings/{public_id}/preview")
    assert page.dom.select("a[data-click]")
    assert not page.dom.select("[data-clicks], script[src*=clicks]")


def test_clicks_are_counted_by_kind_and_those_of_staff_are_not(app: Flask) -> None:
    public_id = publish_and_index(resources_of(app))
    owner = Visitor(app)
    path, token = f"/listings/{public_id}/clicks", owner.token(f"/listings/{public_id}")
    for kind in ("apply", "apply", "contact", "site"):
        answer = owner.send(path, token=token, kind=kind)
        assert (answer.status_code, answer.data) == (204, b"")
    clerk = signed_in(app, "clerk@pref.example.jp", role=Role.STAFF, agency="aomori-pref")
    assert clerk.send(path, kind="apply").status_code == 204
    assert clicks(app) == {"apply": 2, "contact": 1, "site": 1}


def test_only_known_links_of_public_listings_are_counted_and_only_from_their_page(
    app: Flask,
) -> None:
    held = resources_of(app)
    public_id = publish_and_index(held)
    owner = Visitor(app)
    elsewhere = {"Origin": "https://evil.example"}
    refused = owner.send(f"/listings/{public_id}/clicks", kind="apply", headers=elsewhere)
    assert refused.status_code == 400
    assert owner.send(f"/listings/{public_id}/clicks", token="x", kind="apply").status_code == 400
    for kind in ("", "buy", "APPLY", "apply\0"):
        assert owner.send(f"/listings/{public_id}/clicks", kind=kind).status_code == 422, kind
    with write_transaction(held.sessions) as session:
        draft = make_draft(session, title="まだ公開していない補助金").public_id
        listing = session.get_one(Listing, listing_id_of(public_id))
        services.withdraw(session, listing, reason="終了", now=NOW)
    for gone in (public_id, draft, "L999999", "x"):
        assert owner.send(f"/listings/{gone}/clicks", kind="apply").status_code == 404
    assert clicks(app) == {}
