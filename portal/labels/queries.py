"""Reads of labels that administrators changed, and of what carries a code."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.labels.models import VocabularyLabel, VocabularyRevision
from portal.listings.facet_models import VersionIndustry, VersionPurpose
from portal.listings.models import Listing, ListingState, ListingVersion
from portal.listings.vocabulary import ALL_INDUSTRIES, Label, Term

# Nearly every request reads it, and putting the statement together takes as long as running it.
_REVISION = select(VocabularyRevision.revision).where(VocabularyRevision.id == 1)


def current_revision(session: Session) -> int:
    """Rises with every change of any label; one read by primary key."""
    return session.scalar(_REVISION) or 0


def changed_labels(session: Session) -> dict[Term, Label]:
    """What codes are called instead of what ships."""
    return {
        (row.facet, row.code): label_of(row) for row in session.scalars(select(VocabularyLabel))
    }


def label_of(row: VocabularyLabel) -> Label:
    """The label that a row holds."""
    return Label(row.label, row.kana, row.short_label)


def find_row(session: Session, term: Term) -> VocabularyLabel | None:
    """The row of a code that is called something else than what ships."""
    return session.get(VocabularyLabel, term)


def changed_at(session: Session) -> Mapping[Term, datetime]:
    """When each changed label was changed last."""
    rows = session.scalars(select(VocabularyLabel))
    return {(row.facet, row.code): row.updated_at for row in rows}


def published_with(session: Session, term: Term) -> Sequence[int]:
    """Row ids of the published listings whose public version carries a code."""
    return session.scalars(_carrying(term, select(Listing.id)).order_by(Listing.id)).all()


def count_published_with(session: Session, term: Term) -> int:
    """How many published listings carry a code; for all industries counts for each."""
    return session.scalar(_carrying(term, select(func.count()).select_from(Listing))) or 0


def _carrying(term: Term, statement: Select[int]) -> Select[int]:
    facet, code = term
    version = Listing.public_version_id
    carries = {
        "purpose": exists().where(
            VersionPurpose.version_id == version, VersionPurpose.purpose_code == code
        ),
        "industry": exists().where(
            VersionIndustry.version_id == version,
            or_(
                VersionIndustry.industry_code == code,
                VersionIndustry.industry_code == ALL_INDUSTRIES,
            ),
        ),
        "kind": exists().where(ListingVersion.id == version, ListingVersion.kind == code),
    }[facet]
    return statement.where(Listing.state == ListingState.PUBLISHED, carries)
