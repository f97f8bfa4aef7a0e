"""Mail addresses that can be written into a mail without changing any other part of it."""

import re

LONGEST_ADDRESS = 254

# Less than the standard allows (no quotes, no comments) and a little more: dots as some Japanese
# mobile providers once gave them out.
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@"
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*",
    re.IGNORECASE | re.ASCII,
)


def is_mail_address(text: str) -> bool:
    """Whether a text is one address in ASCII, and nothing else."""
    # Encoded words are refused, because some mail systems decode them into another address.
    is_plain = len(text) <= LONGEST_ADDRESS and "=?" not in text
    return is_plain and _ADDRESS.fullmatch(text) is not None
