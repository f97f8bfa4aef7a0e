"""What administrators type about a site notice. The rules are in ``content``."""

from wtforms import HiddenField, StringField, TextAreaField

from portal.notices.content import LABELS, NoticeContent
from portal.notices.models import NoticeLevel
from portal.refused_form import RefusedForm


class NoticeForm(RefusedForm):
    """All fields; ``seen`` where a notice is changed."""

    level = StringField(LABELS["level"], default=NoticeLevel.INFO.value)
    title = StringField(LABELS["title"])
    text = TextAreaField(LABELS["text"])
    starts_at = StringField(LABELS["starts_at"])
    ends_at = StringField(LABELS["ends_at"])
    seen = HiddenField()

    def content(self) -> NoticeContent:
        """What was typed."""
        names = NoticeContent.__dataclass_fields__
        return NoticeContent(**{name: self[name].data or "" for name in names}).tidied()
