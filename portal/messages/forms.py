"""What visitors and those who answer them type. The rules are in ``content`` and ``services``."""

from wtforms import HiddenField, StringField, TextAreaField

from portal.messages.content import MessageContent
from portal.refused_form import RefusedForm


class ContactForm(RefusedForm):
    """A message about the portal."""

    topic = StringField("何について")
    text = TextAreaField("内容")
    reply_to = StringField("返信先のメールアドレス")
    website = HiddenField()
    """Not for people; a hidden field here, so that nobody is shown it when a form is given back."""

    def content(self) -> MessageContent:
        """What was typed."""
        names = ("topic", "text", "reply_to", "website")
        return MessageContent(**{name: self[name].data or "" for name in names})


class ReportForm(ContactForm):
    """A message about a listing."""

    topic = StringField("どこが違いますか")


class AnswerForm(RefusedForm):
    """What is answered."""

    answer = TextAreaField("回答")
