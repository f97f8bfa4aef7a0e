"""What the pages of proposals for the synonyms say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.formats import near_moment
from portal.proposals.models import ProposalState, SynonymProposal

DECIDED = "この提案は、ほかの管理者がもう決めています。"


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in a list."""

    id: int
    word: str
    equivalents: tuple[str, ...]
    note: str
    agency: str
    author: str | None
    """None if there is no such user any more."""
    proposed: str
    state: ProposalState
    decided: str | None
    reason: str


def rows(
    proposals: Iterable[SynonymProposal], names: Mapping[int, str], *, today: date
) -> list[ProposalRow]:
    """Proposals of a list; ``names`` are those of users by number."""
    return [
        ProposalRow(
            id=proposal.id,
            word=proposal.word,
            equivalents=tuple(proposal.equivalents),
            note=proposal.note,
            agency=proposal.agency.name,
            author=names.get(proposal.author_id),
            proposed=near_moment(proposal.proposed_at, today),
            state=ProposalState(proposal.state),
            decided=near_moment(proposal.decided_at, today) if proposal.decided_at else None,
            reason=proposal.reason,
        )
        for proposal in proposals
    ]


def told_of_problems(messages: Iterable[str]) -> str:
    """Why a click could not add synonyms, and what to do."""
    return f"足せませんでした。{''.join(messages)}「言いかえの管理」から手で足すこともできます。"
