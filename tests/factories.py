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
from portal.pageviews.kinds import Device, PageKind, ViewClass
from portal.pageviews.models import DailyPageView, DailySearch, SearchCondition
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


def make_views(
    session: Session,
    listing: Listing | None = None,
    *,
    on: date,
    views: int = 1,
    view_class: ViewClass = ViewClass.HUMAN,
    page_kind: PageKind | None = None,
    device: Device = Device.PHONE,
    is_sample: bool = False,
) -> None:
    """Count requests for a page of a day: that of a listing as the public sees it, or the home
    page."""
    kind = page_kind or (PageKind.LISTING if listing else PageKind.HOME)
    session.add(
        DailyPageView(
            viewed_on=on,
            view_class=view_class,
            page_kind=kind,
            listing_id=listing.id if listing else 0,
            version_id=(listing.public_version_id or 0) if listing else 0,
            device=device,
            is_sample=is_sample,
            views=views,
        )
    )
    session.commit()


def make_searches(
    session: Session,
    conditions: str,
    *,
    on: date,
    searches: int = 1,
    without_hits: int = 0,
    with_few_hits: int = 0,
) -> SearchCondition:
    """Count searches of a day, by their query string."""
    asked = SearchCondition.conditions == conditions
    condition = session.scalar(select(SearchCondition).where(asked))
    condition = condition or SearchCondition(conditions=conditions)
    session.add(condition)
    session.flush()
    session.add(
        DailySearch(
            searched_on=on,
            condition_id=condition.id,
            searches=searches,
            without_hits=without_hits,
            with_few_hits=with_few_hits,
        )
    )
    session.commit()
    return condition
