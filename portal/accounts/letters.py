"""What mails of accounts have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from portal.clock import in_japan
from portal.formats import near_moment
from portal.mail import templates
from portal.mail.services import Mail


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a mail says of the portal; ``link_url`` is where its link leads, less the token."""

    portal_name: str
    base_url: str
    link_url: str


def letter(
    template: str,
    *,
    to: str,
    subject: str,
    letterhead: Letterhead,
    values: Mapping[str, object],
    good_until: datetime | None = None,
) -> Mail:
    """A mail of a template, on this letterhead.

    :param good_until: when its link stops working. The template finds it as ``until``, the time of
        day: a mail may wait for hours, and counts no hours from when it is read.
    """
    composed = templates.compose(
        template,
        to=to,
        subject=subject,
        portal_name=letterhead.portal_name,
        base_url=letterhead.base_url,
        values={**values, "until": _told(good_until)} if good_until else values,
    )
    return replace(composed, good_until=good_until)


def _told(instant: datetime) -> str:
    return f"{near_moment(instant, in_japan(instant).date())}（日本時間）"
