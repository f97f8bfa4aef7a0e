"""Asking for news of a search without an account: only a mail tells what came of it, so that
nobody learns by asking which addresses are known here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import emails, limits
from portal.accounts import queries as account_queries
from portal.accounts.letters import Letterhead
from portal.accounts.origins import Source, origin_of
from portal.accounts.sign_in_models import AttemptKind
from portal.alerts import letters, queries, services
from portal.alerts.criteria import Criteria
from portal.alerts.letters import Words
from portal.alerts.models import AlertState
from portal.alerts.sealed_links import LinkMaker
from portal.alerts.services import MOST_SEARCHES, REQUEST_LIVES
from portal.alerts.timing import Frequency
from portal.db import write_transaction
from portal.mail import services as mail
from portal.mail.services import Mail
from portal.secret_key import SecretKey


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked for, and the words of its mail."""

    email: str
    """As it was typed."""
    criteria: Criteria
    conditions: Words
    frequency: Frequency
    letterhead: Letterhead


def ask(
    sessions: sessionmaker[Session],
    asking: Asking,
    source: Source,
    links: LinkMaker,
    *,
    secret_key: SecretKey,
    now: datetime,
) -> None:
    """Send a mail to an address: to confirm, or that it has the same search already, or too many.
    Whoever asks cannot tell the difference.

    :raises TooManyAttemptsError: this network, or all together, asked too often. An address that
        was asked for too often gets no further mail, and nobody is told.
    """
    with write_transaction(sessions) as session:
        user = account_queries.find_by_email(session, asking.email)
        origin = origin_of(session, asking.email, user, source, secret_key=secret_key, now=now)
        if limits.may_ask(session, AttemptKind.ALERT, origin, now=now):
            mail.enqueue(session, _letter(session, asking, links, now=now), now=now)


def _letter(session: Session, asking: Asking, links: LinkMaker, *, now: datetime) -> Mail:
    """The mail that fits. Nobody else asks at this moment: the limits take turns."""
    address, folded = emails.tidy(asking.email), emails.fold(asking.email)
    user = account_queries.find_by_email(session, address)
    row = queries.find_same(session, asking.criteria.digest, folded, user)
    words, head = asking.conditions, asking.letterhead
    if row is not None and row.state != AlertState.REQUESTED:
        # It is changed by its reader alone, not by whoever types the address.
        return letters.known_already(address, row, words, head, links)
    if row is None:
        if queries.count_of(session, folded, user) >= MOST_SEARCHES:
            return letters.too_many(address, words, MOST_SEARCHES, head)
        row = services.request(session, address, folded, asking.criteria, asking.frequency, now=now)
    # What was asked for last is what is confirmed, and for as long as its mail says.
    row.address, row.frequency, row.requested_at = address, asking.frequency.value, now
    return letters.confirmation(row, words, head, links, good_until=now + REQUEST_LIVES)
