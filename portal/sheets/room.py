"""How much of A4 each listing gets: the fewer they are, the larger the type and the more is told.

``sheet.typ`` and ``static/css/sheet_print.css`` have the same measures; a test fills every place.
"""

from dataclasses import dataclass

_MM_OF_POINT = 25.4 / 72
_TITLE_MM = 164.0
_VALUE_MM = 80.0
_PAPER_MM = 74.0
_ADDRESS_MM = 179.0
_ADDRESS_POINTS = 9.0
_TITLE_IS_LARGER = 1.5

ADDRESS_WIDTH = _ADDRESS_MM / (_ADDRESS_POINTS * _MM_OF_POINT)
ADDRESS_LINES = 2


@dataclass(frozen=True, slots=True)
class Room:
    """The size of the type in points, and how many lines each part of a listing may take."""

    size: float
    title: int
    deadline: int
    money: int
    desk: int
    papers: int
    each_paper: int

    @property
    def title_width(self) -> float:
        """Of a line, in em; so are the others."""
        return _TITLE_MM / ((self.size + _TITLE_IS_LARGER) * _MM_OF_POINT)

    @property
    def value_width(self) -> float:
        """Of what stands beside the name of a fact."""
        return _VALUE_MM / (self.size * _MM_OF_POINT)

    @property
    def paper_width(self) -> float:
        """Of what stands beside a check box."""
        return _PAPER_MM / (self.size * _MM_OF_POINT)


_ROOMS = {
    1: Room(10.5, title=2, deadline=2, money=5, desk=3, papers=22, each_paper=3),
    2: Room(10.5, title=2, deadline=2, money=4, desk=3, papers=12, each_paper=2),
    3: Room(10.5, title=2, deadline=2, money=3, desk=2, papers=7, each_paper=2),
    4: Room(10.0, title=2, deadline=2, money=2, desk=2, papers=5, each_paper=1),
    5: Room(9.5, title=1, deadline=2, money=1, desk=2, papers=5, each_paper=1),
    6: Room(9.0, title=1, deadline=2, money=1, desk=2, papers=4, each_paper=1),
}


def room_for(listings: int) -> Room:
    """What each of 1 to 6 listings may take."""
    return _ROOMS[listings]
