"""Where to go on after signing in: to a page of this portal and nowhere else."""

import re

# Browsers read a backslash as a slash and leave out tabs and line ends, so neither may be in it.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f\u2028\u2029]*")
LONGEST = 2_000


def local_path(address: str | None) -> str | None:
    """The address if it is a path of this portal; None for anything that could lead elsewhere."""
    if address and len(address) <= LONGEST and _LOCAL.fullmatch(address):
        return address
    return None


def path_of(address: str | None, base_url: str) -> str | None:
    """The path of an address with host, if it is of the portal at ``base_url``."""
    if not address or not address.startswith(f"{base_url}/"):
        return None
    return local_path(address.removeprefix(base_url))
