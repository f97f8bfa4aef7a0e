"""Sending somebody the address of a listing."""

from urllib.parse import parse_qs, unquote, urlsplit

import segno
from flask import Flask
from flask.testing import FlaskClient

from portal.extensions import Resources
from portal.listings import queries, services
from tests.conftest import NOW
from tests.factories import publish_and_index
from tests.pages import Page
from tests.portal.publishing.office import Office

TITLE = "改装 & 補助+金 100% 「店」?#"


def test_links_carry_the_address_and_the_name(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources, title=TITLE)
    page = get_page(f"/listings/{public_id}")
    url = f"http://localhost/listings/{public_id}"
    assert page.text("#share-address") == url
    line, mail = (urlsplit(link["href"]) for link in page.dom.select(".share a:not([href^='/'])"))
    assert (line.scheme, line.hostname) == ("https", "social-plugins.line.me")
    assert parse_qs(line.query) == {"url": [url]}
    assert (mail.scheme, mail.path) == ("mailto", "")
    # Mail programs know no plus for a space, so none may stand for one.
    fields = dict(part.split("=") for part in mail.query.split("&"))
    assert unquote(fields["subject"]) == TITLE
    assert unquote(fields["body"]) == f"{TITLE}\r\n{url}"
    assert not mail.fragment


def test_title_adds_no_header_to_a_mail(get_page, resources: Resources) -> None:
    public_id = publish_and_index(resources, title="補助金&bcc=a@example.jp\r\nBcc: b@example.jp")
    (mail,) = (
        urlsplit(link["href"])
        for link in get_page(f"/listings/{public_id}").dom.select("a[href^=mailto]")
    )
    assert list(parse_qs(mail.query)) == ["subject", "body"]


def test_what_needs_a_script_is_hidden_without_one(get_page, resources: Resources) -> None:
    dom = get_page(f"/listings/{publish_and_index(resources)}").dom
    assert len(dom.select(".share button")) == 2
    assert all(
        button.find_parent("li").has_attr("hidden") for button in dom.select(".share button")
    )


def test_code_is_drawn_for_the_address(client: FlaskClient, resources: Resources) -> None:
    public_id = publish_and_index(resources)
    response = client.get(f"/listings/{public_id}/qr.svg")
    assert response.mimetype == "image/svg+xml"
    assert " style=" not in response.text
    code = segno.make_qr(f"http://localhost/listings/{public_id}", error="m")
    (line,) = [path for path in response.text.split("<path")[1:] if "stroke" in path]
    assert f'd="{path_of(code)}"' in line


def path_of(code: segno.QRCode) -> str:
    """The path that draws a code."""
    text = code.svg_inline(border=4, omitsize=True)
    return text.split(' d="')[1].split('"')[0]


def test_withdrawn_listing_has_no_code(client: FlaskClient, resources: Resources) -> None:
    public_id = publish_and_index(resources)
    with resources.sessions.begin() as session:
        services.withdraw(session, queries.get_public(session, public_id), reason="終了", now=NOW)
    assert client.get(f"/listings/{public_id}/qr.svg").status_code == 410
    assert client.get("/listings/L999999/qr.svg").status_code == 404


def test_preview_is_not_for_taking_along(app: Flask) -> None:
    office = Office(app)
    public_id = office.draft()
    office.save(public_id, date_state="window", closes_on=NOW.date())
    dom = Page(200, office.clerk.client.get(f"/staff/listings/{public_id}/preview").text).dom
    assert dom.select_one("[data-preview]")
    assert not dom.select(".share, [href$='.ics'], script[src*='share']")
