"""What may be done with proposals for the synonyms. Callers commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.errors import ChangedMeanwhileError, FieldProblem, InvalidInputError
from portal.proposals.models import ProposalState, SynonymProposal
from portal.search import synonym_queries, synonym_services
from portal.search.models import LONGEST_NOTE, SynonymGroup
from portal.search.synonym_content import SynonymContent, content_of, find_problems, mark_of
from portal.search.words import folded

TARGET = "synonym_proposal"


@dataclass(frozen=True, slots=True)
class ProposalContent:
    """What somebody proposes, as they typed it."""

    word: str
    """What people search for."""
    equivalents: tuple[str, ...]
    """Words that listings use for the same."""
    note: str = ""

    def tidied(self) -> "ProposalContent":
        """Without empty lines, needless spaces, and what is the word itself again."""
        plain = SynonymContent((self.word, *self.equivalents), note=self.note).tidied()
        word = " ".join(self.word.split())
        others: dict[str, str] = {}
        for text in plain.members:
            others.setdefault(folded(text), text)
        others.pop(folded(word), None)
        return ProposalContent(word, tuple(others.values()), plain.note)

    @property
    def members(self) -> tuple[str, ...]:
        """All of its words."""
        return (self.word, *self.equivalents)


def propose(
    session: Session,
    content: ProposalContent,
    *,
    agency_id: int,
    author_id: int,
    actor: Actor,
    now: datetime,
) -> SynonymProposal:
    """Ask administrators to add synonyms.

    :raises InvalidInputError: the content breaks a rule, or the agency has proposed it already.
    """
    content = content.tidied()
    problems = _find_problems(content)
    if not problems and _is_proposed(session, content, agency_id):
        text = "この組み合わせは、もう提案してあります。管理者の確認をお待ちください。"
        problems = [FieldProblem("equivalents", text)]
    if problems:
        raise InvalidInputError(problems)
    proposal = SynonymProposal(
        word=content.word,
        equivalents=list(content.equivalents),
        note=content.note,
        agency_id=agency_id,
        author_id=author_id,
        proposed_at=now,
    )
    session.add(proposal)
    session.flush()
    _record(session, AuditAction.SYNONYM_PROPOSED, proposal, actor=actor, now=now)
    return proposal


def accept(session: Session, proposal: SynonymProposal, *, actor: Actor, now: datetime) -> bool:
    """Add what was proposed; returns False if somebody else has decided meanwhile.

    :raises InvalidInputError: the group that it belongs to cannot take it.
    """
    if not _hold(session, proposal):
        return False
    content = ProposalContent(proposal.word, tuple(proposal.equivalents))
    has_changed = join(session, content, actor=actor, now=now)
    proposal.state, proposal.decided_at = ProposalState.ADDED, now
    if not has_changed:
        # Somebody has typed it in by hand meanwhile; that there is nothing to do is news, too.
        _record(session, AuditAction.SYNONYM_PROPOSAL_MET, proposal, actor=actor, now=now)
    return True


def decline(
    session: Session, proposal: SynonymProposal, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Say why what was proposed will not be added.

    :raises InvalidInputError: no reason is given, or one that is too long.
    :raises ChangedMeanwhileError: somebody else has decided meanwhile.
    """
    tidy = " ".join(reason.split())
    if not tidy or len(tidy) > LONGEST_NOTE or not tidy.isprintable():
        text = f"提案した人に伝える理由を、{LONGEST_NOTE}文字までで入れてください。"
        raise InvalidInputError([FieldProblem("reason", text)])
    if not _hold(session, proposal):
        raise ChangedMeanwhileError(f"proposal {proposal.id} is decided")
    proposal.state, proposal.decided_at, proposal.reason = ProposalState.DECLINED, now, tidy
    _record(session, AuditAction.SYNONYM_PROPOSAL_DECLINED, proposal, actor=actor, now=now)


def join(session: Session, content: ProposalContent, *, actor: Actor, now: datetime) -> bool:
    """Make words mean the same: in the group in force that has one of the equivalents, else in that
    of the word, else in a new one. Returns False if they do already.

    :raises InvalidInputError: the content breaks a rule, or the group is full.
    :raises ChangedMeanwhileError: somebody is changing the group at this moment.
    """
    content = content.tidied()
    if problems := _find_problems(content):
        raise InvalidInputError(problems)
    group = _group_of(session, content)
    if group is None:
        synonym_services.add_group(session, SynonymContent(content.members), actor=actor, now=now)
        return True
    before = content_of(group)
    present = {folded(text) for text in before.members}
    missing = tuple(text for text in content.members if folded(text) not in present)
    wanted = replace(before, members=before.members + missing)
    seen = mark_of(before)
    return synonym_services.change_group(session, group, wanted, actor=actor, now=now, seen=seen)


def _group_of(session: Session, content: ProposalContent) -> SynonymGroup | None:
    in_force = synonym_queries.words_in_force(session)
    # Where words are added for sayings, its words do not mean the same.
    spelt = {
        group_id: {folded(text) for text in words.members}
        for group_id, words in in_force.items()
        if not words.added
    }
    for text in (*content.equivalents, content.word):
        for group_id, members in spelt.items():
            if folded(text) in members:
                return synonym_queries.get_group(session, group_id)
    return None


def _find_problems(content: ProposalContent) -> Sequence[FieldProblem]:
    if not content.word:
        return [FieldProblem("word", "検索されたことばを入れてください。")]
    if not content.equivalents:
        text = "同じ意味のことばを1つ以上、選ぶか入れてください。"
        return [FieldProblem("equivalents", text)]
    problems = find_problems(SynonymContent(content.members, note=content.note))
    return [
        replace(problem, field="equivalents") if problem.field == "members" else problem
        for problem in problems
    ]


def _is_proposed(session: Session, content: ProposalContent, agency_id: int) -> bool:
    is_open = SynonymProposal.state == ProposalState.OPEN
    statement = select(SynonymProposal).where(is_open, SynonymProposal.agency_id == agency_id)
    wanted = _spelt(content.members)
    return any(
        _spelt((other.word, *other.equivalents)) == wanted for other in session.scalars(statement)
    )


def _spelt(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(folded, texts))


def _hold(session: Session, proposal: SynonymProposal) -> bool:
    """Keep others from deciding until the transaction ends; returns False if one has."""
    session.refresh(proposal, with_for_update=True)
    return proposal.state == ProposalState.OPEN


def _record(
    session: Session,
    action: AuditAction,
    proposal: SynonymProposal,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    detail = {"members": "、".join((proposal.word, *proposal.equivalents))}
    if proposal.reason:
        detail["reason"] = proposal.reason
    target = Target(TARGET, str(proposal.id))
    audit.record(session, action, actor=actor, target=target, detail=detail, now=now)
