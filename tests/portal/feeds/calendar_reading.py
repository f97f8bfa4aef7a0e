"""Reading calendars with a library that had no part in writing them."""

from collections.abc import Mapping
from typing import Any

import vobject
from flask.testing import FlaskClient

MOST_OCTETS = 75


class ReadCalendar:
    """A calendar as a program meets it that takes the format at its word."""

    def __init__(self, body: bytes) -> None:
        check_lines(body)
        self.whole = vobject.readOne(body.decode(), validate=True)
        found = self.whole.contents.get("vevent", [])
        self.events: Mapping[str, Any] = {event.uid.value: event for event in found}
        assert len(self.events) == len(found), "two entries of one name"

    @property
    def event(self) -> Any:
        """The one entry."""
        (event,) = self.events.values()
        return event

    def texts(self, name: str) -> list[str]:
        """What a property says in each entry, in the order of the file."""
        return [str(getattr(event, name).value) for event in self.events.values()]


def check_lines(body: bytes) -> None:
    """Hold a calendar to the rules of lines: their end, their length, no character cut in two."""
    assert body.endswith(b"END:VCALENDAR\r\n")
    for line in body.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= MOST_OCTETS, line
        assert line.strip(), "an empty line"
        assert not set(line.decode()) & {"\n", "\r", "\0"}


def read(client: FlaskClient, address: str) -> ReadCalendar:
    """Fetch a calendar."""
    response = client.get(address)
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    return ReadCalendar(response.data)


def sequences(calendar: ReadCalendar) -> set[int]:
    """The numbers of change in it."""
    return {int(text) for text in calendar.texts("sequence")}
