from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from bench.http_paths import datasette_path, groonga_path, mixed_searches, portal_path
from bench.peers.peer import FACET_FIELDS, PeerQuery
from bench.queries import Mode

Questions = dict[Mode, tuple[PeerQuery, ...]]


def test_no_address_comes_twice(asked: Questions) -> None:
    searches = mixed_searches(asked, count=500, seed=1)
    for path_of in (lambda search: portal_path("/search", search), groonga_path):
        assert len({path_of(search) for search in searches}) == 500


def test_rounds_ask_for_different_searches(asked: Questions) -> None:
    assert mixed_searches(asked, count=50, seed=1) != mixed_searches(asked, count=50, seed=2)
    assert mixed_searches(asked, count=50, seed=1) == mixed_searches(asked, count=50, seed=1)


def test_the_api_takes_every_search(asked: Questions, client: FlaskClient) -> None:
    for search in mixed_searches(asked, count=40, seed=1):
        answer = client.get(portal_path("/api/v1/listings", search))
        assert answer.status_code == 200, search


def test_other_servers_are_asked_for_all_facets_and_the_same_filters(asked: Questions) -> None:
    for search in mixed_searches(asked, count=40, seed=1):
        datasette = parse_qs(urlsplit(datasette_path(search)).query)
        groonga = parse_qs(urlsplit(groonga_path(search)).query)
        counted = {*datasette["_facet"], *datasette["_facet_array"]}
        assert counted == set(FACET_FIELDS)
        assert {groonga[f"drilldowns[{facet}].keys"][0] for facet in FACET_FIELDS} == counted
        for facet, codes in search.query.filters.items():
            assert datasette[f"{facet}__arraycontains"] == list(codes)
            assert f'in_values({facet}, "{codes[0]}")' in groonga["filter"][0]
