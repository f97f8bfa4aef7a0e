"""Events as rows of a table, for administrators and auditors."""

from collections.abc import Iterable, Iterator

from portal.audit.actions import AuditAction
from portal.audit.models import AuditEvent
from portal.clock import in_japan
from portal.spreadsheets import Cell, csv_chunks

_HEADER = (
    *("番号", "日時（日本時間）", "操作", "操作コード", "操作した人", "操作した人の番号", "権限"),
    *("実施機関", "対象の種類", "対象", "詳細", "直前のハッシュ", "ハッシュ"),
)


def events_csv(events: Iterable[AuditEvent]) -> Iterator[str]:
    """A CSV file of events, bit by bit."""
    return csv_chunks(_HEADER, (_row(event) for event in events))


def action_label(code: str) -> str:
    """What an action is called; the code itself for one of another version of the portal."""
    return AuditAction(code).label if code in list(AuditAction) else code


def _row(event: AuditEvent) -> tuple[Cell, ...]:
    return (
        event.seq,
        in_japan(event.at).strftime("%Y-%m-%d %H:%M:%S"),
        action_label(event.action),
        event.action,
        event.actor_label,
        event.actor_id,
        event.actor_role,
        event.agency_code,
        event.target_type,
        event.target_id,
        event.detail,
        event.previous_hash,
        event.hash,
    )
