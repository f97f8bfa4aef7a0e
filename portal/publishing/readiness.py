"""What still keeps a version from the public: what it lacks, and what in it contradicts what is
public already."""

from sqlalchemy.orm import Session

from portal.errors import FieldProblem
from portal.listings.models import ListingVersion
from portal.publishing import completeness, relation_rules


def lacking(session: Session, version: ListingVersion) -> list[FieldProblem]:
    """All of it; empty if the public can see the version."""
    in_public = relation_rules.problems_in_public(session, version.listing, version)
    return completeness.missing(version) + in_public
