"""What administrators type about a synonym group. The rules are in ``synonym_content``."""

import re

from wtforms import HiddenField, StringField, TextAreaField

from portal.refused_form import RefusedForm
from portal.search.models import SynonymCategory
from portal.search.synonym_content import SynonymContent, mark_of

_BETWEEN_WORDS = re.compile("[\r\n、，]+")


class SynonymForm(RefusedForm):
    """Words one on each line, or with a Japanese comma between them; ``seen`` where a group is
    changed."""

    members = TextAreaField("同じ意味のことば、または言いまわし")
    added = TextAreaField("加えて探すことば")
    category = StringField("分類", default=SynonymCategory.OTHER.value)
    note = StringField("メモ")
    seen = HiddenField()

    @classmethod
    def of(cls, content: SynonymContent) -> "SynonymForm":
        """The form as it is before anything is typed into it."""
        return cls(
            members="\n".join(content.members),
            added="\n".join(content.added),
            category=content.category,
            note=content.note,
            seen=mark_of(content),
        )

    def content(self) -> SynonymContent:
        """What was typed."""
        return SynonymContent(
            tuple(_BETWEEN_WORDS.split(self.members.data or "")),
            self.category.data or "",
            self.note.data or "",
            tuple(_BETWEEN_WORDS.split(self.added.data or "")),
        ).tidied()
