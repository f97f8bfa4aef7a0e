"""What those who look after users type. The rules are in services; here are the fields."""

from datetime import datetime

from sqlalchemy.orm import Session
from wtforms import FileField, Form, StringField

from portal.accounts import invitations
from portal.accounts.invitations import Wanted
from portal.accounts.permissions import Role
from portal.agencies import queries as agency_queries
from portal.agencies.models import Agency
from portal.errors import FieldProblem, InvalidInputError, NotFoundError
from portal.refused_form import RefusedForm


class PlaceForm(RefusedForm):
    """A role, and the code of an agency or nothing."""

    role = StringField("権限")
    agency = StringField("実施機関")

    def place(self, session: Session) -> tuple[Role, Agency | None]:
        """What was chosen.

        :raises InvalidInputError: there is no such role or agency.
        """
        return _place(session, self.role.data or "", self.agency.data or "")


class InvitationForm(RefusedForm):
    """Whom to invite."""

    email = StringField("メールアドレス")
    name = StringField("名前")
    role = StringField("権限")
    agency = StringField("実施機関")

    def wanted(self, session: Session, *, now: datetime) -> Wanted:
        """Who was meant.

        :raises InvalidInputError: there is no such role or agency; with all else that is wrong.
        """
        email, name = self.email.data or "", self.name.data or ""
        try:
            role, agency = _place(session, self.role.data or "", self.agency.data or "")
        except InvalidInputError as error:
            others = invitations.person_problems(session, email, name, now=now)
            raise InvalidInputError([*others, *error.problems]) from None
        return Wanted(email, role, agency, name)


class InvitationsFileForm(Form):
    """A file with many to invite."""

    file = FileField()


def _place(session: Session, role: str, code: str) -> tuple[Role, Agency | None]:
    problems, agency = [], None
    if role not in list(Role):
        problems.append(FieldProblem("role", "権限を選んでください。"))
    try:
        agency = agency_queries.get_by_code(session, code) if code else None
    except NotFoundError:
        problems.append(FieldProblem("agency", "実施機関を一覧から選び直してください。"))
    if problems:
        raise InvalidInputError(problems)
    return Role(role), agency
