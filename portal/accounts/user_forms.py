"""What those who look after users type. The rules are in services; here are the fields."""

from sqlalchemy.orm import Session
from wtforms import FileField, Form, StringField

from portal.accounts.invitations import Wanted
from portal.accounts.permissions import Role
from portal.agencies import queries as agency_queries
from portal.agencies.models import Agency
from portal.errors import FieldProblem, InvalidInputError, NotFoundError


class PlaceForm(Form):
    """A role, and the code of an agency or nothing."""

    role = StringField()
    agency = StringField()

    def place(self, session: Session) -> tuple[Role, Agency | None]:
        """What was chosen.

        :raises InvalidInputError: there is no such role or agency.
        """
        problems, agency = [], None
        code, role = self.agency.data or "", self.role.data or ""
        if role not in list(Role):
            problems.append(FieldProblem("role", "権限を選んでください。"))
        try:
            agency = agency_queries.get_by_code(session, code) if code else None
        except NotFoundError:
            problems.append(FieldProblem("agency", "実施機関を一覧から選び直してください。"))
        if problems:
            raise InvalidInputError(problems)
        return Role(role), agency

    def show(self, error: InvalidInputError) -> None:
        """Put what has to be mended beside the fields."""
        for problem in error.problems:
            field = self[problem.field]
            field.errors = [*field.errors, problem.message]


class InvitationForm(PlaceForm):
    """Whom to invite."""

    email = StringField()
    name = StringField()

    def wanted(self, session: Session) -> Wanted:
        """Who was meant.

        :raises InvalidInputError: there is no such role or agency.
        """
        role, agency = self.place(session)
        return Wanted(self.email.data or "", role, agency, self.name.data or "")


class InvitationsFileForm(Form):
    """A file with many to invite."""

    file = FileField()
