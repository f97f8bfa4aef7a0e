"""What is typed where something is done to a listing."""

import unicodedata
from datetime import datetime

from wtforms import HiddenField, StringField, TextAreaField

from portal.clock import JAPAN
from portal.db import LARGEST_NUMBER
from portal.errors import FieldProblem, InvalidInputError
from portal.refused_form import RefusedForm

_YEARS = range(2000, 2101)


class ActForm(RefusedForm):
    """A button; ``seen`` is the number of the version that was looked at."""

    seen = HiddenField()

    @property
    def seen_number(self) -> int:
        """That number; 0, which no version has, if it is none."""
        text = self.seen.data or ""
        is_number = text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_NUMBER))
        return int(text) if is_number else 0


class ReturnForm(ActForm):
    """What has to be mended."""

    comment = TextAreaField("直してほしいこと")


class WithdrawForm(ActForm):
    """Why a listing goes."""

    reason = TextAreaField("掲載を終える理由")


class BulkReturnForm(RefusedForm):
    """What has to be mended in all that were ticked."""

    chosen = HiddenField()
    next = HiddenField()
    comment = TextAreaField("直してほしいこと")


class BulkWithdrawForm(RefusedForm):
    """Why all that were ticked go."""

    chosen = HiddenField()
    next = HiddenField()
    reason = TextAreaField("掲載を終える理由")


class ScheduleForm(ActForm):
    """When a version becomes public."""

    publish_at = StringField("公開する日時")

    def moment(self) -> datetime:
        """The instant that is meant.

        :raises InvalidInputError: it cannot be read, or nothing is typed.
        """
        return _moment("publish_at", self.publish_at.data or "")


class EndForm(ActForm):
    """When a listing leaves the public pages by itself."""

    unpublish_at = StringField("掲載を終える日時")

    def moment(self) -> datetime | None:
        """The instant that is meant; None for no end.

        :raises InvalidInputError: it cannot be read.
        """
        typed = self.unpublish_at.data or ""
        return _moment("unpublish_at", typed) if typed.strip() else None


def _moment(field: str, typed: str) -> datetime:
    """A day and a time in Japan, as browsers send them or as one types them."""
    text = unicodedata.normalize("NFKC", typed).strip().replace("/", "-")
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        told = None
    if told is None or told.year not in _YEARS:
        message = "日時を「2026-12-01 09:00」の形で入れてください。"
        raise InvalidInputError([FieldProblem(field, message)])
    return told if told.tzinfo else told.replace(tzinfo=JAPAN)
