"""The public opens the files of what it sees, and nothing else."""

import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from portal.attachments import queries
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import services
from portal.listings.models import Listing
from tests.conftest import NOW, resources_of
from tests.portal.attachments.people import attach, file_of, own_listing

NAME = "募集要項 第2版(案)%.pdf"


def publish_newest(held: Resources, public_id: str) -> None:
    with write_transaction(held.sessions) as session:
        services.publish(session, listing_of(session, public_id), now=NOW)


def listing_of(session, public_id: str) -> Listing:
    return session.get_one(Listing, int(public_id[1:]))


def give(held: Resources, public_id: str, name: str = NAME, *, pages: int = 3) -> None:
    with write_transaction(held.sessions) as session:
        listing = listing_of(session, public_id)
        attach(session, held.attachments, listing, file_of(name, pages=pages))


def address(public_id: str, number: int = 1, name: str = NAME) -> str:
    return f"/listings/{public_id}/attachments/{number}/{quote(name, safe='()')}"


@pytest.fixture
def public_id(resources: Resources) -> str:
    """A listing with one file that everybody can open."""
    public_id = own_listing(resources)
    give(resources, public_id)
    publish_newest(resources, public_id)
    return public_id


def test_page_names_the_file_with_its_size_and_pages(get_page, public_id: str) -> None:
    page = get_page(f"/listings/{public_id}")
    assert page.texts("[data-attachment]") == [f"{NAME}（PDF・1KB・3ページ）"]
    # Whoever goes from link to link hears kind and size as well.
    link = page.dom.select_one("[data-attachment] a")
    assert link.get_text() == f"{NAME}（PDF・1KB・3ページ）"
    assert link["href"] == address(public_id)


def test_programs_are_told_name_size_and_address(client: FlaskClient, public_id: str) -> None:
    (told,) = client.get(f"/api/v1/listings/{public_id}").json["attachments"]
    assert (told["name"], told["size"]) == (NAME, len(file_of(pages=3).content))
    with client.get(told["url"]) as answer:
        assert len(answer.data) == told["size"]
    documented = client.get("/api/v1/openapi.json").json["components"]["schemas"]["Listing"]
    assert set(documented["properties"]["attachments"]["items"]["required"]) == set(told)
    other = own_listing(resources_of(client.application))
    assert client.get(f"/api/v1/listings/{other}").json["attachments"] == []


def test_programs_are_told_of_no_file_that_waits_for_approval(
    client: FlaskClient, resources: Resources, public_id: str
) -> None:
    give(resources, public_id, "新しい要項.pdf", pages=5)
    answer = client.get(f"/api/v1/listings/{public_id}").json
    assert [file["name"] for file in answer["attachments"]] == [NAME]


def test_structured_data_tells_of_the_file(get_page, public_id: str) -> None:
    page = get_page(f"/listings/{public_id}")
    (script,) = (s for s in page.dom.select("script") if "GovernmentService" in s.text)
    (document,) = json.loads(script.text)["@graph"][0]["subjectOf"]
    assert (document["@type"], document["name"]) == ("DigitalDocument", NAME)
    assert document["url"] == f"http://localhost{address(public_id)}"


def test_page_without_files_says_nothing_of_them(get_page, resources: Resources) -> None:
    page = get_page(f"/listings/{own_listing(resources)}")
    assert not page.dom.select("#attachments-title")


def test_file_is_kept_by_the_browser_and_never_run(client: FlaskClient, public_id: str) -> None:
    with client.get(address(public_id)) as answer:
        assert answer.data == file_of(pages=3).content
        headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert f"filename*=UTF-8''{quote(NAME, safe='')}" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-cache"


def test_whoever_has_it_already_is_told_so(client: FlaskClient, public_id: str) -> None:
    with client.get(address(public_id)) as first:
        etag = first.headers["ETag"]
    with client.get(address(public_id), headers={"If-None-Match": etag}) as again:
        assert (again.status_code, again.data) == (304, b"")
    with client.get(address(public_id), headers={"If-None-Match": '"x"'}) as other:
        assert other.status_code == 200
    with client.get(address(public_id), headers={"Range": "bytes=0-4"}) as part:
        assert (part.status_code, part.data) == (206, b"%PDF-")


def test_answer_has_a_length_and_no_body_when_only_asked_about(
    client: FlaskClient, public_id: str
) -> None:
    with client.head(address(public_id)) as answer:
        assert answer.status_code == 200
        assert int(answer.headers["Content-Length"]) == len(file_of(pages=3).content)


@pytest.mark.parametrize(
    ("number", "name"), [(1, "別の名前.pdf"), (2, NAME), (0, NAME), (10**12, NAME), (1, "x")]
)
def test_file_that_is_not_there_is_not_found(
    client: FlaskClient, public_id: str, number: int, name: str
) -> None:
    assert client.get(address(public_id, number, name)).status_code == 404


def test_file_of_a_change_is_not_public_before_the_change_is(
    client: FlaskClient, get_page, resources: Resources, public_id: str
) -> None:
    give(resources, public_id, "変更.pdf", pages=2)
    assert client.get(address(public_id, 2, "変更.pdf")).status_code == 404
    assert len(get_page(f"/listings/{public_id}").dom.select("[data-attachment]")) == 1
    publish_newest(resources, public_id)
    with client.get(address(public_id, 2, "変更.pdf")) as answer:
        assert answer.status_code == 200
    assert len(get_page(f"/listings/{public_id}").dom.select("[data-attachment]")) == 2


def test_file_of_a_draft_is_not_found_even_by_its_hash(
    client: FlaskClient, resources: Resources
) -> None:
    public_id = own_listing(resources, is_public=False)
    give(resources, public_id)
    assert client.get(address(public_id)).status_code == 404
    digest = next(resources.attachments.list_older_than(NOW.replace(year=2200)))
    for path in (f"/attachments/{digest}.pdf", f"/static/attachments/{digest[:2]}/{digest}.pdf"):
        assert client.get(path).status_code == 404


def test_file_goes_with_the_listing(
    client: FlaskClient, resources: Resources, public_id: str
) -> None:
    with write_transaction(resources.sessions) as session:
        services.withdraw(session, listing_of(session, public_id), reason="終了", now=NOW)
    answer = client.get(address(public_id))
    assert answer.status_code == 410
    assert "掲載を終了しました" in answer.text


def test_file_that_waits_for_the_scanner_is_not_shown(
    client: FlaskClient, get_page, resources: Resources
) -> None:
    public_id = own_listing(resources)
    with write_transaction(resources.sessions) as session:
        listing = listing_of(session, public_id)
        attach(session, resources.attachments, listing, file_of(NAME), is_to_be_scanned=True)
    publish_newest(resources, public_id)
    assert client.get(address(public_id)).status_code == 404
    assert not get_page(f"/listings/{public_id}").dom.select("[data-attachment]")


def test_bytes_that_are_gone_are_told_to_the_operator(
    client: FlaskClient, resources: Resources, public_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    with resources.sessions() as session:
        file = queries.get_public(session, public_id, 1, NAME)
    resources.attachments.remove(file.sha256)
    assert client.get(address(public_id)).status_code == 404
    assert file.sha256 in caplog.text
