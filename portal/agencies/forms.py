"""What administrators type about an agency. The rules are in ``details``; here are the fields."""

from wtforms import HiddenField, StringField

from portal.agencies.details import LABELS, AgencyDetails
from portal.agencies.models import Approval
from portal.refused_form import RefusedForm


class AgencyForm(RefusedForm):
    """All fields. The code is read for a new agency alone, ``seen`` for one that is changed."""

    code = StringField(LABELS["code"])
    name = StringField(LABELS["name"])
    kana = StringField(LABELS["kana"])
    level = StringField(LABELS["level"])
    region = StringField(LABELS["region"])
    department = StringField(LABELS["department"])
    tel = StringField(LABELS["tel"])
    email = StringField(LABELS["email"])
    url = StringField(LABELS["url"])
    section_mailbox = StringField(LABELS["section_mailbox"])
    approval = StringField(LABELS["approval"], default=Approval.REQUIRED.value)
    seen = HiddenField()

    def details(self) -> AgencyDetails:
        """What was typed."""
        names = AgencyDetails.__dataclass_fields__
        return AgencyDetails(**{name: self[name].data or "" for name in names})
