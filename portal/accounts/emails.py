"""Mail addresses: how they are compared, and which are none."""

import re
import unicodedata

from portal.accounts.models import LONGEST_EMAIL

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@(?:{_LABEL}\.)+{_LABEL}", re.ASCII | re.IGNORECASE
)

# The keys of full stop and hyphen write the left ones while Japanese is typed. No address that mail
# can reach has them, nor the marks of no width.
_MEANT = str.maketrans("。ー−‐", ".---", "\u200b\u200c\u200d\u2060\ufeff\u00ad")

DEMO_DOMAIN = "demo.example"
"""Accounts of the demo are here and nowhere else; no mail can ever reach it."""


def tidy(typed: str) -> str:
    """An address as it was meant: in the characters mail knows, whatever keyboard wrote them, and
    without what comes along unseen when it is copied."""
    return unicodedata.normalize("NFKC", typed).translate(_MEANT).strip()


def fold(typed: str) -> str:
    """An address for comparing: two that differ in size of letters are one."""
    return tidy(typed).casefold()


def is_usable(address: str) -> bool:
    """Whether mail can be sent to a tidy address."""
    return len(address) <= LONGEST_EMAIL and _ADDRESS.fullmatch(address) is not None


def is_demo(folded: str) -> bool:
    """Whether a folded address is that of a demo account."""
    return folded.endswith(f"@{DEMO_DOMAIN}")
