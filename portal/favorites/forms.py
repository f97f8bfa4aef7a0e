"""What members type about their favourites."""

from wtforms import Form, TextAreaField


class NoteForm(Form):
    """A member's own words about a favourite; the service says how long they may be."""

    note = TextAreaField("メモ")
