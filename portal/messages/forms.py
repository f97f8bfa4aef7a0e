"""What visitors and those who answer them type. The rules are in ``content`` and ``services``."""

from wtforms import HiddenField, StringField, TextAreaField

from portal.messages.content import MessageContent
from portal.refused_form import RefusedForm


class MessageForm(RefusedForm):
    """A message; what it asks comes in the order of its pages, which is that of its fields.

    ``website`` is not for people; a hidden field here, so that nobody is shown it when a form is
    given back.
    """

    def content(self) -> MessageContent:
        """What was typed."""
        names = ("topic", "text", "reply_to", "website")
        return MessageContent(**{name: self[name].data or "" for name in names})


class ContactForm(MessageForm):
    """A message about the portal."""

    topic = StringField("何について")
    text = TextAreaField("内容")
    reply_to = StringField("返信先のメールアドレス")
    website = HiddenField()


class ReportForm(MessageForm):
    """A message about a listing."""

    topic = StringField("どこが違いますか")
    text = TextAreaField("くわしい内容")
    reply_to = StringField("返信先のメールアドレス")
    website = HiddenField()


class AnswerForm(RefusedForm):
    """What is answered."""

    answer = TextAreaField("回答")
