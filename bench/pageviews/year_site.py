"""A portal whose listings change what they are for in the course of a year."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from bench.http_data import add_agencies
from bench.pageviews.plain_year import Listings, Version
from portal.agencies.models import Agency
from portal.clock import JAPAN
from portal.db import write_transaction
from portal.extensions import Resources
from portal.listings import services
from portal.listings.content import ListingContent
from portal.listings.vocabulary import ALL_INDUSTRIES, Vocabulary

_AGENCIES = 20
_MOST_CHANGES = 3
_MOST_VALUES = 3
_AREAS = ("nation", "pref", "tosei", "sanpachi", "shimokita")
_DAYS = 365


def publish_changing_listings(
    held: Resources, *, listings: int, fiscal_year: int, seed: int
) -> Listings:
    """Publish listings of several agencies before a year begins, and change most of them in it;
    gives what was shown when."""
    random = Random(seed)
    add_agencies(held)
    vocabulary = held.shipped_vocabulary
    shown: dict[int, tuple[Version, ...]] = {}
    with write_transaction(held.sessions) as session:
        agencies = session.scalars(select(Agency).order_by(Agency.code).limit(_AGENCIES)).all()
        for number in range(listings):
            agency = agencies[number % len(agencies)]
            listing, versions = None, []
            for shown_from in _moments(random, fiscal_year):
                content = _content(random, vocabulary, number)
                now = shown_from.replace(tzinfo=JAPAN)
                if listing is None:
                    listing = services.create_listing(session, agency, content, now=now)
                else:
                    services.save_version(session, listing, content, now=now)
                services.publish(session, listing, now=now)
                version_id = listing.versions[-1].id
                versions.append(_version(listing.id, version_id, agency.code, shown_from, content))
            shown[versions[0].listing_id] = tuple(versions)
    return shown


def _moments(random: Random, fiscal_year: int) -> Iterator[datetime]:
    first = datetime.combine(date(fiscal_year, 3, 1), time(9))
    yield first
    changes = random.randint(0, _MOST_CHANGES)
    yield from sorted(
        first + timedelta(days=31 + random.randrange(_DAYS), seconds=random.randrange(86_400))
        for _ in range(changes)
    )


def _content(random: Random, vocabulary: Vocabulary, number: int) -> ListingContent:
    industries = _some(random, tuple(vocabulary.industries))
    regions = _some(random, (*vocabulary.tree.municipalities, *_AREAS))
    return ListingContent(
        title=f"補助金{number}（見本）",
        summary="費用の一部を補助します。",
        kind=random.choice(tuple(vocabulary.kinds)),
        date_state="always",
        industries=(ALL_INDUSTRIES,) if random.random() < 0.4 else industries,
        regions=regions,
        purposes=_some(random, tuple(vocabulary.purposes)),
    )


def _some(random: Random, codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(random.sample(codes, random.randint(1, _MOST_VALUES)))


def _version(
    listing_id: int, version_id: int, agency: str, shown_from: datetime, said: ListingContent
) -> Version:
    return Version(
        id=version_id,
        listing_id=listing_id,
        agency=agency,
        shown_from=shown_from,
        kind=str(said.kind),
        purposes=said.purposes,
        industries=said.industries,
        regions=said.regions,
    )
