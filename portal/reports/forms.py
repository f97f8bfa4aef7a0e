"""What administrators type about a yearly report. The rules are in ``costs``."""

from wtforms import StringField

from portal.refused_form import RefusedForm


class CostForm(RefusedForm):
    """What the programme cost in a year."""

    cost_yen = StringField("事業費（円）")
