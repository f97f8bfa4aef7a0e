"""What the portal's own code raises. ``portal/error_pages.py`` maps each to its HTTP answer."""

from collections.abc import Sequence
from dataclasses import dataclass


class PortalError(Exception):
    """Anything that goes wrong in the portal's own rules."""


class NotFoundError(PortalError):
    """There is nothing under this id that the asker may see."""


class WithdrawnError(PortalError):
    """A listing that was public and is no longer; ``agency_name`` is whom to ask, ``successor`` the
    public id and title of the one that took its place, if that is known."""

    def __init__(
        self,
        public_id: str,
        agency_code: str,
        agency_name: str,
        *,
        successor: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(f"{public_id} is withdrawn")
        self.public_id = public_id
        self.agency_code = agency_code
        self.agency_name = agency_name
        self.successor = successor


class InvalidTransitionError(PortalError):
    """A listing in this state does not allow that act."""


class NotAllowedError(PortalError):
    """Somebody with more rights has to do this."""


class ChangedMeanwhileError(PortalError):
    """Somebody else changed it after the asker had looked at it."""


class UnknownAgencyError(PortalError):
    """No agency has this code."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with a field of a form; ``message`` is Japanese and says how to mend it."""

    field: str
    message: str


class InvalidInputError(PortalError):
    """What somebody typed breaks rules; the message joins what every problem says."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)
