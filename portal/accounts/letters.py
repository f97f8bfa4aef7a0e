"""What mails of accounts have in common."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.mail import templates
from portal.mail.services import Mail


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a mail says of the portal; ``link_url`` is where its link leads, less the token."""

    portal_name: str
    base_url: str
    link_url: str


def letter(
    template: str, *, to: str, subject: str, letterhead: Letterhead, values: Mapping[str, object]
) -> Mail:
    """A mail of a template, on this letterhead."""
    return templates.compose(
        template,
        to=to,
        subject=subject,
        portal_name=letterhead.portal_name,
        base_url=letterhead.base_url,
        values=values,
    )
