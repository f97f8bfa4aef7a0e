"""Forms of accounts: which fields there are, and that what was typed into each can be meant."""

from wtforms import Field, Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.accounts import emails
from portal.accounts.models import LONGEST_EMAIL, LONGEST_NAME

# Longer than any password may be, so that what is wrong with one is told and not cut off.
_LONGEST_TYPED = 1_000


def _given(message: str) -> InputRequired:
    return InputRequired(message)


def _at_most(length: int, what: str) -> Length:
    return Length(max=length, message=f"{what}は{length}文字以内で入れてください。")


def _mail_address(_form: Form, field: Field) -> None:
    if not field.errors and not emails.is_usable(emails.tidy(field.data)):
        raise ValidationError(emails.NO_ADDRESS)


def _new_password(label: str) -> PasswordField:
    return PasswordField(
        validators=[
            _given(f"{label}を入れてください。"),
            _at_most(_LONGEST_TYPED, "パスワード"),
        ]
    )


class SignInForm(Form):
    """Address and password."""

    email = StringField(
        validators=[
            _given("メールアドレスを入れてください。"),
            _at_most(LONGEST_EMAIL, "メールアドレス"),
        ]
    )
    password = PasswordField(
        validators=[
            _given("パスワードを入れてください。"),
            _at_most(_LONGEST_TYPED, "パスワード"),
        ]
    )


class CodeForm(Form):
    """A code of the authenticator app, or a recovery code."""

    code = StringField(
        validators=[_given("確認コードを入れてください。"), _at_most(50, "確認コード")]
    )


class EmailForm(Form):
    """The address of somebody who asks for a mail."""

    email = StringField(
        validators=[
            _given("メールアドレスを入れてください。"),
            _at_most(LONGEST_EMAIL, "メールアドレス"),
            _mail_address,
        ]
    )


class NameForm(Form):
    """What somebody is called."""

    name = StringField(
        "名前", validators=[_given("名前を入れてください。"), _at_most(LONGEST_NAME, "名前")]
    )


class NewPasswordForm(Form):
    """A new password, typed once: it can be shown, so typing it twice proves nothing."""

    new_password = _new_password("新しいパスワード")


class JoiningForm(NameForm):
    """The name and the password of a new account."""

    new_password = _new_password("パスワード")


class PasswordChangeForm(Form):
    """The present password and a new one."""

    password = PasswordField(validators=[_given("いまのパスワードを入れてください。")])
    new_password = _new_password("新しいパスワード")


class ConfirmForm(Form):
    """The present password, before something that protects the account changes."""

    password = PasswordField(validators=[_given("いまのパスワードを入れてください。")])


class EnrolmentForm(CodeForm):
    """The first code of a new authenticator app; ``sealed`` is the secret it was shown."""

    sealed = StringField(validators=[InputRequired("もう一度はじめからお試しください。")])


class OwnEnrolmentForm(EnrolmentForm):
    """The same, by somebody who is signed in and gives their password once more."""

    password = PasswordField(validators=[_given("いまのパスワードを入れてください。")])


class EmailChangeForm(Form):
    """A new address, and the present password."""

    email = StringField(
        "新しいメールアドレス",
        validators=[
            _given("新しいメールアドレスを入れてください。"),
            _at_most(LONGEST_EMAIL, "メールアドレス"),
            _mail_address,
        ],
    )
    password = PasswordField(validators=[_given("いまのパスワードを入れてください。")])
