"""Where something is tried from, and under what limits count it."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import devices, emails
from portal.accounts.limits import Origin
from portal.accounts.models import User
from portal.accounts.session_services import hash_token
from portal.secret_key import SecretKey


@dataclass(frozen=True, slots=True)
class Source:
    """Where a request comes from: network address, device cookie, and the browser's name."""

    address: str
    device: str | None
    browser: str


def account_digest(email: str, *, secret_key: SecretKey) -> str:
    """What stands for the account of an address where attempts are counted."""
    return secret_key.digest("attempt-account", emails.fold(email))


def origin_of(
    session: Session,
    email: str,
    user: User | None,
    source: Source,
    *,
    secret_key: SecretKey,
    now: datetime,
) -> Origin:
    """Under what an attempt is counted; ``user`` is whose address it is, if anybody's."""
    is_known = user and devices.is_known(session, source.device, user.id, now=now)
    return Origin(
        account=account_digest(email, secret_key=secret_key),
        network=secret_key.digest("attempt-network", network_of(source.address)),
        device=hash_token(str(source.device)) if is_known else None,
    )


def network_of(address: str) -> str:
    """What is counted as one place: an IPv4 address, or the /64 that one IPv6 line has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        mapped = ip.ipv4_mapped
        return str(mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
