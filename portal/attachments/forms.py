"""The form by which a file is given."""

from wtforms import FileField

from portal.refused_form import RefusedForm


class AttachmentForm(RefusedForm):
    """One file."""

    file = FileField("PDFファイル")
