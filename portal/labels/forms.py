"""What administrators type about a label. The rules are in ``content``."""

from wtforms import HiddenField, StringField

from portal.labels.content import mark_of, tidied
from portal.listings.vocabulary import Label
from portal.refused_form import RefusedForm


class LabelForm(RefusedForm):
    """All fields; ``short_label`` counts for industries alone."""

    label = StringField("表示名")
    kana = StringField("読みがな")
    short_label = StringField("短い表示名")
    seen = HiddenField()

    @classmethod
    def of(cls, label: Label) -> "LabelForm":
        """The form as it is before anything is typed into it."""
        return cls(label=label.text, kana=label.kana, short_label=label.short, seen=mark_of(label))

    def content(self, facet: str) -> Label:
        """What was typed."""
        short = self.short_label.data or "" if facet == "industry" else ""
        return tidied(Label(self.label.data or "", self.kana.data or "", short))
