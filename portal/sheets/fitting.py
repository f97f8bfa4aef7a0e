"""Texts of any length, cut where their place on the sheet ends."""

from portal.typesetting import texts

MORE = "…（くわしくはQRから）"
"""Ends a text that was cut."""

CUT = "…"
"""Ends one that is too narrow for ``MORE``."""


def fit(text: str, *, width: float, lines: int) -> str:
    """A clean text that takes no more than some lines, cut if it must be.

    :param width: of a line, in em; at least 2.
    """
    # What comes later is not looked at: no letter is narrower than a half.
    most = int(width * lines * 4)
    is_whole = len(text) <= most
    text = texts.clean(text[:most])
    if is_whole and texts.lines_of(text, width) <= lines:
        return texts.breakable(text, width)
    mark = MORE if texts.width_of(MORE) < width * lines / 2 else CUT
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if texts.lines_of(text[:middle] + mark, width) <= lines:
            low = middle
        else:
            high = middle - 1
    return texts.breakable(text[:low].rstrip() + mark, width)
