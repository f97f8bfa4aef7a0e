"""What a file is called, as people see it and as addresses hold it."""

import unicodedata

from portal.listings.attachment_models import LONGEST_FILE_NAME

SUFFIX = ".pdf"


def plain_name(given: str) -> str | None:
    """The name of a file as it was sent, made fit to be shown: without folders, and without
    characters that cannot be seen or that turn the direction of reading. None if it is no name of
    a PDF file."""
    last = given.replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character)[0] != "C"
    )
    stem, suffix = seen[: -len(SUFFIX)].strip(" 　."), seen[-len(SUFFIX) :]
    if suffix.lower() != SUFFIX or not stem:
        return None
    return stem[: LONGEST_FILE_NAME - len(SUFFIX)] + SUFFIX
