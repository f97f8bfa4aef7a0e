"""The jobs there are. Add one here: a name, when it is due, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from portal import change_log
from portal.accounts import devices, limits, session_services, tokens
from portal.alerts import favorite_queries
from portal.alerts import queries as alert_queries
from portal.alerts.timing import TOLD_AT
from portal.attachments import queries as attachment_queries
from portal.attachments import upkeep
from portal.attachments.scanner import ScannerUnavailableError
from portal.attachments.services import SCAN_JOB
from portal.attachments.storage import AttachmentStore
from portal.audit.anchors import Anchor, anchors_path, append_anchor, read_anchors
from portal.audit.verification import verify
from portal.clock import in_japan
from portal.db import write_transaction
from portal.indexing.sync import DRAIN_TIMEOUT_S
from portal.jobs import view_jobs
from portal.jobs.alert_jobs import mail_changes, mail_deadlines, mail_saved_searches, prune_alerts
from portal.jobs.context import JobContext, JobFailedError
from portal.jobs.schedule import Daily, Every, Schedule
from portal.mail import queries as mail_queries
from portal.mail.models import MailState
from portal.messages import services as messages
from portal.publishing import autosaving, due
from portal.publishing.acting import SCHEDULE_JOB
from search_index import SearchUnavailableError

CHANGE_LOG_KEPT = timedelta(days=30)
"""A replica of the index that stays away longer is rebuilt when it comes back."""

MAIL_KEPT = timedelta(days=30)
"""How long it can be seen what became of a mail that was sent or given up."""


def _always(_session: Session, _now: datetime) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Job:
    """``act`` does the work and says in one Japanese line what it did; doing it twice does no harm.

    A job with ``is_local`` is for what every host has of its own, such as its index. One that is
    due often says by ``has_work`` whether there is anything to do: each round is a process.
    """

    name: str
    summary: str
    schedule: Schedule
    act: Callable[[JobContext], str]
    is_local: bool = False
    has_work: Callable[[Session, datetime], bool] = _always


def verify_index(context: JobContext) -> str:
    """Find silent damage of the index, and put it right from the database."""
    indexer = context.indexer
    try:
        indexer.index.check()
        differences = indexer.differences()
    except SearchUnavailableError as error:
        count = indexer.rebuild()
        indexer.drain(timeout=DRAIN_TIMEOUT_S)
        return f"索引を作り直しました（{count:,}件）。原因: {error}"
    if not differences.total:
        return "違いはありませんでした。"
    indexer.record_differences(differences, now=context.clock.now())
    left = indexer.differences().total
    found = (
        f"足りない{len(differences.missing):,}件、古い{len(differences.stale):,}件、"
        f"余る{len(differences.surplus):,}件"
    )
    if left:
        raise JobFailedError(f"{found}がありました。直らなかったもの: {left:,}件")
    return f"{found}を直しました。"


def prune_change_log(context: JobContext) -> str:
    """Drop changes that every index has long applied."""
    before = context.clock.now() - CHANGE_LOG_KEPT
    with write_transaction(context.sessions) as session:
        return f"古い変更の記録を{change_log.prune(session, before=before):,}件消しました。"


def prune_sign_in(context: JobContext) -> str:
    """Drop what signing in leaves behind: sessions, links, attempts and devices of the past."""
    now = context.clock.now()
    with write_transaction(context.sessions) as session:
        kinds = (session_services, tokens, limits, devices)
        counts = [kind.prune(session, now=now) for kind in kinds]
    names = ("セッション", "リンク", "失敗の記録", "端末の記録")
    told = "、".join(f"{name}{count:,}件" for count, name in zip(counts, names, strict=True))
    return f"{told}を消しました。"


def anchor_audit(context: JobContext) -> str:
    """Note outside the database how the record of events ends, if it is whole.

    What is returned goes into the log of the server, too, so that an anchor is in two places.
    """
    path = anchors_path(context.data_dir)
    with context.sessions() as session:
        found = verify(session, read_anchors(path))
    if found.fault is not None:
        raise JobFailedError(
            f"監査記録の{found.fault.seq:,}件目から先が、記録したとおりではありません。"
            "詳しくは、サーバーで portal audit verify を実行してください。"
        )
    if not found.events:
        return "監査記録はまだありません。"
    day = in_japan(context.clock.now()).date()
    append_anchor(path, Anchor(day, found.events, found.head_hash))
    return f"{day}の最後は{found.events}件目、ハッシュは{found.head_hash}"


def send_mail(context: JobContext) -> str:
    """Send what waits in the outbox and is due."""
    done = context.mailer.deliver_due()
    with context.sessions() as session:
        waiting = mail_queries.count_by_state(session)[MailState.WAITING]
    return (
        f"送信{done.sent:,}件、断念{done.failed:,}件、送り直し待ち{done.postponed:,}件、"
        f"残り{waiting:,}件"
    )


def publish_listings(context: JobContext) -> str:
    """Publish and withdraw what was scheduled, and let searches find it so."""
    now, head = context.clock.now(), context.letterhead
    done = due.do_due(context.sessions, letterhead=head, now=now)
    context.indexer.drain(timeout=DRAIN_TIMEOUT_S)
    told = f"公開{done.published:,}件、掲載終了{done.withdrawn:,}件"
    if done.submitted:
        told += f"、承認が必要になり確認を依頼{done.submitted:,}件"
    if done.failed:
        raise JobFailedError(f"{told}。できなかったもの: {done.failed:,}件")
    return told


def scan_attachments(context: JobContext) -> str:
    """Have files looked at for viruses that wait for it."""
    store, now = AttachmentStore(context.data_dir), context.clock.now()
    try:
        done = upkeep.scan_pending(context.sessions, store, context.scanner, now=now)
    except ScannerUnavailableError as error:
        raise JobFailedError(f"ウイルス検査が答えません。原因: {error}") from error
    told = f"問題なし{done.clean:,}件、ウイルスを見つけて削除{done.refused:,}件"
    if done.missing:
        raise JobFailedError(f"{told}。ファイルが見つからないもの: {done.missing:,}件")
    return told


def prune_attachments(context: JobContext) -> str:
    """Throw away files that no version of a listing names."""
    store, now = AttachmentStore(context.data_dir), context.clock.now()
    count = upkeep.remove_unused(context.sessions, store, now=now)
    return f"使われていないファイルを{count:,}件消しました。"


def prune_mail(context: JobContext) -> str:
    """Drop what is known of old mail."""
    before = context.clock.now() - MAIL_KEPT
    with write_transaction(context.sessions) as session:
        return f"古いメールの記録を{mail_queries.prune(session, before=before):,}件消しました。"


def prune_autosaves(context: JobContext) -> str:
    """Let go of what somebody typed long ago and never saved."""
    with write_transaction(context.sessions) as session:
        count = autosaving.prune(session, now=context.clock.now())
    return f"書きかけの控えを{count:,}件消しました。"


def prune_messages(context: JobContext) -> str:
    """Forget messages of visitors that were dealt with long ago, and very old ones."""
    with write_transaction(context.sessions) as session:
        count = messages.prune(session, now=context.clock.now())
    return f"古いお問い合わせを{count:,}件消しました。"


JOBS = (
    Job(
        "index-verify",
        "Compare the index with the database, check its files, and repair it.",
        Daily(time(2, 30)),
        verify_index,
        is_local=True,
    ),
    Job(
        "change-log-prune",
        "Drop changes that are older than 30 days.",
        Daily(time(3, 0)),
        prune_change_log,
    ),
    Job(
        "sign-in-prune",
        "Drop sessions, links, failed attempts and known devices whose time is over.",
        Daily(time(3, 5)),
        prune_sign_in,
    ),
    Job(
        "audit-anchor",
        "Check the record of events, and note outside the database how it ends.",
        Daily(time(0, 5)),
        anchor_audit,
        is_local=True,
    ),
    Job(
        "mail-prune",
        "Drop mails that were sent or given up and are older than 30 days.",
        Daily(time(3, 10)),
        prune_mail,
    ),
    Job(
        "message-prune",
        "Forget messages 90 days after they were dealt with, or after a year.",
        Daily(time(3, 15)),
        prune_messages,
    ),
    Job(
        "autosave-prune",
        "Drop what was typed and not saved for 90 days, of listings nobody has saved since.",
        Daily(time(3, 20)),
        prune_autosaves,
    ),
    Job(
        "attachment-prune",
        "Remove files that no version has listed for 30 days.",
        Daily(time(3, 15)),
        prune_attachments,
    ),
    Job(
        "popularity-refresh",
        "Count the page views of the last 90 days, by which searches sort.",
        Daily(time(3, 30)),
        view_jobs.refresh_popularity,
    ),
    Job(
        SCAN_JOB,
        "Have the virus scanner look at files that wait for it.",
        Every(minutes=1),
        scan_attachments,
        has_work=attachment_queries.has_pending,
    ),
    Job(
        SCHEDULE_JOB,
        "Publish and withdraw the listings whose time has come.",
        Every(minutes=1),
        publish_listings,
        has_work=due.has_due,
    ),
    Job(
        "alert-prune",
        "Forget saved searches that nobody confirmed, or that were stopped 30 days ago.",
        Daily(time(3, 25)),
        prune_alerts,
    ),
    Job(
        "pageview-rollup",
        "Add what was written down of page views to the daily totals.",
        Every(minutes=5),
        view_jobs.roll_up_page_views,
        is_local=True,
    ),
    Job(
        "pageview-prune",
        "Throw raw lines of page views away that are older than 26 months.",
        Daily(time(3, 35)),
        view_jobs.prune_page_views,
        is_local=True,
    ),
    Job(
        "saved-search-mail",
        "Mail what is new to saved searches.",
        Every(minutes=1),
        mail_saved_searches,
        has_work=alert_queries.has_due,
    ),
    Job(
        "deadline-mail",
        "Mail deadlines of favourites, 14 and 3 days before.",
        Daily(TOLD_AT),
        mail_deadlines,
    ),
    Job(
        "favorite-change-mail",
        "Mail what changed in favourites.",
        Every(minutes=1),
        mail_changes,
        has_work=favorite_queries.has_changed,
    ),
    Job(
        "mail-send",
        "Send the mail that waits.",
        Every(minutes=1),
        send_mail,
        has_work=mail_queries.has_due,
    ),
)
