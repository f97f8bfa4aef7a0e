"""What is typed about proposals. The rules are in ``services``."""

import re

from wtforms import SelectMultipleField, StringField, TextAreaField

from portal.proposals.services import ProposalContent
from portal.refused_form import RefusedForm

_BETWEEN_WORDS = re.compile("[\r\n、，]+")


class ProposalForm(RefusedForm):
    """A word that is searched for in vain, and what means the same: chosen or typed."""

    word = StringField("検索されたことば")
    chosen = SelectMultipleField("同じ意味のことば（候補から選ぶ）", choices=[])
    equivalents = TextAreaField("同じ意味のことば")
    note = StringField("メモ")

    def content(self) -> ProposalContent:
        """What was typed."""
        typed = _BETWEEN_WORDS.split(self.equivalents.data or "")
        return ProposalContent(
            self.word.data or "", (*(self.chosen.data or ()), *typed), self.note.data or ""
        )


class DeclineForm(RefusedForm):
    """Why a proposal is declined."""

    reason = StringField("見送る理由")
