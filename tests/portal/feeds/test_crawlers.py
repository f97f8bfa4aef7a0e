"""What search engines and browsers find: all public pages, and no other."""

from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.extensions import Resources
from portal.feeds import sitemap
from portal.feeds.sitemap import KnownPage
from portal.publishing import publication
from tests.conftest import PRODUCTION_URL, resources_of
from tests.factories import make_agency, publish_and_index
from tests.portal.publishing.office import Office

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
HOST = "http://localhost"


def addresses(client: FlaskClient, path: str) -> dict[str, str | None]:
    """The paths in a file of addresses, with when each changed."""
    response = client.get(path)
    assert response.status_code == 200
    assert response.mimetype == "application/xml"
    found = ElementTree.fromstring(response.data)  # noqa: S314  (written here just now)
    return {
        (entry.findtext(f"{SITEMAP}loc") or "").removeprefix(HOST): entry.findtext(
            f"{SITEMAP}lastmod"
        )
        for entry in found
    }


def test_sitemap_names_what_the_public_sees_and_each_page_is_there(app: Flask) -> None:
    office, client = Office(app), app.test_client()
    public_id, withdrawn = office.draft(publication.publish), office.draft(publication.publish)
    office.do(withdrawn, publication.withdraw, "終了")
    draft = office.draft()
    found = addresses(client, "/sitemap.xml")
    assert found[f"/listings/{public_id}"] == "2026-11-20T03:00:00+00:00"
    assert not {f"/listings/{withdrawn}", f"/listings/{draft}"} & found.keys()
    assert {"/", "/search", "/agencies", "/help"} <= found.keys()
    for path in found:
        response = client.get(path)
        assert response.status_code == 200, path
        assert 'name="robots"' not in response.text, path


def test_many_addresses_are_told_in_several_files(
    client: FlaskClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        publish_and_index(resources)
    whole = addresses(client, "/sitemap.xml")
    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", len(whole) - 1)
    files = addresses(client, "/sitemap.xml")
    assert list(files) == ["/sitemaps/1.xml", "/sitemaps/2.xml"]
    assert {**addresses(client, "/sitemaps/1.xml"), **addresses(client, "/sitemaps/2.xml")} == whole
    for past in ("/sitemaps/0.xml", "/sitemaps/3.xml"):
        assert client.get(past).status_code == 404


@pytest.mark.parametrize(("pages", "files"), [(0, 1), (50_000, 1), (50_001, 2), (100_001, 3)])
def test_file_holds_fifty_thousand_addresses(pages: int, files: int) -> None:
    known = [KnownPage("")] * pages
    assert sitemap.count_files(known) == files
    parts = [sitemap.in_file(known, number) for number in range(1, files + 1)]
    assert sum(map(len, parts)) == pages
    assert max(map(len, parts)) <= 50_000
    assert not sitemap.in_file(known, files + 1)


def test_robots_may_read_all_that_has_an_end_and_are_shown_where_it_is(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    assert (response.text or "").splitlines() == [
        "User-agent: *",
        "Disallow: /favorites/",
        "Disallow: /compare",
        "",
        f"Sitemap: {HOST}/sitemap.xml",
    ]


def test_public_addresses_are_those_of_the_settings(production_app: Flask) -> None:
    held, client = resources_of(production_app), production_app.test_client()
    with held.sessions.begin() as session:
        make_agency(session)
    for path in ("/robots.txt", "/sitemap.xml", "/opensearch.xml"):
        text = client.get(path, base_url=PRODUCTION_URL).text
        assert f"{PRODUCTION_URL}/" in text
        assert "localhost" not in text


def test_browser_can_add_the_search(client: FlaskClient, get_page) -> None:
    link = get_page("/about").dom.select_one("link[rel=search]")
    assert link["type"] == "application/opensearchdescription+xml"
    response = client.get(link["href"])
    assert response.mimetype == link["type"]
    whole = ElementTree.fromstring(response.data)  # noqa: S314  (written here just now)
    assert whole.findtext(f"{OPENSEARCH}ShortName") == "あおビズサーチ"
    templates = [url.get("template") or "" for url in whole.findall(f"{OPENSEARCH}Url")]
    assert templates[0] == f"{HOST}/search?q={{searchTerms}}"
    for template in templates[:2]:
        address = template.replace("{searchTerms}", "%E5%89%B5%E6%A5%AD").removeprefix(HOST)
        assert client.get(address).status_code == 200
