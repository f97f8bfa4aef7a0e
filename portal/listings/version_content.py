"""What a version says, as the value that forms and imports hand over."""

from dataclasses import replace

from portal.listings.content import (
    AttachedFile,
    EventContent,
    ListingContent,
    RelationContent,
    RoundContent,
)
from portal.listings.models import ListingVersion, public_id_of
from portal.listings.relation_kinds import RelationKind
from portal.listings.stated_conditions import StatedConditions

_PLAIN = (
    *("title", "summary", "body", "level", "eligibility", "rate", "amount_max_yen"),
    *("opens_on", "closes_on", "date_note", "how_to_apply", "apply_url"),
    *("department", "tel", "fax", "email", "url"),
)


def content_of(version: ListingVersion) -> ListingContent:
    """Everything a version says, codes in their own order."""
    return ListingContent(
        kind=None if "kind" in version.undecided else version.kind,
        date_state=None if "date_state" in version.undecided else version.date_state,
        **{name: getattr(version, name) for name in _PLAIN},
        industries=tuple(sorted(version.industry_codes)),
        regions=tuple(sorted(version.region_codes)),
        region_exceptions=tuple(sorted(version.exception_codes)),
        purposes=tuple(sorted(version.purpose_codes)),
        rounds=tuple(
            RoundContent(row.opens_on, row.closes_on, row.label) for row in version.rounds
        ),
        events=tuple(
            EventContent(
                row.held_on, row.starts_at, row.ends_at, row.venue, row.address, row.capacity
            )
            # As they were entered: calendars know a day by its place, whatever its date becomes.
            for row in sorted(version.events, key=lambda row: row.position)
        ),
        conditions=StatedConditions.of(version.conditions),
        documents=tuple(version.documents),
        keywords=tuple(version.keywords),
        partners=tuple(row.agency.code for row in version.partner_rows),
        relations=relations_of(version),
        fiscal_years=tuple(version.fiscal_years),
        past_results=tuple(version.past_results),
        past_budgets=dict(version.past_budgets),
        attachments=tuple(
            AttachedFile(row.attachment.number, row.attachment.file_name)
            for row in version.attachment_rows
        ),
        source=tuple(version.source),
    )


def relations_of(version: ListingVersion) -> tuple[RelationContent, ...]:
    """How a version says its listing is related to others."""
    return tuple(
        RelationContent(RelationKind(row.kind), public_id_of(row.other_id))
        for row in version.relation_rows
    )


def says_the_same(content: ListingContent, version: ListingVersion) -> bool:
    """Whether a version that said this would differ from that one in nothing."""
    said = content_of(version)
    settled = replace(
        content,
        level=content.level or version.listing.agency.level,
        industries=tuple(sorted(content.industries)),
        regions=tuple(sorted(content.regions)),
        region_exceptions=tuple(sorted(content.region_exceptions)),
        purposes=tuple(sorted(content.purposes)),
        attachments=said.attachments if content.attachments is None else content.attachments,
    )
    return settled == said


def differs_only_in_files(one: ListingVersion, other: ListingVersion) -> bool:
    """Whether two versions say the same in every text and date."""
    return replace(content_of(one), attachments=None) == replace(
        content_of(other), attachments=None
    )
