"""The jobs that tell owners what they asked to be told."""

from portal.agencies import queries as agency_queries
from portal.alerts import change_mail, deadline_mail, search_mail
from portal.alerts import services as alerts
from portal.alerts.criteria import CriteriaReader
from portal.alerts.finding import make_finder
from portal.alerts.member_rounds import MemberRound, MembersTold
from portal.alerts.sealed_links import LinkMaker, link_box
from portal.alerts.search_mail import Round
from portal.clock import in_japan
from portal.db import write_transaction
from portal.indexing.sync import DRAIN_TIMEOUT_S
from portal.jobs.context import JobContext, JobFailedError
from search_index import IndexLockedError, SearchUnavailableError


def mail_saved_searches(context: JobContext) -> str:
    """Tell owners what is new to the searches that they saved. Without an index that knows all that
    is public it waits: what is due stays due."""
    try:
        context.indexer.drain(timeout=DRAIN_TIMEOUT_S)
        done = search_mail.tell_due(search_round(context))
    except (IndexLockedError, SearchUnavailableError) as error:
        return f"検索の索引が整うのを待っています。原因: {error}"
    told = f"調べた条件{done.looked:,}件、お知らせ{done.mailed:,}通"
    if done.failed:
        raise JobFailedError(f"{told}。できなかったもの: {done.failed:,}件")
    return told


def search_round(context: JobContext) -> Round:
    """What one run works with.

    :raises SearchUnavailableError: there is no index that knows all that is public.
    """
    now = context.clock.now()
    with context.sessions() as session:
        finder = make_finder(
            session,
            context.indexer.index,
            CriteriaReader(
                context.indexer.vocabularies.current(session), agency_queries.known_codes(session)
            ),
            context.synonyms.current(session),
            today=in_japan(now).date(),
        )
    return Round(context.engine, context.sessions, finder, context.letterhead, _links(context), now)


def _links(context: JobContext) -> LinkMaker:
    box = link_box(context.secret_key)
    return LinkMaker(context.letterhead.base_url, box, context.clock.now())


def mail_deadlines(context: JobContext) -> str:
    """Tell members which of their favourites close in 14 or 3 days."""
    return _told_members(deadline_mail.tell_due(member_round(context)))


def mail_changes(context: JobContext) -> str:
    """Tell members what changed in their favourites."""
    return _told_members(change_mail.tell_changed(member_round(context)))


def _told_members(done: MembersTold) -> str:
    told = f"お知らせ{done.mailed:,}通"
    if done.failed:
        raise JobFailedError(f"{told}。できなかった会員: {done.failed:,}人")
    return told


def member_round(context: JobContext) -> MemberRound:
    """What one run that tells members works with."""
    with context.sessions() as session:
        vocabulary = context.indexer.vocabularies.current(session)
    return MemberRound(
        context.engine,
        context.sessions,
        vocabulary,
        context.letterhead,
        _links(context),
        context.clock.now(),
    )


def prune_alerts(context: JobContext) -> str:
    """Forget addresses that nobody confirmed, and searches that were stopped long ago."""
    with write_transaction(context.sessions) as session:
        count = alerts.prune(session, now=context.clock.now())
    return f"確認されなかった、または止めて30日たった保存した条件を{count:,}件消しました。"
