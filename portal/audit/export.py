"""Events as rows of a table, for administrators and auditors."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from portal.audit.actions import AuditAction
from portal.audit.models import AuditEvent
from portal.audit.names import Names, actor_in, name_now, target_in
from portal.clock import in_japan
from portal.spreadsheets import Cell, csv_chunks

_HEADER = (
    *("番号", "日時（日本時間）", "操作", "操作コード"),
    *("操作した人", "操作した人の番号", "操作した人のいまの名前", "権限", "実施機関"),
    *("対象の種類", "対象", "対象のいまの名前", "詳細", "直前のハッシュ", "ハッシュ"),
)


Batch = Sequence[AuditEvent]


def events_csv(batches: Iterable[Batch], find_names: Callable[[Batch], Names]) -> Iterator[str]:
    """A CSV file of events, bit by bit; ``find_names`` tells what those of a batch speak of."""
    return csv_chunks(_HEADER, _rows(batches, find_names))


def action_label(code: str) -> str:
    """What an action is called; the code itself for one of another version of the portal."""
    return AuditAction(code).label if code in list(AuditAction) else code


def _rows(
    batches: Iterable[Batch], find_names: Callable[[Batch], Names]
) -> Iterator[tuple[Cell, ...]]:
    for batch in batches:
        names = find_names(batch)
        yield from (_row(event, names) for event in batch)


def _row(event: AuditEvent, names: Names) -> tuple[Cell, ...]:
    return (
        event.seq,
        in_japan(event.at).strftime("%Y-%m-%d %H:%M:%S"),
        action_label(event.action),
        event.action,
        event.actor_label,
        event.actor_id,
        name_now(actor_in(event), names),
        event.actor_role,
        event.agency_code,
        event.target_type,
        event.target_id,
        name_now(target_in(event), names),
        event.detail,
        event.previous_hash,
        event.hash,
    )
