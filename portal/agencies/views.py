"""The public pages of agencies."""

from collections.abc import Sequence

from flask import Blueprint, render_template

from portal.agencies import presenters, queries
from portal.extensions import current_vocabulary, db_session, today
from portal.listings import outline_queries
from portal.listings import presenters as listing_presenters
from portal.listings import queries as listing_queries
from portal.listings.outlines import Outline
from portal.listings.presenters import Card

blueprint = Blueprint("agencies", __name__)

SHOWN_AT_ONCE = 20
"""Listings of each sort on the page of an agency; the search shows them all."""


@blueprint.get("/agencies")
def index() -> str:
    """Who offers support."""
    vocabulary = current_vocabulary()
    groups = presenters.groups(
        queries.list_agencies(db_session()),
        listing_queries.count_published_by_agency(db_session()),
        levels=vocabulary.levels,
        areas={
            area.code: (vocabulary.regions[area.code], area.municipalities)
            for area in vocabulary.tree.areas.values()
        },
    )
    return render_template("agencies/index.html", groups=groups)


@blueprint.get("/agencies/<code>")
def show(code: str) -> str:
    """What an agency offers: what can be used now, then what is over."""
    vocabulary = current_vocabulary()
    agency = queries.get_by_code(db_session(), code)
    listings = outline_queries.published_of_agency(db_session(), agency.id)
    current, closed = listing_presenters.by_currency(listings, today())

    def cards(shown: Sequence[Outline]) -> tuple[Card, ...]:
        return listing_presenters.cards(shown, today=today(), vocabulary=vocabulary)

    return render_template(
        "agencies/show.html",
        agency=agency,
        contact=presenters.contact(agency),
        level=vocabulary.levels[agency.level],
        current=cards(current[:SHOWN_AT_ONCE]),
        current_total=len(current),
        has_more=len(current) > SHOWN_AT_ONCE,
        closed=cards(closed[:SHOWN_AT_ONCE]),
    )
