"""A form whose rules are told by services."""

from wtforms import Form

from portal.errors import InvalidInputError


class RefusedForm(Form):
    """What was typed, and beside each field what a service found wrong with it."""

    def show(self, error: InvalidInputError) -> None:
        """Put what has to be mended beside the fields."""
        for problem in error.problems:
            field = self[problem.field]
            field.errors = [*field.errors, problem.message]
