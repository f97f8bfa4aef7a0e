"""``/api/v1`` as a program sees it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal.clock import Clock
from portal.extensions import Resources
from portal.listings import queries, services
from tests.conftest import NOW
from tests.factories import publish_and_index

TODAY = Clock(NOW).today()


def test_search_gives_items_with_everything_a_list_needs(
    client: FlaskClient, resources: Resources
) -> None:
    public_id = publish_and_index(
        resources,
        title="創業の補助金",
        summary="新しく創業する方へ。",
        source_id="x-1",
        date_state="window",
        opens_on=TODAY,
        closes_on=TODAY + timedelta(days=12),
        amount_max_yen=3_000_000,
        rate="1/2以内",
        purposes=("startup",),
        confirmed_on=TODAY,
    )
    answer = client.get("/api/v1/listings?q=創業").get_json()
    assert (answer["total"], answer["page"], answer["per_page"]) == (1, 1, 20)
    assert answer["query"] == "創業"
    (item,) = answer["items"]
    assert item == {
        "id": public_id,
        "source_id": "x-1",
        "title": "創業の補助金",
        "summary": "新しく創業する方へ。",
        "kind": "subsidy",
        "agency": {"code": "aomori-pref", "name": "青森県"},
        "level": "prefecture",
        "status": "closing",
        "opens_on": "2026-11-20",
        "closes_on": "2026-12-02",
        "days_left": 12,
        "amount_max_yen": 3_000_000,
        "rate": "1/2以内",
        "industries": ["*"],
        "regions": ["pref"],
        "purposes": ["startup"],
        "url": f"http://localhost/listings/{public_id}",
        "updated_at": "2026-11-20T03:00:00+00:00",
        "confirmed_on": "2026-11-20",
        "highlights": {"title": [[0, 2]], "summary": [[3, 5]]},
    }


def test_facets_list_every_value_and_count_without_their_own_choice(
    client: FlaskClient, resources: Resources
) -> None:
    publish_and_index(resources, industries=("E",))
    publish_and_index(resources, industries=("A",), kind="desk")
    facets = client.get("/api/v1/listings?industry=E").get_json()["facets"]
    assert len(facets["industry"]) == 18
    counts = {value["value"]: value["count"] for value in facets["industry"]}
    assert (counts["A"], counts["E"], counts["B"]) == (1, 1, 0)
    assert [value["value"] for value in facets["industry"] if value["selected"]] == ["E"]
    assert {v["value"]: v["count"] for v in facets["kind"] if v["count"]} == {"subsidy": 1}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("industry=Z", "industry"),
        ("region=13101", "region"),
        ("region=nation", "region"),
        ("sort=best", "sort"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=10001", "page"),
        ("page=1000000000000", "page"),
        ("per_page=1000", "per_page"),
        ("amount_min=abc", "amount_min"),
        ("include_closed=yes", "include_closed"),
        ("q=" + "x" * 201, "q"),
    ],
)
def test_unusable_value_is_refused_with_its_name(
    client: FlaskClient, query: str, field: str
) -> None:
    response = client.get(f"/api/v1/listings?{query}")
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    problem = response.get_json()
    assert problem["status"] == 422
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["errors"][0]["message"]


def test_refused_facet_value_comes_with_the_allowed_ones(client: FlaskClient) -> None:
    problem = client.get("/api/v1/listings?kind=gift").get_json()
    assert "subsidy" in problem["errors"][0]["allowed"]


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%00%1b", "q=a&q=b", "page=10000", "x=1"])
def test_odd_but_legal_requests_are_answered(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/listings?{query}").status_code == 200


def test_listing_tells_all_its_public_fields(client: FlaskClient, resources: Resources) -> None:
    public_id = publish_and_index(
        resources, body="## 内容", tel="000-0000-0001", documents=("申請書",), date_state="budget"
    )
    listing = client.get(f"/api/v1/listings/{public_id}").get_json()
    assert (listing["body"], listing["documents"]) == ("## 内容", ["申請書"])
    assert (listing["date_state"], listing["status"]) == ("budget", "open")
    assert listing["contact"]["tel"] == "000-0000-0001"


def test_unknown_listing_is_404_and_withdrawn_410(
    client: FlaskClient, resources: Resources
) -> None:
    public_id = publish_and_index(resources)
    with resources.sessions.begin() as session:
        listing = queries.get_public(session, public_id)
        services.withdraw(session, listing, reason="終了", now=NOW)
    assert client.get("/api/v1/listings/L999999").status_code == 404
    assert client.get("/api/v1/nowhere").get_json()["status"] == 404
    gone = client.get(f"/api/v1/listings/{public_id}")
    assert (gone.status_code, gone.mimetype) == (410, "application/problem+json")


def test_wrong_method_is_a_problem_document(client: FlaskClient) -> None:
    response = client.post("/api/v1/listings")
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")


def test_vocabulary_gives_every_code_a_search_may_use(client: FlaskClient) -> None:
    words = client.get("/api/v1/vocabulary").get_json()
    assert {name: len(values) for name, values in words.items()} == {
        "industry": 18, "region": 47, "purpose": 20, "kind": 12, "level": 4, "status": 6,
    }  # fmt: skip


def test_agencies_come_with_the_number_of_their_listings(
    client: FlaskClient, resources: Resources
) -> None:
    publish_and_index(resources)
    (agency,) = client.get("/api/v1/agencies").get_json()["items"]
    assert (agency["code"], agency["listings"]) == ("aomori-pref", 1)


def test_any_site_may_read_the_api(client: FlaskClient) -> None:
    response = client.get("/api/v1/listings")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers


def test_suggestions_say_what_they_are_and_where_they_lead(
    client: FlaskClient, resources: Resources
) -> None:
    public_id = publish_and_index(resources, title="創業の看板", keywords=("創業資金",))
    assert client.get("/api/v1/suggest?q=創業").get_json() == [
        {
            "text": "創業・起業",
            "kind": "purpose",
            "url": "http://localhost/search?purpose=startup",
        },
        {
            "text": "創業資金",
            "kind": "word",
            "url": "http://localhost/search?q=%E5%89%B5%E6%A5%AD%E8%B3%87%E9%87%91",
        },
        {
            "text": "創業の看板",
            "kind": "listing",
            "url": f"http://localhost/listings/{public_id}",
        },
    ]
    agency = client.get("/api/v1/suggest?q=青森県").get_json()[-1]
    assert (agency["kind"], agency["url"]) == ("agency", "http://localhost/agencies/aomori-pref")


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=%00", "?q=%E3%81", "?other=1"])
def test_nothing_typed_suggests_nothing(client: FlaskClient, query: str) -> None:
    response = client.get(f"/api/v1/suggest{query}")
    assert (response.status_code, response.get_json()) == (200, [])


def test_suggestions_take_as_much_as_a_search(client: FlaskClient) -> None:
    assert client.get(f"/api/v1/suggest?q={'あ' * 200}").status_code == 200
    response = client.get(f"/api/v1/suggest?q={'あ' * 201}")
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["errors"][0]["field"] == "q"
