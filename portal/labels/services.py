"""Calling a code by another label. Callers commit; pages follow with their next request, and the
index as soon as it is drained."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import change_log
from portal.audit import services as audit
from portal.audit.actions import AuditAction
from portal.audit.types import Actor, Target
from portal.errors import ChangedMeanwhileError, FieldProblem, InvalidInputError, NotFoundError
from portal.labels import queries
from portal.labels.content import find_problems, mark_of, tidied
from portal.labels.models import VocabularyLabel, VocabularyRevision
from portal.listings.vocabulary import RENAMED_FACETS, Label, Term, Vocabulary

TARGET = "vocabulary_label"

_INDEXED = frozenset({"purpose", "kind"})
"""Facets whose labels are words of the index's documents. Of industries it holds the codes."""


def get_label(vocabulary: Vocabulary, term: Term) -> Label:
    """What a code is called.

    :raises NotFoundError: there is none, or nobody may change what it is called.
    """
    facet, code = term
    if facet not in RENAMED_FACETS or code not in vocabulary.search_values(facet):
        raise NotFoundError(f"there is no label of {facet} {code}")
    return vocabulary.label(term)


def problems_of(current: Vocabulary, term: Term, wanted: Label) -> list[FieldProblem]:
    """What keeps a code from being called so; empty if nothing does."""
    facet, code = term
    codes = [other for other in current.search_values(facet) if other != code]
    others = [current.label((facet, other)) for other in codes]
    return find_problems(wanted, facet=facet, others=others)


def change_label(
    session: Session,
    term: Term,
    wanted: Label,
    *,
    shipped: Vocabulary,
    actor: Actor,
    now: datetime,
    seen: str | None = None,
) -> bool:
    """Call a code by another label; returns False if it is called so. What equals the label that
    ships follows it from then on.

    :param seen: ``content.mark_of`` of what whoever asks had before them.
    :raises NotFoundError: there is no such code.
    :raises InvalidInputError: the label breaks a rule, or another code of the facet has it.
    :raises ChangedMeanwhileError: the label is not as it was seen.
    """
    current = _hold(session, shipped)
    before, wanted = get_label(current, term), tidied(wanted)
    if wanted == before:
        return False
    if seen is not None and seen != mark_of(before):
        raise ChangedMeanwhileError(f"the label of {'/'.join(term)} was changed meanwhile")
    _store(session, term, wanted, current=current, shipped=shipped, now=now)
    _conclude(session, AuditAction.LABEL_CHANGED, term, before, wanted, actor=actor, now=now)
    return True


def reset_label(
    session: Session, term: Term, *, shipped: Vocabulary, actor: Actor, now: datetime
) -> bool:
    """Call a code what ships, and let it follow that; returns False if it does.

    :raises NotFoundError: there is no such code.
    :raises InvalidInputError: another code of the facet is called so by now.
    """
    current = _hold(session, shipped)
    before, wanted = get_label(current, term), shipped.label(term)
    if queries.find_row(session, term) is None:
        return False
    _store(session, term, wanted, current=current, shipped=shipped, now=now)
    _conclude(session, AuditAction.LABEL_RESET, term, before, wanted, actor=actor, now=now)
    return True


def _hold(session: Session, shipped: Vocabulary) -> Vocabulary:
    """The labels as they are now, which nobody else changes until the transaction ends."""
    session.execute(select(VocabularyRevision.id).with_for_update())
    return shipped.renamed(queries.changed_labels(session))


def _store(
    session: Session,
    term: Term,
    label: Label,
    *,
    current: Vocabulary,
    shipped: Vocabulary,
    now: datetime,
) -> None:
    facet, code = term
    if problems := problems_of(current, term, label):
        raise InvalidInputError(problems)
    row = queries.find_row(session, term)
    if label == shipped.label(term):
        if row is not None:
            session.delete(row)
    else:
        row = row or VocabularyLabel(facet=facet, code=code)
        row.label, row.kana, row.short_label = label.text, label.kana, label.short
        row.updated_at = now
        session.add(row)
    session.flush()
    # By this, processes notice that what they hold is old.
    session.execute(
        update(VocabularyRevision).values(revision=VocabularyRevision.revision + 1),
        execution_options={"synchronize_session": False},
    )


def _conclude(
    session: Session,
    action: AuditAction,
    term: Term,
    before: Label,
    after: Label,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if term[0] in _INDEXED and before.text != after.text:
        # First the turn: who published something before us is then seen, and who does so after us
        # is indexed with the new label.
        change_log.await_turn(session)
        ids = queries.published_with(session, term)
        change_log.record_changes(session, ids, now=now)
    target, detail = Target(TARGET, "/".join(term)), _differences(before, after)
    audit.record(session, action, actor=actor, target=target, detail=detail, now=now)


def _differences(before: Label, after: Label) -> Mapping[str, str]:
    """What a code was called and is now; its label always, by which it is known again."""
    told = {"label_before": before.text, "label_after": after.text}
    if before.kana != after.kana:
        told |= {"kana_before": before.kana, "kana_after": after.kana}
    if before.short != after.short:
        told |= {"short_label_before": before.short, "short_label_after": after.short}
    return told
