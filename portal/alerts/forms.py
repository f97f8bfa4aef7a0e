"""What is typed and chosen on pages of saved searches."""

from wtforms import Field, Form, HiddenField, StringField
from wtforms.validators import AnyOf, InputRequired, ValidationError

from portal.accounts import emails
from portal.alerts.timing import Frequency


def _mail_address(_form: Form, field: Field) -> None:
    if not emails.is_usable(emails.tidy(field.data)):
        raise ValidationError(emails.NO_ADDRESS)


class FrequencyForm(Form):
    """How often news are mailed."""

    frequency = StringField(
        "お知らせする間隔",
        validators=[AnyOf(list(Frequency), message="お知らせする間隔を選んでください。")],
    )


class RequestForm(FrequencyForm):
    """The same, and where to."""

    email = StringField(
        "メールアドレス",
        validators=[InputRequired("メールアドレスを入れてください。"), _mail_address],
    )


class SentRequest(RequestForm):
    """All that is sent to save a search, to be given back where it was not taken."""

    q = HiddenField()
    industry = HiddenField()
    region = HiddenField()
    purpose = HiddenField()
    kind = HiddenField()
    level = HiddenField()
    agency = HiddenField()
    status = HiddenField()
    amount_min = HiddenField()
    local_only = HiddenField()


class SentCriteria(Form):
    """The same of the words of other conditions, which is all that is typed on the page of a saved
    search."""

    action = HiddenField()
    keep = HiddenField()
    q = StringField("ことば")
