"""For every municipality and every listing, the index agrees with the database, counted plainly."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.extensions import Resources
from portal.listings.facet_models import Region, VersionRegion, VersionRegionException
from portal.listings.models import Listing
from search_index import SearchQuery
from tests.conftest import resources_of


@pytest.fixture
def demo(demo_app: Flask) -> Resources:
    """The whole demo, on Whoosh."""
    return resources_of(demo_app)


def covered(held: Resources) -> dict[int, set[str]]:
    """For each published listing the municipalities it covers, from the rows alone."""
    with held.sessions() as session:
        area_of = dict(
            session.execute(
                select(Region.code, Region.area_code).where(Region.level == "municipality")
            ).all()
        )
        published = session.execute(
            select(Listing.id, Listing.public_version_id).where(Listing.state == "published")
        ).all()
        version_of = {version: listing for listing, version in published}
        named: dict[int, set[str]] = {listing: set() for listing in version_of.values()}
        excepted: dict[int, set[str]] = {listing: set() for listing in version_of.values()}
        for link, into in ((VersionRegion, named), (VersionRegionException, excepted)):
            for version, code in session.execute(select(link.version_id, link.region_code)):
                into[version_of[version]].add(code)

    def contains(codes: set[str], municipality: str) -> bool:
        return bool(codes & {"nation", "pref", area_of[municipality], municipality})

    return {
        listing: {
            code
            for code in area_of
            if contains(codes, code) and not contains(excepted[listing], code)
        }
        for listing, codes in named.items()
    }


def search_ids(held: Resources, region: str) -> set[int]:
    query = SearchQuery(
        on=held.clock.today(), filters={"region": (region,)}, include_closed=True, limit=10_000
    )
    return {int(hit.id[1:]) for hit in held.index.search(query).hits}


def test_each_municipality_finds_exactly_the_listings_that_cover_it(demo: Resources) -> None:
    covers = covered(demo)
    assert len(covers) >= 218 + 60
    for municipality in demo.shipped_vocabulary.tree.municipalities:
        expected = {listing for listing, codes in covers.items() if municipality in codes}
        assert search_ids(demo, municipality) == expected, municipality


def test_each_area_finds_what_is_usable_somewhere_in_it(demo: Resources) -> None:
    covers = covered(demo)
    for area in demo.shipped_vocabulary.tree.areas.values():
        expected = {listing for listing, codes in covers.items() if area.municipalities & codes}
        assert search_ids(demo, area.code) == expected, area.code


def test_prefecture_finds_what_is_usable_in_all_of_it(demo: Resources) -> None:
    covers = covered(demo)
    expected = {listing for listing, codes in covers.items() if len(codes) == 40}
    assert search_ids(demo, "pref") == expected


def test_facet_counts_of_regions_equal_what_choosing_them_shows(demo: Resources) -> None:
    query = SearchQuery(on=demo.clock.today(), include_closed=True)
    counts = demo.index.search(query).facets["region"]
    for region in demo.shipped_vocabulary.search_values("region"):
        assert counts.get(region, 0) == len(search_ids(demo, region)), region


def test_index_of_the_demo_has_no_differences(demo: Resources) -> None:
    assert demo.indexer.differences().total == 0
