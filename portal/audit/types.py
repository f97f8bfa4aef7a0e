"""Who did something, and to what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, as known at that moment: rows of accounts change and go, the record stays.

    ``label`` is what administrators know somebody by, such as the mail address of a clerk. It can
    never be erased, so members, whose data has to go with their account, are told by number.
    """

    id: int | None
    label: str
    role: str
    agency_code: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What was acted on, such as a ``user`` by number or an ``agency`` by code.

    ``agency_code`` is the agency it belongs to, where there is one.
    """

    type: str
    id: str
    agency_code: str | None = None

    @property
    def concerned_agency(self) -> str | None:
        """The code of the agency it belongs to, or that it is."""
        return self.id if self.type == "agency" else self.agency_code


PORTAL = Actor(None, "予約", "portal")
"""The portal itself, where what somebody scheduled comes due."""

OPERATOR = Actor(None, "コマンド", "operator")
"""Whoever may run the ``portal`` command on a server."""
