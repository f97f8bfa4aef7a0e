"""Rows that are valid by default; a test names only what it is about."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agencies.models import Agency
from portal.extensions import Resources
from portal.listings import services
from portal.listings.content import ListingContent
from portal.listings.models import Listing
from tests.conftest import NOW


def make_agency(session: Session, code: str = "aomori-pref", **overrides: Any) -> Agency:
    """The agency of a code, made if there is none yet."""
    agency = session.scalar(select(Agency).where(Agency.code == code))
    if agency is None:
        values = {"name": "青森県", "level": "prefecture", "region_code": "pref"} | overrides
        agency = Agency(code=code, **values)
        session.add(agency)
        session.flush()
    return agency


def make_content(**overrides: Any) -> ListingContent:
    """What a plain subsidy for everybody in the prefecture says."""
    values: dict[str, Any] = {
        "title": "店舗改装の補助金",
        "summary": "店の改装にかかる費用の一部を補助します。",
        "body": "外装や内装の工事費が対象です。",
        "kind": "subsidy",
        "date_state": "always",
        "industries": ("*",),
        "regions": ("pref",),
        "purposes": ("equipment",),
    }
    return ListingContent(**(values | overrides))


def make_draft(
    session: Session,
    *,
    agency: Agency | None = None,
    now: datetime = NOW,
    source_id: str | None = None,
    confirmed_on: date | None = None,
    **content: Any,
) -> Listing:
    """A listing nobody but its agency has seen."""
    return services.create_listing(
        session,
        agency or make_agency(session),
        make_content(**content),
        now=now,
        source_id=source_id,
        confirmed_on=confirmed_on,
    )


def make_listing(session: Session, **overrides: Any) -> Listing:
    """A published listing; committed, so that other sessions see it."""
    listing = make_draft(session, **overrides)
    services.publish(session, listing, now=overrides.get("now", NOW))
    session.commit()
    return listing


def publish_and_index(resources: Resources, **overrides: Any) -> str:
    """Publish a listing and bring the index up to date; returns its public id."""
    with resources.sessions() as session:
        public_id = make_listing(session, **overrides).public_id
    resources.indexer.drain(timeout=1)
    return public_id
