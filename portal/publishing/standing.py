"""How a listing stands, apart from what its versions say: written down with acts that can be taken
back, so that taking them back leaves nothing behind."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

from portal.listings.models import Listing

Standing: TypeAlias = Mapping[str, str | bool | None]
"""Columns of a listing by name, as JSON has them."""

_MOMENTS = ("publish_at", "withdrawn_at", "updated_at")
_DAYS = ("confirmed_on",)
_PLAIN = ("state", "change_state", "withdraw_reason", "return_comment", "is_confirmed_by_agency")


def standing_of(listing: Listing) -> Standing:
    """How a listing stands now."""
    told: dict[str, str | bool | None] = {name: getattr(listing, name) for name in _PLAIN}
    for name in (*_MOMENTS, *_DAYS):
        value: date | None = getattr(listing, name)
        told[name] = value.isoformat() if value is not None else None
    return told


def put_back(listing: Listing, standing: Standing) -> None:
    """Let a listing stand as it did."""
    for name in _PLAIN:
        setattr(listing, name, standing[name])
    for name in _MOMENTS:
        setattr(listing, name, _read(datetime, standing[name]))
    put_confirmation_back(listing, standing)


def put_confirmation_back(listing: Listing, standing: Standing) -> None:
    """Let a listing be confirmed by whom and when it was."""
    listing.confirmed_on = _read(date, standing["confirmed_on"])
    listing.is_confirmed_by_agency = bool(standing["is_confirmed_by_agency"])


def _read(kind: type[date], told: str | bool | None) -> date | None:
    return kind.fromisoformat(told) if isinstance(told, str) else None
