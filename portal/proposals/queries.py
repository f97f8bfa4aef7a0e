"""Reads of proposals for the synonyms."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.db import LARGEST_NUMBER
from portal.errors import NotFoundError
from portal.proposals.models import ProposalState, SynonymProposal

PER_PAGE = 30


def list_open(session: Session) -> Sequence[SynonymProposal]:
    """All that wait for an administrator, the oldest first."""
    wanted = select(SynonymProposal).where(SynonymProposal.state == ProposalState.OPEN)
    wanted = wanted.order_by(SynonymProposal.id).options(joinedload(SynonymProposal.agency))
    return session.scalars(wanted).all()


def count_open(session: Session) -> int:
    """How many wait for an administrator."""
    is_open = SynonymProposal.state == ProposalState.OPEN
    return session.scalar(select(func.count(SynonymProposal.id)).where(is_open)) or 0


def list_decided(session: Session, *, page: int) -> Sequence[SynonymProposal]:
    """A page of those that were decided, the newest decision first; the first page is 1."""
    newest_first = SynonymProposal.decided_at.desc(), SynonymProposal.id.desc()
    wanted = select(SynonymProposal).where(SynonymProposal.state != ProposalState.OPEN)
    wanted = wanted.order_by(*newest_first).options(joinedload(SynonymProposal.agency))
    return session.scalars(wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()


def count_decided(session: Session) -> int:
    """How many were decided."""
    is_decided = SynonymProposal.state != ProposalState.OPEN
    return session.scalar(select(func.count(SynonymProposal.id)).where(is_decided)) or 0


def list_of_agency(session: Session, agency_id: int, *, page: int) -> Sequence[SynonymProposal]:
    """A page of what an agency proposed, the newest first; the first page is 1."""
    wanted = select(SynonymProposal).where(SynonymProposal.agency_id == agency_id)
    wanted = wanted.order_by(SynonymProposal.id.desc()).options(joinedload(SynonymProposal.agency))
    return session.scalars(wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()


def count_of_agency(session: Session, agency_id: int) -> int:
    """How many an agency proposed."""
    of_agency = SynonymProposal.agency_id == agency_id
    return session.scalar(select(func.count(SynonymProposal.id)).where(of_agency)) or 0


def get_proposal(session: Session, proposal_id: int) -> SynonymProposal:
    """A proposal.

    :raises NotFoundError: there is none.
    """
    is_possible = 0 < proposal_id <= LARGEST_NUMBER
    proposal = session.get(SynonymProposal, proposal_id) if is_possible else None
    if proposal is None:
        raise NotFoundError(f"there is no proposal {proposal_id}")
    return proposal
