"""What may be wrong with the inside of a PDF."""

from enum import StrEnum


class Fault(StrEnum):
    """Why a file is not taken."""

    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    SCRIPT = "script"
    LAUNCH = "launch"
    EMBEDDED_FILE = "embedded_file"
    XFA = "xfa"
    RICH_MEDIA = "rich_media"
    BOMB = "bomb"
    TOO_HEAVY = "too_heavy"
