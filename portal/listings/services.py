"""What may be done to a listing. Callers commit; each act records itself in the change log."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import change_log
from portal.agencies.models import Agency
from portal.errors import InvalidTransitionError, NotFoundError, UnknownAgencyError
from portal.listings.attachment_models import Attachment, VersionAttachment
from portal.listings.content import AttachedFile, ListingContent, RelationContent
from portal.listings.facet_models import (
    VersionFiscalYear,
    VersionIndustry,
    VersionPartner,
    VersionPurpose,
    VersionRegion,
    VersionRegionException,
)
from portal.listings.models import (
    DateState,
    Listing,
    ListingState,
    ListingVersion,
    listing_id_of,
)
from portal.listings.relation_models import VersionRelation
from portal.listings.schedule_models import ApplicationRound, ListingEvent

logger = logging.getLogger(__name__)

# What a version keeps as the content has it; lists and facets are turned into rows.
_PLAIN_FIELDS = (
    *("title", "summary", "body", "eligibility", "rate", "amount_max_yen"),
    *("opens_on", "closes_on", "date_note", "how_to_apply", "apply_url"),
    *("department", "tel", "fax", "email", "url"),
)

# What stands in where a draft leaves open what every version has; nobody gets to see it.
_STAND_INS = {"kind": "information", "date_state": DateState.UNKNOWN.value}


def create_listing(
    session: Session,
    agency: Agency,
    content: ListingContent,
    *,
    now: datetime,
    source_id: str | None = None,
    confirmed_on: date | None = None,
    author_id: int | None = None,
) -> Listing:
    """A new draft of an agency, with ``content`` as its first version. Files stay with the listing
    they were given to."""
    listing = Listing(
        agency=agency,
        source_id=source_id,
        state=ListingState.DRAFT,
        revision=0,
        created_at=now,
        updated_at=now,
        confirmed_on=confirmed_on,
    )
    session.add(listing)
    first = replace(content, attachments=None)
    save_version(session, listing, first, now=now, author_id=author_id)
    logger.info("listing %s created for %s", listing.public_id, agency.code)
    return listing


def save_version(
    session: Session,
    listing: Listing,
    content: ListingContent,
    *,
    now: datetime,
    author_id: int | None = None,
) -> ListingVersion:
    """Keep ``content`` as the newest version. What the public sees does not change by it."""
    version = ListingVersion(
        number=len(listing.versions) + 1,
        created_at=now,
        author_id=author_id,
        level=content.level or listing.agency.level,
        conditions=content.conditions.document(),
        documents=list(content.documents),
        keywords=list(content.keywords),
        past_results=list(content.past_results),
        past_budgets=dict(content.past_budgets),
        source=list(content.source),
        undecided=[name for name in _STAND_INS if getattr(content, name) is None],
        **{name: getattr(content, name) or code for name, code in _STAND_INS.items()},
        **{name: getattr(content, name) for name in _PLAIN_FIELDS},
    )
    _set_facets(session, version, content)
    _set_schedule(version, content)
    version.relation_rows = list(_relation_rows(content.relations))
    version.attachment_rows = _attachment_rows(session, listing, content.attachments)
    listing.versions.append(version)
    session.flush()
    return version


def _set_facets(session: Session, version: ListingVersion, content: ListingContent) -> None:
    version.industry_rows = [VersionIndustry(industry_code=code) for code in content.industries]
    version.region_rows = [VersionRegion(region_code=code) for code in content.regions]
    version.exception_rows = [
        VersionRegionException(region_code=code) for code in content.region_exceptions
    ]
    version.purpose_rows = [VersionPurpose(purpose_code=code) for code in content.purposes]
    version.partner_rows = _partners(session, content.partners)
    version.fiscal_year_rows = [
        VersionFiscalYear(fiscal_year=year) for year in content.fiscal_years
    ]


def _set_schedule(version: ListingVersion, content: ListingContent) -> None:
    version.rounds = [
        ApplicationRound(position=position, **asdict(round_))
        for position, round_ in enumerate(content.rounds)
    ]
    version.events = [
        ListingEvent(position=position, **asdict(event))
        for position, event in enumerate(content.events)
    ]


def _attachment_rows(
    session: Session, listing: Listing, wanted: tuple[AttachedFile, ...] | None
) -> list[VersionAttachment]:
    if wanted is None:
        before = listing.versions[-1].attachment_rows if listing.versions else []
        files = [row.attachment for row in before]
    elif wanted:
        of_it = session.scalars(select(Attachment).where(Attachment.listing_id == listing.id))
        by_number = {attachment.number: attachment for attachment in of_it}
        files = [by_number[file.number] for file in wanted]
    else:
        files = []
    return [
        VersionAttachment(attachment=file, position=position) for position, file in enumerate(files)
    ]


def _relation_rows(relations: Iterable[RelationContent]) -> Iterator[VersionRelation]:
    for position, relation in enumerate(relations):
        other_id = listing_id_of(relation.listing)
        if other_id is None:
            raise NotFoundError(relation.listing)
        yield VersionRelation(other_id=other_id, kind=relation.kind, position=position)


def _partners(session: Session, codes: Iterable[str]) -> list[VersionPartner]:
    rows = []
    for position, code in enumerate(codes):
        agency = session.scalar(select(Agency).where(Agency.code == code))
        if agency is None:
            raise UnknownAgencyError(code)
        rows.append(VersionPartner(agency=agency, position=position))
    return rows


def publish(session: Session, listing: Listing, *, now: datetime) -> None:
    """Show the newest version to the public.

    :raises InvalidTransitionError: the listing is archived.
    """
    if listing.state == ListingState.ARCHIVED:
        raise InvalidTransitionError(f"{listing.public_id} is archived")
    listing.public_version_id = listing.versions[-1].id
    listing.state = ListingState.PUBLISHED
    listing.published_at = listing.published_at or now
    listing.withdrawn_at = listing.withdraw_reason = None
    listing.change_state = listing.publish_at = listing.return_comment = None
    note_public_change(session, listing, now=now)
    logger.info("listing %s published", listing.public_id)


def withdraw(session: Session, listing: Listing, *, reason: str, now: datetime) -> None:
    """Take a published listing off the public pages, saying why.

    :raises InvalidTransitionError: the listing is not published.
    """
    if listing.state != ListingState.PUBLISHED:
        raise InvalidTransitionError(f"{listing.public_id} is not published")
    listing.state = ListingState.WITHDRAWN
    listing.withdrawn_at = now
    listing.withdraw_reason = reason
    note_public_change(session, listing, now=now)
    logger.info("listing %s withdrawn", listing.public_id)


def show_again(session: Session, listing: Listing, *, now: datetime) -> None:
    """Put a withdrawn listing back on the public pages, as it was.

    :raises InvalidTransitionError: the listing is not withdrawn.
    """
    if listing.state != ListingState.WITHDRAWN:
        raise InvalidTransitionError(f"{listing.public_id} is not withdrawn")
    listing.state = ListingState.PUBLISHED
    listing.withdrawn_at = listing.withdraw_reason = None
    note_public_change(session, listing, now=now)
    logger.info("listing %s is public again", listing.public_id)


def latest_number(session: Session, listing: Listing) -> int:
    """The number of the newest version, as the database has it now."""
    of_it = ListingVersion.listing_id == listing.id
    return session.scalar(select(func.max(ListingVersion.number)).where(of_it)) or 0


def note_public_change(session: Session, listing: Listing, *, now: datetime) -> None:
    """Count a change of what the public sees, and let the index know of it."""
    listing.revision += 1
    listing.updated_at = now
    session.flush()
    session.expire(listing, ["public_version"])
    change_log.record_change(session, listing.id, now=now)
