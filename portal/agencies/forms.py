"""What administrators type about an agency. The rules are in ``details``; here are the fields."""

from wtforms import StringField

from portal.agencies.details import AgencyDetails
from portal.agencies.models import Approval
from portal.refused_form import RefusedForm


class AgencyForm(RefusedForm):
    """All fields. The code is read for a new agency alone, ``seen`` for one that is changed."""

    code = StringField()
    name = StringField()
    kana = StringField()
    level = StringField()
    region = StringField()
    department = StringField()
    tel = StringField()
    email = StringField()
    url = StringField()
    section_mailbox = StringField()
    approval = StringField(default=Approval.REQUIRED.value)
    seen = StringField()

    def details(self) -> AgencyDetails:
        """What was typed."""
        names = AgencyDetails.__dataclass_fields__
        return AgencyDetails(**{name: self[name].data or "" for name in names})
