"""Mails from templates, each in plain text and in HTML.

An environment of its own rather than the app's: commands and jobs write mails, too, without a
request, and the app's templates speak of one.
"""

from collections.abc import Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portal.config import CHECKOUT
from portal.mail.services import Mail

_environment = Environment(
    loader=FileSystemLoader(CHECKOUT / "templates"),
    autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def compose(
    template: str,
    *,
    to: str,
    subject: str,
    portal_name: str,
    base_url: str,
    values: Mapping[str, object],
) -> Mail:
    """The mail of ``templates/mail/<template>.txt`` and ``.html``.

    :param base_url: scheme and host of the portal, as links in the mail begin.
    :param values: what the templates need besides ``subject``, ``portal_name`` and ``base_url``; a
        missing one is an error.
    """
    known = {**values, "subject": subject, "portal_name": portal_name, "base_url": base_url}
    return Mail(
        to=to,
        subject=f"【{portal_name}】{subject}",
        text=_environment.get_template(f"mail/{template}.txt").render(known),
        html=_environment.get_template(f"mail/{template}.html").render(known),
    )
