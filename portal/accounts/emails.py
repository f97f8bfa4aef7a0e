"""Mail addresses: how they are compared, and which are none."""

import unicodedata

from portal.mail_address import is_mail_address

NO_ADDRESS = "メールアドレスは「name@example.jp」の形で入れてください。"

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
    """Whether mail can be sent to a tidy address, over the internet: a host without a dot is known
    to its neighbours alone."""
    return is_mail_address(address) and "." in address.rpartition("@")[2]


def is_demo(folded: str) -> bool:
    """Whether a folded address is that of a demo account."""
    return folded.endswith(f"@{DEMO_DOMAIN}")
