"""What may become a link: addresses of the web, and numbers a telephone can dial."""

import re
import unicodedata
from urllib.parse import urlsplit

_NUMBER = re.compile(r"\+?[0-9][0-9()\- ]*[0-9]")


def web_address(url: str | None) -> str | None:
    """The address if it leads to the web; anything else, such as a script, is not made a link."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def tel_address(tel: str | None) -> str | None:
    """What a telephone dials: the first number of a text such as 「017-777-4066（内線12）」."""
    found = _NUMBER.search(unicodedata.normalize("NFKC", tel or ""))
    return "tel:" + re.sub(r"[^0-9+]", "", found.group()) if found else None
