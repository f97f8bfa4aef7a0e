"""What the portal's own code raises. ``portal/error_pages.py`` maps each to its HTTP answer."""


class PortalError(Exception):
    """Anything that goes wrong in the portal's own rules."""


class NotFoundError(PortalError):
    """There is nothing under this id that the asker may see."""


class WithdrawnError(PortalError):
    """A listing that was public and is no longer; ``agency_name`` is whom to ask."""

    def __init__(self, public_id: str, agency_code: str, agency_name: str) -> None:
        super().__init__(f"{public_id} is withdrawn")
        self.public_id = public_id
        self.agency_code = agency_code
        self.agency_name = agency_name


class InvalidTransitionError(PortalError):
    """A listing in this state does not allow that act."""


class UnknownAgencyError(PortalError):
    """No agency has this code."""
