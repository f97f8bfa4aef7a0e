"""Ways to take the page of a listing along, or send it to somebody."""

from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote, urlencode

import segno

_LINE = "https://social-plugins.line.me/lineit/share"


@dataclass(frozen=True, slots=True)
class Sharing:
    """The address of a public page and the links that take it along; none asks for a script."""

    title: str
    url: str
    line: str
    mail: str
    calendar: str | None
    """Where its days are, if it has any."""
    qr_code: str | None
    """Where the address is as a drawing, or the drawing itself; None if it is too long for one."""
    sheet: str | None
    """Where the consultation sheet of the page is, if it has one of its own."""


def sharing_of(
    title: str,
    url: str,
    *,
    qr_code: str | None,
    calendar: str | None = None,
    sheet: str | None = None,
) -> Sharing:
    """How to take a page along."""
    body = f"{title}\r\n{url}"
    return Sharing(
        title=title,
        url=url,
        line=f"{_LINE}?{urlencode({'url': url})}",
        # Not as a form would: mail programs show its plus signs.
        mail=f"mailto:?subject={quote(title, safe='')}&body={quote(body, safe='')}",
        calendar=calendar,
        qr_code=qr_code,
        sheet=sheet,
    )


def qr_svg(url: str) -> bytes:
    """An address as a drawing that telephones read, white around it as they need it."""
    drawing = BytesIO()
    segno.make_qr(url, error="m").save(
        drawing, kind="svg", scale=4, border=4, dark="#000", light="#fff", omitsize=True
    )
    return drawing.getvalue()


def qr_data(url: str) -> str:
    """The drawing of an address as an address of its own, for pages that are not of one listing."""
    return f"data:image/svg+xml,{quote(qr_svg(url))}"
